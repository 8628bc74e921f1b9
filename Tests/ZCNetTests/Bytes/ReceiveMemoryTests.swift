import Synchronization
import Testing

@testable import ZCNet

@Suite struct ReceiveMemoryTests {
    private static let page = 4096

    /// Plays a receive of `bytes` and lends the chunk.
    private func receive(
        _ bytes: [UInt8], into memory: inout ReceiveMemory, _ body: (borrowing ReceivedChunk) -> Void
    ) {
        let room = unsafe memory.prepare()
        unsafe room.copyBytes(from: bytes)
        body(memory.chunk(count: bytes.count))
        memory.recycle()
    }

    /// Where the next receive would begin.
    private func address(_ memory: inout ReceiveMemory) -> UInt {
        unsafe UInt(bitPattern: memory.prepare().baseAddress)
    }

    @Test func takesNothingBeforeItIsNeeded() {
        let pool = ChunkPool()
        let memory = ReceiveMemory(pool: pool)
        #expect(pool.outstandingCount == 0 && pool.madeCount == 0)
        #expect(memory.roomMinBytes == ReceiveMemory.defaultRoomMinBytes)
    }

    @Test func theSameBytesAreUsedAgainWhenNothingIsRetained() {
        let pool = ChunkPool()
        var memory = ReceiveMemory(pool: pool)
        let first = address(&memory)
        for round in 0..<100 {
            receive([UInt8](repeating: UInt8(round), count: 1_000), into: &memory) { chunk in
                let copy = chunk.copy()
                #expect(Array(copy) == [UInt8](repeating: UInt8(round), count: 1_000))
            }
            #expect(address(&memory) == first)
        }
        #expect(pool.madeCount == 1 && pool.takenCount == 1 && pool.outstandingCount == 1)
        withExtendedLifetime(memory) {}
    }

    @Test func preparingTwiceGivesTheSameRoom() {
        let pool = ChunkPool(chunkBytes: Self.page)
        var memory = ReceiveMemory(pool: pool, roomMinBytes: 1)
        let first = address(&memory)
        #expect(address(&memory) == first)
        let count = unsafe memory.prepare().count
        #expect(count == pool.chunkBytes)
    }

    @Test func retainedBytesAreNeverOverwritten() {
        let pool = ChunkPool(chunkBytes: 4 * Self.page, idleMax: 2)
        var memory = ReceiveMemory(pool: pool, roomMinBytes: 700)
        var kept: [(SharedBytes, UInt8)] = []
        for round in 0..<1_000 {
            let value = UInt8(truncatingIfNeeded: round)
            receive([UInt8](repeating: value, count: 1 + round % 700), into: &memory) { chunk in
                if round % 3 != 0 { kept.append((chunk.retain(0..<chunk.count / 2 + 1), value)) }
            }
            // The consumer is sometimes slow, sometimes done with everything.
            if round % 97 == 0 { kept.removeAll() }
            for (bytes, value) in kept.suffix(3) {
                #expect(Array(bytes) == [UInt8](repeating: value, count: bytes.count))
            }
        }
        for (bytes, value) in kept {
            #expect(Array(bytes) == [UInt8](repeating: value, count: bytes.count))
        }
        #expect(pool.madeCount < pool.takenCount, "returned chunks are used again")
    }

    @Test func aRetainedPartMovesTheNextReceiveBehindIt() {
        let pool = ChunkPool(chunkBytes: Self.page)
        var memory = ReceiveMemory(pool: pool, roomMinBytes: 1_024)
        let first = address(&memory)
        var kept = SharedBytes()
        receive([UInt8](repeating: 1, count: 100), into: &memory) { kept = $0.retain(3..<4) }
        #expect(address(&memory) == first + 128, "behind all that was shown, on the next cache line")
        #expect(UInt(bitPattern: unsafe kept.start) == first + 3)

        // Retaining ends: the next recycle goes back to the beginning.
        kept = SharedBytes()
        receive([2], into: &memory) { _ in }
        #expect(address(&memory) == first)
        #expect(pool.takenCount == 1)
    }

