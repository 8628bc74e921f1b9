import Testing

@testable import ZCNet

@Suite struct ReceivedChunkTests {
    /// A chunk over memory that cannot be kept, as for a message that was gathered in a carry buffer.
    private func withForeignChunk(_ bytes: [UInt8], _ body: (borrowing ReceivedChunk) -> Void) {
        let owner = SharedBytes(copying: bytes)
        body(ReceivedChunk(owner.bytes))
    }

    @Test func showsTheBytes() {
        withForeignChunk([1, 2, 3]) { chunk in
            let (count, isEmpty, second) = (chunk.count, chunk.isEmpty, chunk.span[1])
            #expect(count == 3 && !isEmpty && second == 2)
            let all = [UInt8](copying: chunk.bytes)
            #expect(all == [1, 2, 3])
        }
        withForeignChunk([]) { chunk in
            let (isEmpty, retained, copied) = (chunk.isEmpty, chunk.retain(), chunk.copy())
            #expect(isEmpty && retained.isEmpty && copied.isEmpty)
        }
    }

    @Test func retainingForeignMemoryCopies() {
        var kept: [SharedBytes] = []
        withForeignChunk([1, 2, 3, 4]) { chunk in
            kept = [chunk.retain(), chunk.retain(1..<3), chunk.copy(), chunk.extracting(2..<4).retain()]
            for bytes in kept { #expect(bytes.owner is HeapBytes) }
        }
        #expect(kept.map { Array($0) } == [[1, 2, 3, 4], [2, 3], [1, 2, 3, 4], [3, 4]])
    }

    @Test func loadsIntegersOfBothOrders() {
        withForeignChunk([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0xF9]) { chunk in
            let values: [UInt64?] = [
                chunk.load(as: UInt8.self, at: 8, .bigEndian).map(UInt64.init),
                chunk.load(as: UInt16.self, at: 1, .bigEndian).map(UInt64.init),
                chunk.load(as: UInt16.self, at: 1, .littleEndian).map(UInt64.init),
                chunk.load(as: UInt32.self, at: 3, .bigEndian).map(UInt64.init),
                chunk.load(as: UInt32.self, at: 3, .littleEndian).map(UInt64.init),
                chunk.load(as: UInt64.self, at: 0, .bigEndian),
                chunk.load(as: UInt64.self, at: 0, .littleEndian),
            ]
            #expect(
                values == [
                    0xF9, 0x0203, 0x0302, 0x0405_0607, 0x0706_0504, 0x0102_0304_0506_0708,
                    0x0807_0605_0403_0201,
                ])
            let signed = chunk.load(as: Int8.self, at: 8, .bigEndian)
            #expect(signed == -7)
        }
    }

    @Test func loadsEndAtTheBounds() {
        for count in 0...9 {
            withForeignChunk([UInt8](repeating: 0xAA, count: count)) { chunk in
                for offset in [-1, 0, 1, 7, 8, 9, 10, Int.max - 3, Int.max, Int.min] {
                    let isInside = offset >= 0 && offset <= 9 && offset + 4 <= count
                    let value = chunk.load(as: UInt32.self, at: offset, .littleEndian)
                    #expect((value != nil) == isInside, "\(count) bytes, offset \(offset)")
                }
                let wide = chunk.load(as: UInt64.self, at: 1, .bigEndian)
                #expect((wide != nil) == (count == 9))
            }
        }
    }

    @Test func rangesAreChecked() async {
        await #expect(processExitsWith: .failure) {
            let owner = SharedBytes("abc" as StaticString)
            _ = ReceivedChunk(owner.bytes).retain(1..<4)
        }
        await #expect(processExitsWith: .failure) {
            let owner = SharedBytes("abc" as StaticString)
            _ = ReceivedChunk(owner.bytes).extracting(2..<4).count
        }
    }
}
