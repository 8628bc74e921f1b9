import SBEVectors
import Testing
import ZCSBEServer

@testable import ZCSBE

/// Where encoders write and read in a buffer, and what they refuse; and views, in the same bytes.
@Suite struct EncoderPlaceTests {
    private typealias Car = BenchCarVectors.Car

    /// Writes a small car, and looks at what was written before it is finished.
    private func write(_ raw: inout MutableRawSpan, at position: Int) throws -> Int {
        try Car.encode(into: &raw, from: position) { car in
            car.serialNumber = 0x0102_0304
            car.someNumbers = [1, -2, 3, -4, 5]
            try car.vehicleCode.set("abc")
            car.engine.numCylinders = 4
            // The macro would keep its operands, which encoders do not let it.
            let (serial, cylinders) = (car.serialNumber, car.engine.numCylinders)
            let numbers = car.someNumbers
            let read = (0..<5).map { numbers[$0] }
            #expect(serial == 0x0102_0304 && cylinders == 4)
            #expect(read == [1, -2, 3, -4, 5])
            return try car.group(.fuelFigures) { _ in }.group(.performanceFigures) { _ in }
                .data(.manufacturer, "Honda").data(.model, "Civic").finish()
        }
    }

    private func car() throws -> [UInt8] {
        var memory = [UInt8](repeating: 0xAA, count: 256)
        var span = memory.mutableSpan
        var raw = unsafe span.mutableBytes
        let count = try write(&raw, at: 0)
        return Array(memory[..<count])
    }

    /// Wherever a message begins, it has the same bytes, and takes the room that it needs.
    @Test func aMessageBeginsWhereItIsTold() throws {
        let expected = try car()
        for position in 0...9 {
            // Just as much room as there must be.
            var memory = [UInt8](repeating: 0xAA, count: position + expected.count)
            var span = memory.mutableSpan
            var raw = unsafe span.mutableBytes
            #expect(try write(&raw, at: position) == expected.count)
            #expect(Array(memory[position...]) == expected)
            #expect(memory[..<position].allSatisfy { $0 == 0xAA })
            var view = 0
            let decoded = try Car.decode(memory.span, from: position)
            for index in decoded.someNumbers.indices { view += Int(decoded.someNumbers[index]) }
            let isSame = decoded.vehicleCode == "abc" && decoded.model == "Civic" && view == 3
            #expect(isSame && decoded.engine.numCylinders == 4)
        }
    }

    @Test func whatHasNoRoomIsRefused() throws {
        let whole = try car().count
        for position in [0, 5] {
            for room in 0..<whole {
                var memory = [UInt8](repeating: 0xAA, count: position + room)
                var span = memory.mutableSpan
                var raw = unsafe span.mutableBytes
                var refusal: SBEError?
                do { _ = try write(&raw, at: position) } catch { refusal = error as? SBEError }
                #expect(refusal?.code == .noRoom && refusal?.got == room, "\(room) at \(position)")
                let isBlock = room < Car.Schema.header.size + Car.blockLength
                #expect(!isBlock || refusal?.expected == Car.Schema.header.size + Car.blockLength)
            }
        }
    }

    /// Cut anywhere, wherever it begins, a message is refused rather than read beyond its bytes.
    @Test func viewsKeepToTheirBytesWhereverTheyBegin() throws {
        let whole = try car()
        for position in 0...3 {
            let bytes = [UInt8](repeating: 1, count: position) + whole
            for end in position..<bytes.count {
                #expect(throws: SBEError.self, "\(end)") {
                    _ = try Car.decode(bytes.span.extracting(0..<end), from: position)
                }
            }
            var place = position
            _ = try Car.decode(bytes.span, advancing: &place)
            #expect(place == bytes.count)
        }
    }

    /// Writes a trade into 64 bytes, from somewhere, and says that it ends there, or at `end`.
    private static func trade(from position: Int, end: Int? = nil) throws {
        var memory = [UInt8](repeating: 0, count: 64)
        var span = memory.mutableSpan
        var raw = unsafe span.mutableBytes
        _ = try Trade.encode(into: &raw, from: position) { trade in
            if let end { return SBEWritten(end: end) }
            return trade.finish()
        }
    }

    private static func view(from position: Int) throws {
        let bytes = [UInt8](repeating: 0, count: 64)
        _ = try Trade.decode(bytes.span, from: position)
    }

    @Test func placesOutsideAreAMistake() async throws {
        try Self.trade(from: 64 - 29)
        #expect(throws: SBEError.self) { try Self.trade(from: 64) }
        #expect(throws: SBEError.self) { try Self.view(from: 64) }
        await #expect(processExitsWith: .failure) { try? Self.trade(from: -1) }
        await #expect(processExitsWith: .failure) { try? Self.trade(from: 65) }
        await #expect(processExitsWith: .failure) { try? Self.view(from: -1) }
        await #expect(processExitsWith: .failure) { try? Self.view(from: 65) }
    }

    /// An end that is not in the buffer, or before the header's, is not this message's.
    @Test func theEndOfAnotherMessageIsAMistake() async throws {
        try Self.trade(from: 1, end: 63)
        try Self.trade(from: 1, end: 8)
        await #expect(processExitsWith: .failure) { try? Self.trade(from: 1, end: 64) }
        await #expect(processExitsWith: .failure) { try? Self.trade(from: 1, end: 7) }
    }

    /// Headers of eight bytes, each with one thing that is not as the standard recommends.
    @Test func onlyTheRecommendedHeaderIsStandard() {
        #expect(SBEHeaderLayout.standard.isStandard)
        let places = [0, 2, 4, 6]
        func layout(
            size: Int = 8, _ change: (Int, SBEWireInteger)? = nil, groups: SBEWireInteger? = nil,
            data: SBEWireInteger? = nil
        ) -> SBEHeaderLayout {
            var parts = places.map { SBEWireInteger($0, 2) }
            if let change { parts[change.0] = change.1 }
            return SBEHeaderLayout(
                size: size, blockLength: parts[0], templateID: parts[1], schemaID: parts[2],
                version: parts[3], groups: groups, data: data)
        }
        #expect(layout().isStandard)
        #expect(!layout(size: 9).isStandard && !layout(size: 7).isStandard)
        #expect(!layout(groups: SBEWireInteger(8, 2)).isStandard)
        #expect(!layout(data: SBEWireInteger(8, 2)).isStandard)
        for (index, place) in places.enumerated() {
            #expect(!layout((index, SBEWireInteger(place, 1))).isStandard)
            #expect(!layout((index, SBEWireInteger(place, 4))).isStandard)
            #expect(!layout((index, SBEWireInteger(place == 6 ? 0 : place + 2, 2))).isStandard)
            #expect(!layout((index, SBEWireInteger(place, 2, constant: 1))).isStandard)
        }
    }

    @Test func errorsAreEqualWhereTheySayTheSame() {
        let one = SBEError(.noRoom, at: "a", expected: 1, got: 2)
        let others = [
            SBEError(.textTooLong, at: "a", expected: 1, got: 2),
            SBEError(.noRoom, at: "b", expected: 1, got: 2),
            SBEError(.noRoom, at: "a", expected: 2, got: 2), SBEError(.noRoom, at: "a", expected: 1, got: 1),
        ]
        #expect(one == SBEError(.noRoom, at: "a", expected: 1, got: 2))
        #expect(others.allSatisfy { $0 != one } && Set(others + [one, one]).count == 5)
    }
}
