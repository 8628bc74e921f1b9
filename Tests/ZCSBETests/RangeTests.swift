import SBEVectors
import Testing
import ZCSBE

/// Values outside of their ranges are taken as they are, and reported on request.
@Suite struct RangeTests {
    private typealias Ranged = LimitsVectors.Ranged

    private func good() -> Ranged.Value {
        var value = Ranged.Value()
        value.side = .buy
        value.code = "abcd"
        value.late = 0
        value.legs = [.init(), .init()]
        return value
    }

    @Test func nothingToReport() throws {
        var value = good()
        #expect(value.outOfRange.isEmpty)
        value.percent = 100
        value.maybe = 100
        value.odds = -1.5
        value.triple = [0, 1000, 1]
        value.plain = 254
        value.price.mantissa = 999_999
        #expect(value.outOfRange.isEmpty)
        // Nothing of a version that is not there.
        value.late = nil
        #expect(value.outOfRange.isEmpty)
    }

    @Test func everyKindIsReportedWithItsPlace() throws {
        var value = good()
        value.percent = 101
        value.maybe = -1
        value.odds = .nan
        value.triple = [1001, 0, 65535]
        value.plain = 255
        value.code = SBEOctets([0x41, 0x7F])
        value.side = .unknown(0x58)
        value.price.mantissa = 1_000_000
        value.price.chance = -128
        value.late = -1
        value.legs[1].share = 101
        let expected = [
            "percent: expected 0...100, got 101", "maybe: expected 0...100, got -1",
            "odds: expected -1.5...1.5, got nan", "triple[0]: expected 0...1000, got 1001",
            "triple[2]: expected 0...1000, got 65535",
            "code: expected printable characters of US-ASCII, got byte 127",
            "plain: expected 0...254, got 255",
            "side: expected a listed value, got 88",
            "price.mantissa: expected -2147483647...999999, got 1000000",
            "price.chance: expected 0...100, got -128", "late: expected 0...100, got -1",
            "legs[1].share: expected 0...100, got 101",
        ]
        #expect(value.outOfRange.map(\.description) == expected)
        // The wire keeps them, and decoding changes none. The NaN is compared by its report.
        let bytes = try value.encoded()
        let again = try Ranged.Value(decoding: bytes.span)
        #expect(again.outOfRange.map(\.description) == expected)
    }

    @Test func nullIsNoValueOfARequiredEnumeration() {
        var value = good()
        value.side = .null
        #expect(value.outOfRange.map(\.description) == ["side: expected a listed value, got null"])
    }

    @Test func nullIsWithinAnOptionalsRange() {
        var value = CarExtVectors.Car.Value()
        value.uuid = [.min, 1]
        #expect(value.cupHolderCount == nil)
        #expect(!value.outOfRange.contains { $0.path == "cupHolderCount" || $0.path.hasPrefix("uuid") })
        #expect(value.outOfRange.contains { $0.path == "code" && $0.got == "null" })
    }

    /// The null of a composite is that of its first member, though that is not optional by itself.
    @Test func anOptionalCompositeIsNullUnlessItIsSet() throws {
        var value = good()
        let bytes = try value.encoded()
        // Behind eight bytes of header and 24 of other fields.
        #expect(Array(bytes[32..<37]) == [0x80, 0, 0, 0, 0])
        let again = try Ranged.Value(decoding: bytes.span)
        #expect(again.offer?.mantissa == Int32.min && again.outOfRange.isEmpty)
        value.offer = .init()
        #expect(value.outOfRange.isEmpty)
        value.offer?.chance = 101
        #expect(value.outOfRange.map(\.path) == ["offer.chance"])
        // That of a required composite is a value like others, and outside of its range.
        value.price.mantissa = .min
        #expect(value.outOfRange.map(\.path) == ["price.mantissa", "offer.chance"])
    }

    @Test func constantsAreRead() throws {
        let bytes = try good().encoded()
        let view = try Ranged.decode(bytes.span)
        #expect(view.padded == "Hi" && view.latin == "né")
        let json = try Ranged.Value(decoding: bytes.span).json
        #expect(json.contains(#""padded": {"text": "Hi", "hex": "48690000"}"#))
        #expect(json.contains(#""latin": {"text": "né", "hex": "6ee9"}"#))
    }
}
