import SBEVectors
import Testing
import ZCSBE
import ZCSBEServer

/// Twins are equal where every bit of what they hold is.
struct TwinEqualityTests {
    @Test func floatsAreComparedByTheirBits() {
        var (one, other) = (Trade.Value(), Trade.Value())
        #expect(one == other)
        one.price = .nan
        #expect(one != other)
        other.price = .nan
        #expect(one == other)
        one.price = 0
        other.price = -0.0
        #expect(one != other)
    }

    /// What stands beside each other in one twin must not pass for something else in another.
    @Test func partsDoNotRunIntoEachOther() {
        var (one, other) = (CarVectors.Car.Value(), CarVectors.Car.Value())
        one.manufacturer = "ab"
        one.model = "c"
        other.manufacturer = "a"
        other.model = "bc"
        #expect(one != other)
        other = one
        #expect(one == other)
        one.fuelFigures = [CarVectors.Car.FuelFigures.Value()]
        #expect(one != other)
        other.fuelFigures = one.fuelFigures
        #expect(one == other)
        other.fuelFigures[0].speed = 1
        #expect(one != other)
    }

    /// Nil is another value than the one whose bits stand for it, and an unlisted number than a listed value.
    @Test func nilIsNoValue() {
        var (one, other) = (CarExtVectors.Car.Value(), CarExtVectors.Car.Value())
        #expect(one == other)
        one.cupHolderCount = 255
        #expect(one != other)
        other.cupHolderCount = 255
        #expect(one == other)
        one.code = .a
        other.code = .unknown(one.code.sbeBits)
        #expect(one != other)
    }
}