    @Test(arguments: [(3_072, true), (3_073, false), (4_096, false), (1, true)])
    func aChunkIsLeftWhenTooLittleRoomRemains(count: Int, stays: Bool) {
        let pool = ChunkPool(chunkBytes: Self.page)
        var memory = ReceiveMemory(pool: pool, roomMinBytes: 1_024)
        var kept: [SharedBytes] = []
        receive([UInt8](repeating: 7, count: count), into: &memory) { kept.append($0.retain()) }
        let room = unsafe memory.prepare().count
        #expect(room >= 1_024)
        #expect(pool.outstandingCount == (stays ? 1 : 2))
        #expect(Array(kept[0]).allSatisfy { $0 == 7 })
        withExtendedLifetime(memory) {}
    }

    @Test func severalViewsOfOneReceive() {
        let pool = ChunkPool(chunkBytes: Self.page)
        var memory = ReceiveMemory(pool: pool, roomMinBytes: 64)
        let start = address(&memory)
        var kept: [SharedBytes] = []
        let room = unsafe memory.prepare()
        unsafe room.copyBytes(from: 0..<200)
        kept.append(memory.chunk(count: 10).retain())
        kept.append(memory.chunk(count: 200).retain(150..<200))
        kept.append(memory.chunk(count: 5).extracting(1..<3).retain(1..<2))
        memory.recycle()
        #expect(address(&memory) == start + 256, "behind the longest view")
        #expect(Array(kept[0]) == Array(0..<10))
        #expect(Array(kept[1]) == Array(150..<200))
        #expect(Array(kept[2]) == [2])
    }

    @Test func misuseIsTrapped() async {
        await #expect(processExitsWith: .failure) { _ = ReceiveMemory(pool: ChunkPool(), roomMinBytes: 0) }
        await #expect(processExitsWith: .failure) {
            _ = ReceiveMemory(pool: ChunkPool(chunkBytes: 4096), roomMinBytes: 8193 * 8)
        }
        await #expect(processExitsWith: .failure) {
            var memory = ReceiveMemory(pool: ChunkPool())
            _ = memory.chunk(count: 0).count
        }
        await #expect(processExitsWith: .failure) {
            var memory = ReceiveMemory(pool: ChunkPool())
            let room = unsafe memory.prepare().count
            _ = memory.chunk(count: room + 1).count
        }
        await #expect(processExitsWith: .failure) {
            var memory = ReceiveMemory(pool: ChunkPool())
            _ = unsafe memory.prepare()
            _ = memory.chunk(count: -1).count
        }
    }

    @Test func inPlaceDecodingIsSeenByWhatIsRetained() {
        let pool = ChunkPool()
        var memory = ReceiveMemory(pool: pool)
        var kept = SharedBytes()
        receive([0xFF, 0x0F, 0x00], into: &memory) { chunk in
            unsafe chunk.withUnsafeMutableBytes { bytes in
                for index in bytes.indices { unsafe bytes[index] ^= 0xFF }
            }
            kept = chunk.retain()
        }
        #expect(Array(kept) == [0x00, 0xF0, 0xFF])
    }

    @Test func consumersOnOtherThreadsSeeTheirBytes() async {
        let pool = ChunkPool(chunkBytes: 4 * Self.page, idleMax: 3)
        var memory = ReceiveMemory(pool: pool, roomMinBytes: 600)
        let wrong = await withTaskGroup(of: Int.self) { group in
            var wrong = 0
            for round in 0..<2_000 {
                let value = UInt8(truncatingIfNeeded: round)
                let room = unsafe memory.prepare()
                unsafe room.prefixBytes(500).initializeMemory(as: UInt8.self, repeating: value)
                let kept = memory.chunk(count: 500).retain(10..<490)
                memory.recycle()
                group.addTask {
                    var wrong = 0
                    for offset in 0..<kept.count where kept[offset] != value { wrong += 1 }
                    return wrong
                }
                if round % 16 == 15 { for _ in 0..<16 { wrong += await group.next() ?? 0 } }
            }
            for await more in group { wrong += more }
            return wrong
        }
        #expect(wrong == 0)
        #expect(pool.madeCount < pool.takenCount)
    }
}

extension UnsafeMutableRawBufferPointer {
    fileprivate func prefixBytes(_ count: Int) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: self[0..<count])
    }
}
