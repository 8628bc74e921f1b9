import SBEVectors
import Testing
import ZCSBE

/// The generated car, read through its views alone, of messages that are cut, flipped or lying.
@Suite struct CarRobustnessTests {
    private typealias Car = BenchCarVectors.Car

    private static let message: [UInt8] = {
        var car = Car.Value()
        car.serialNumber = 1234
        car.someNumbers = [1, 2, 3, 4, 5]
        car.vehicleCode = "abcdef"
        car.fuelFigures = Array(repeating: .init(), count: 3)
        for count in 0..<3 {
            var figure = Car.PerformanceFigures.Value()
            figure.acceleration = Array(repeating: .init(), count: count)
            car.performanceFigures.append(figure)
        }
        car.manufacturer = "Honda"
        car.model = "Civic VTi"
        return (try? car.encoded()) ?? []
    }()

    /// Reads every field in every way that the views offer, and says how many bytes the message took.
    private func read(_ bytes: [UInt8]) throws(SBEError) -> Int {
        let car = try Car.decode(bytes.span)
        var sum = UInt64(car.serialNumber) &+ UInt64(car.modelYear) &+ UInt64(car.available.sbeBits)
        sum &+= UInt64(car.code.sbeBits) &+ UInt64(car.extras.rawValue)
        let numbers = car.someNumbers
        for index in numbers.indices { sum &+= UInt64(truncatingIfNeeded: numbers[index]) }
        sum &+= UInt64(car.vehicleCode.count + car.vehicleCode.text.utf8.count)
        sum &+= UInt64(car.engine.capacity) &+ UInt64(car.engine.numCylinders)
        sum &+= UInt64(car.engine.manufacturerCode.text.utf8.count) &+ UInt64(car.engine.maxRpm)
        let figures = car.fuelFigures
        for index in 0..<figures.count { sum &+= UInt64(figures[index].speed) }
        car.fuelFigures.forEach { sum &+= UInt64($0.mpg.bitPattern) }
        var performances = car.performanceFigures
        while let performance = performances.next() {
            sum &+= UInt64(performance.octaneRating)
            performance.acceleration.forEach { sum &+= UInt64($0.mph) &+ UInt64($0.seconds.bitPattern) }
        }
        sum &+= UInt64(car.manufacturer.text.utf8.count + car.model.bytes.byteCount)
        sum &+= UInt64(car.encodedBytes.byteCount)
        // Kept, so that no read is left out.
        withExtendedLifetime(sum) {}
        return Car.Schema.header.size + car.encodedLength
    }

    @Test func theWholeMessageIsRead() throws {
        #expect(Self.message.count > 100)
        #expect(try read(Self.message) == Self.message.count)
        #expect(try read(Self.message + [1, 2, 3]) == Self.message.count)
    }

    @Test func everyPrefixIsRefused() {
        for count in 0..<Self.message.count {
            #expect(throws: SBEError.self, "cut to \(count)") { _ = try read(Array(Self.message[..<count])) }
        }
    }

    @Test func everyFlippedBitIsAnErrorOrAMessageWithinTheBytes() {
        for bit in 0..<Self.message.count * 8 {
            var bytes = Self.message
            bytes[bit / 8] ^= 1 << (bit % 8)
            if let length = try? read(bytes) { #expect(length <= bytes.count, "bit \(bit)") }
        }
    }

    /// Lengths and counts that lie, alone and in pairs: each place takes the values at the edges.
    @Test func lyingOctetsAreAnErrorOrAMessageWithinTheBytes() {
        let places = Array(0..<Self.message.count)
        for place in places {
            for value in [0, 1, 0x7F, 0x80, 0xFE, 0xFF] as [UInt8] {
                var bytes = Self.message
                bytes[place] = value
                if place + 1 < bytes.count { bytes[place + 1] = value }
                if let length = try? read(bytes) { #expect(length <= bytes.count, "octet \(place)") }
            }
        }
    }

    @Test func aBlockShorterThanItsVersionIsRefused() {
        var bytes = Self.message
        bytes[0] -= 1
        let error = #expect(throws: SBEError.self) { _ = try read(bytes) }
        #expect(error?.code == .blockTooShort)
    }
}
