import Testing

@testable import ZCNet

@Suite struct WriteBufferTests {
    private func content(_ buffer: borrowing WriteBuffer) -> [UInt8] { [UInt8](copying: buffer.bytes) }

    @Test func beginsWithoutMemory() {
        let buffer = WriteBuffer()
        let state = (buffer.count, buffer.capacity, buffer.isEmpty, buffer.limit)
        #expect(state == (0, 0, true, WriteBuffer.defaultLimit))
        #expect(content(buffer) == [])
    }

    @Test func writesIntegersOfBothOrders() throws {
        var buffer = WriteBuffer()
        try buffer.append(0x01 as UInt8)
        try buffer.append(0x0203 as UInt16, .bigEndian)
        try buffer.append(0x0203 as UInt16, .littleEndian)
        try buffer.append(-2 as Int32, .bigEndian)
        try buffer.append(0x0102_0304_0506_0708 as UInt64, .littleEndian)
        #expect(
            content(buffer) == [1, 2, 3, 3, 2, 0xFF, 0xFF, 0xFF, 0xFE, 8, 7, 6, 5, 4, 3, 2, 1])
    }

    /// It is of a module below, which users need not import.
    @Test(arguments: [ByteOrder.bigEndian, .littleEndian])
    func theOrderOfBytesHasAName(_ order: ByteOrder) throws {
        var buffer = WriteBuffer()
        try buffer.append(1 as UInt16, order)
        #expect(content(buffer) == (order == .bigEndian ? [0, 1] : [1, 0]))
    }

    @Test func writesFloats() throws {
        var buffer = WriteBuffer()
        try buffer.append(1.0 as Float, .bigEndian)
        try buffer.append(-2.0 as Double, .littleEndian)
        #expect(content(buffer) == [0x3F, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0])
    }

    @Test func writesBytesOfEveryKind() throws {
        var buffer = WriteBuffer()
        let shared = SharedBytes("shared " as StaticString)
        try buffer.append(shared)
        try buffer.append(shared.bytes)
        try buffer.append(shared.span)
        try buffer.append("text ".utf8)
        try buffer.append("literal" as StaticString)
        try buffer.append("".utf8)
        try buffer.append(SharedBytes())
        #expect(content(buffer) == Array("shared shared shared text literal".utf8))
    }

    @Test func reservedPlacesArePatched() throws {
        var buffer = WriteBuffer()
        try buffer.append(9 as UInt8)
        let place = try buffer.reserve(4)
        #expect(place == 1..<5)
        try buffer.append("body".utf8)
        #expect(content(buffer) == [9, 0, 0, 0, 0] + Array("body".utf8))
        try buffer.patch(UInt32(buffer.count), at: place.lowerBound, .bigEndian)
        let replacement = SharedBytes("BO" as StaticString)
        try buffer.patch(replacement.bytes, at: 5)
        #expect(content(buffer) == [9, 0, 0, 0, 9] + Array("BOdy".utf8))
        let nothing = try buffer.reserve(0)
        #expect(nothing == 9..<9)
    }

    @Test func patchesOutsideAreRefused() throws {
        var buffer = WriteBuffer()
        let nothing = SharedBytes()
        try buffer.patch(nothing.bytes, at: 0)
        try buffer.append(0x1111_1111 as UInt32, .bigEndian)
        for offset in [1, 4, -1, Int.max, Int.max - 1, Int.min] {
            var failure: WriteBufferError?
            do { try buffer.patch(0 as UInt32, at: offset, .bigEndian) } catch { failure = error }
            #expect(failure?.code == .outOfBounds && failure?.expected == 4, "offset \(offset)")
        }
        try buffer.patch(nothing.bytes, at: 4)
        try buffer.patch(0x22 as UInt8, at: 3, .bigEndian)
        #expect(content(buffer) == [0x11, 0x11, 0x11, 0x22])
    }

    @Test func theLimitHoldsAndNothingIsHalfWritten() throws {
        for limit in 0...10 {
            var buffer = WriteBuffer(limit: limit)
            var expected: [UInt8] = []
            var failures = 0
            for value in 1...6 as ClosedRange<UInt16> {
                do {
                    try buffer.append(value, .bigEndian)
                    expected += [0, UInt8(value)]
                } catch {
                    failures += 1
                    #expect(error.code == .limitExceeded && error.expected == limit)
                    #expect(error.got == expected.count + 2)
                }
            }
            #expect(failures == 6 - min(6, limit / 2))
            #expect(content(buffer) == expected)
            let (count, capacity) = (buffer.count, buffer.capacity)
            #expect(count <= limit && capacity <= limit)
            if limit % 2 == 1 { try buffer.append(7 as UInt8) }
        }
    }

    @Test func oversizedRequestsAreRefused() throws {
        var buffer = WriteBuffer(limit: 8)
        try buffer.append("12345678".utf8)
        #expect(throws: WriteBufferError(.limitExceeded, expected: 8, got: 9)) { try buffer.append("9".utf8) }
        #expect(throws: WriteBufferError(.limitExceeded, expected: 8, got: .max)) {
            _ = try buffer.reserve(.max)
        }
        #expect(content(buffer) == Array("12345678".utf8))
        let error = WriteBufferError(.limitExceeded, expected: 8, got: 9)
        #expect(error.description == "limit exceeded: expected at most 8 bytes, got 9")
    }

    @Test func memoryThatTheSystemLacksIsAnError() throws {
        var buffer = WriteBuffer(limit: .max)
        try buffer.append("kept".utf8)
        do {
            try buffer.ensureRoom(for: Int.max / 2)
            Issue.record("half of the address space was allocated")
        } catch {
            #expect(error.code == .outOfMemory)
        }
        #expect(content(buffer) == Array("kept".utf8))
    }

    @Test func growthIsGeometric() throws {
        var buffer = WriteBuffer(limit: 1 << 20)
        var capacities: Set<Int> = []
        for value in 0..<(1 << 17) {
            try buffer.append(UInt64(value), .littleEndian)
            capacities.insert(buffer.capacity)
        }
        #expect(capacities.count <= 13 && capacities.max() == 1 << 20)
        let frozen = buffer.freeze()
        let middle = ReceivedChunk(frozen.bytes).load(as: UInt64.self, at: 8 * 77_777, .littleEndian)
        #expect(middle == 77_777)
    }

    @Test func clearingKeepsOrFreesTheMemory() throws {
        var buffer = WriteBuffer()
        try buffer.append("first".utf8)
        let capacity = buffer.capacity
        buffer.clear()
        var state = (buffer.count, buffer.capacity)
        #expect(state == (0, capacity))
        try buffer.append("second".utf8)
        #expect(content(buffer) == Array("second".utf8))
        buffer.clear(keepingCapacity: false)
        state = (buffer.count, buffer.capacity)
        #expect(state == (0, 0))
        try buffer.append("third".utf8)
        #expect(content(buffer) == Array("third".utf8))
    }

    @Test func freezingCopiesNothing() throws {
        var buffer = WriteBuffer()
        try buffer.append("frozen".utf8)
        let address = unsafe UnsafeRawPointer(buffer.start)
        let frozen = buffer.freeze()
        #expect(frozen == SharedBytes("frozen" as StaticString))
        let isSame = unsafe frozen.start == address
        #expect(isSame)
        #expect(WriteBuffer().freeze().isEmpty)
        var cleared = WriteBuffer()
        try cleared.append("x".utf8)
        cleared.clear()
        let nothing = cleared.freeze()
        #expect(nothing.isEmpty && nothing.owner == nil)
    }

    @Test func misuseIsTrapped() async {
        await #expect(processExitsWith: .failure) { _ = WriteBuffer(limit: -1).limit }
        await #expect(processExitsWith: .failure) {
            var buffer = WriteBuffer()
            _ = try buffer.reserve(-1)
        }
    }
}
