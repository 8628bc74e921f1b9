import SBEVectors
import Testing
import ZCSBEServer

@testable import ZCSBE

/// The edges of blocks and messages, asked of the parts that generated code calls.
@Suite struct BlockEdgeTests {
    private typealias Car = CarVectors.Car

    /// Stores a null value of that width in a block of eight bytes, with as many before and behind it.
    private static func null(_ width: Int, at offset: Int) -> [UInt8] {
        var memory = [UInt8](repeating: 0, count: 24)
        unsafe memory.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return }
            let nulls = unsafe SBENulls(start + 8, 8)
            switch width {
            case 1: nulls._store8(0x01, offset)
            case 2: nulls._store16(0x0201, offset)
            case 4: nulls._store32(0x0403_0201, offset)
            default: nulls._store64(0x0807_0605_0403_0201, offset)
            }
        }
        return memory
    }

    /// The lowest byte first, from the first place of the block to the last that has room.
    @Test func nullsStandWhereTheyAreTold() {
        for width in [1, 2, 4, 8] {
            for offset in 0...8 - width {
                var expected = [UInt8](repeating: 0, count: 24)
                for index in 0..<width { expected[8 + offset + index] = UInt8(index + 1) }
                #expect(Self.null(width, at: offset) == expected, "\(width) at \(offset)")
            }
        }
    }

    @Test func nullsOutsideOfTheirBlockAreAMistake() async {
        await #expect(processExitsWith: .failure) { _ = Self.null(1, at: -1) }
        await #expect(processExitsWith: .failure) { _ = Self.null(1, at: 8) }
        await #expect(processExitsWith: .failure) { _ = Self.null(2, at: -1) }
        await #expect(processExitsWith: .failure) { _ = Self.null(2, at: 7) }
        await #expect(processExitsWith: .failure) { _ = Self.null(4, at: -1) }
        await #expect(processExitsWith: .failure) { _ = Self.null(4, at: 5) }
        await #expect(processExitsWith: .failure) { _ = Self.null(8, at: -1) }
        await #expect(processExitsWith: .failure) { _ = Self.null(8, at: 1) }
    }

    /// How many bytes there are behind a place of eight bytes, and the first of them.
    private static func rest(from position: Int) -> (count: Int, first: Int?) {
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        let rest = unsafe SBEExtent(bytes.span.bytes, from: 0).dropping(position)
        let first = rest.count > 0 ? rest.unsigned(SBEWireInteger(0, 1), from: 0, Trade.Schema.self) : nil
        return (rest.count, first)
    }

    @Test func whatIsDroppedLiesWithinTheMessage() async {
        for position in 0...8 {
            let rest = Self.rest(from: position)
            #expect(rest.count == 8 - position && rest.first == (position < 8 ? position + 1 : nil))
        }
        await #expect(processExitsWith: .failure) { _ = Self.rest(from: -1) }
        await #expect(processExitsWith: .failure) { _ = Self.rest(from: 9) }
    }

    /// A view of so many bytes of eight.
    private static func view(of length: Int) -> Int {
        let bytes = [UInt8](repeating: 0, count: 8)
        let extent = unsafe SBEExtent(bytes.span.bytes, from: 0)
        return SBEView<Trade>(extent, length: length, tail: 0, end: 0).actingBlockLength
    }

    @Test func aBlockLiesWithinItsMessage() async {
        #expect(Self.view(of: 0) == 0 && Self.view(of: 8) == 8)
        await #expect(processExitsWith: .failure) { _ = Self.view(of: -1) }
        await #expect(processExitsWith: .failure) { _ = Self.view(of: 9) }
    }

    /// A twin's fields go into a block; its groups and data do not, however many they are.
    @Test func onlyFieldsAreStoredInABlock() throws {
        var value = Car.Value()
        (value.serialNumber, value.modelYear) = (7, 2026)
        let empty = try value.encoded()
        value.manufacturer = SBEOctets(String(repeating: "m", count: 200))
        value.fuelFigures = Array(repeating: .init(), count: 100)
        // As much room as the message takes without them.
        var memory = [UInt8](repeating: 0xAA, count: empty.count)
        var span = memory.mutableSpan
        var raw = unsafe span.mutableBytes
        let count = try Car.encode(into: &raw) { car in
            try value.store(in: car)
            return try car.group(.fuelFigures) { _ in }.group(.performanceFigures) { _ in }
                .data(.manufacturer, "").data(.model, "").data(.activationCode, "").finish()
        }
        #expect(count == empty.count && memory == empty)
    }
}

/// Composites where twins are written by hand: they keep to the block that they lie in.
@Suite struct CompositeEdgeTests {
    /// The first byte of a composite of two.
    private struct Half: SBEValue {
        typealias Block = CarVectors.Booster
        var first: UInt8 = 0

        mutating func _visit(_ visitor: inout SBEVisitor) { visitor.number(&first, "first", 0) }
    }

    /// A twin of a trade whose only field is that composite.
    private struct Whole: SBEValue {
        typealias Block = Trade
        var half = Half()
        var offset = 0

        mutating func _visit(_ visitor: inout SBEVisitor) { visitor.composite(&half, "half", offset) }
    }

    /// What a sender of an older version has of a composite may end before all that is known of it now.
    @Test func aReceivedCompositeMayBeShorter() {
        let bytes: [UInt8] = [9]
        let extent = unsafe SBEExtent(bytes.span.bytes, from: 0)
        let view = SBEView<Trade>(extent, length: 1, tail: 1, end: 1)
        #expect(Whole(view).half.first == 9)
    }

    private static func store(at offset: Int) {
        var whole = Whole()
        (whole.offset, whole.half.first) = (offset, 1)
        _ = try? whole.encoded()
    }

    @Test func aCompositeOutsideOfItsBlockIsAMistake() async {
        await #expect(processExitsWith: .success) { Self.store(at: Trade.blockLength - 2) }
        await #expect(processExitsWith: .failure) { Self.store(at: Trade.blockLength - 1) }
        await #expect(processExitsWith: .failure) { Self.store(at: -1) }
    }
}
