import Testing

@testable import ZCNet
@testable import ZCNetTesting

@Suite struct ByteRingTests {
    private func write(_ bytes: [UInt8], to ring: inout ByteRing) throws {
        let shared = SharedBytes(copying: bytes)
        try ring.write(shared.bytes)
    }

    private func content(_ ring: borrowing ByteRing) -> [UInt8] {
        let contents = ring.peek()
        return [UInt8](copying: contents.first) + [UInt8](copying: contents.second)
    }

    private func linearised(_ ring: inout ByteRing, _ count: Int) -> [UInt8] {
        [UInt8](copying: ring.linearise(count))
    }

    /// A ring whose memory of 512 bytes begins to be used at `head` and holds `bytes`.
    private func wrappedRing(head: Int, _ bytes: [UInt8]) throws -> ByteRing {
        var ring = ByteRing(limit: 512)
        try write([UInt8](repeating: 0xEE, count: head + 1), to: &ring)
        ring.discard(head)
        // One byte stays meanwhile, or the ring would begin at the front again.
        try write(Array(bytes.prefix(511 - head)), to: &ring)
        ring.discard(1)
        if bytes.count > 511 - head { try write(Array(bytes.dropFirst(511 - head)), to: &ring) }
        return ring
    }

    @Test func beginsWithoutMemory() {
        let ring = ByteRing(limit: 100)
        let state = (ring.count, ring.capacity, ring.isEmpty, ring.freeCount)
        #expect(state == (0, 0, true, 100))
        #expect(content(ring) == [])
    }

    @Test func bytesComeOutInOrder() throws {
        var ring = ByteRing()
        try write([1, 2, 3], to: &ring)
        try write([], to: &ring)
        try write([4, 5], to: &ring)
        #expect(content(ring) == [1, 2, 3, 4, 5])
        ring.discard(2)
        #expect(content(ring) == [3, 4, 5])
        let some = ring.peek(2).copy()
        #expect(Array(some) == [3, 4])
        let more = ring.peek(10).copy()
        #expect(Array(more) == [3, 4, 5])
        ring.discard(3)
        ring.discard(0)
        let state = (ring.count, ring.head)
        #expect(state == (0, 0))
    }

    /// Reads the bytes 1 to 8 in every way, wherever the pieces part.
    private func checkEight(_ contents: ByteRing.Contents, _ bytes: [UInt8]) {
        let loads = (
            contents.load(as: UInt64.self, at: 0, .bigEndian),
            contents.load(as: UInt32.self, at: 2, .bigEndian),
            contents.load(as: UInt32.self, at: 3, .littleEndian),
            contents.load(as: UInt8.self, at: 7, .bigEndian)
        )
        #expect(loads.0 == 0x0102_0304_0506_0708 && loads.1 == 0x0304_0506)
        #expect(loads.2 == 0x0706_0504 && loads.3 == 8)
        let beyond = (
            contents.load(as: UInt32.self, at: 5, .bigEndian),
            contents.load(as: UInt8.self, at: -1, .bigEndian),
            contents.load(as: UInt8.self, at: Int.max, .bigEndian)
        )
        #expect(beyond.0 == nil && beyond.1 == nil && beyond.2 == nil)
        for offset in 0..<8 {
            let byte = contents[offset]
            #expect(byte == bytes[offset])
        }
    }

    @Test func everyCutAroundTheEnd() throws {
        let bytes: [UInt8] = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08]
        for head in 500..<511 {
            var ring = try wrappedRing(head: head, bytes)
            let place = ring.head
            #expect(place == head + 1 || place == 0)
            #expect(content(ring) == bytes)
            for length in 0...8 {
                let contents = ring.peek(length)
                let counts = (contents.count, contents.first.byteCount)
                #expect(counts.0 == length && counts.1 == min(length, 512 - place))
                let copy = contents.copy()
                #expect(Array(copy) == Array(bytes.prefix(length)))
            }
            checkEight(ring.peek(), bytes)
            let line = linearised(&ring, 8)
            #expect(line == bytes)
            let isContiguous = ring.peek().second.byteCount == 0
            #expect(isContiguous)
        }
    }

    @Test func linearisingAPrefixThatIsContiguousMovesNothing() throws {
        var ring = try wrappedRing(head: 507, [1, 2, 3, 4, 5, 6, 7, 8])
        let before = unsafe ring.start
        let place = ring.head
        let prefix = [UInt8](copying: ring.linearise(512 - place))
        #expect(prefix == Array([1, 2, 3, 4, 5, 6, 7, 8].prefix(512 - place)))
        let isSame = unsafe ring.start == before
        #expect(isSame)
        let nothing = ring.linearise(0).byteCount
        #expect(nothing == 0)
    }

    @Test func theLimitHolds() throws {
        var ring = ByteRing(limit: 600)
        try write([UInt8](repeating: 1, count: 512), to: &ring)
        try write([UInt8](repeating: 2, count: 88), to: &ring)
        let state = (ring.count, ring.capacity, ring.freeCount)
        #expect(state == (600, 600, 0))
        let one = SharedBytes(copying: [3])
        var failure: ByteRingError?
        do { try ring.write(one.bytes) } catch { failure = error }
        #expect(failure == ByteRingError(.limitExceeded, expected: 600, got: 601))
        #expect(failure?.description == "limit exceeded: expected at most 600 bytes, got 601")
        #expect(content(ring) == [UInt8](repeating: 1, count: 512) + [UInt8](repeating: 2, count: 88))
        ring.discard(1)
        try ring.write(one.bytes)
        let last = ring.peek()[599]
        #expect(last == 3)
        ring.removeAll()
        #expect(ring.isEmpty && ring.capacity == 600)
        ring.removeAll(keepingCapacity: false)
        #expect(ring.capacity == 0)
        try ring.write(one.bytes)
        #expect(content(ring) == [3])
    }

    @Test func freeSpaceIsFilledInPlace() throws {
        var ring = try wrappedRing(head: 500, [1, 2, 3, 4])
        let head = ring.head
        let written = try unsafe ring.withUnsafeFreeSpace(minimumCount: 20) { first, second in
            #expect(first.count + second.count == 508)
            #expect(first.count == 508 - head && second.count == head)
            unsafe first.initializeMemory(as: UInt8.self, repeating: 5)
            for index in 0..<10 { unsafe second[index] = 6 }
            return first.count + 10
        }
        #expect(written == 508 - head + 10)
        #expect(
            content(ring) == [1, 2, 3, 4] + [UInt8](repeating: 5, count: 508 - head)
                + [UInt8](repeating: 6, count: 10))
        let none = try unsafe ring.withUnsafeFreeSpace(minimumCount: 0) { _, _ in 0 }
        #expect(none == 0)
        #expect(throws: ByteRingError.self) {
            _ = try unsafe ring.withUnsafeFreeSpace(minimumCount: 512) { _, _ in 0 }
        }
        #expect(throws: ByteRingError(.limitExceeded, expected: 512, got: .max)) {
            _ = try unsafe ring.withUnsafeFreeSpace(minimumCount: .max) { _, _ in 0 }
        }
    }

    @Test func memoryThatTheSystemLacksIsAnError() throws {
        var ring = ByteRing(limit: .max)
        try write([1], to: &ring)
        var failure: ByteRingError?
        do {
            _ = try unsafe ring.withUnsafeFreeSpace(minimumCount: Int.max / 2) { _, _ in 0 }
        } catch { failure = error }
        #expect(failure?.code == .outOfMemory)
        #expect(content(ring) == [1])
    }

    @Test(arguments: 0..<8) func agreesWithAnArray(seed: UInt64) throws {
        var random = SimulatedRandom(seed: seed)
        var ring = ByteRing(limit: 2_000)
        var model: [UInt8] = []
        var next: UInt8 = 0
        for step in 0..<3_000 {
            switch random.next() % 8 {
            case 0...2:
                let bytes = (0..<Int(random.next() % 200)).map { UInt8(truncatingIfNeeded: Int(next) + $0) }
                if model.count + bytes.count <= 2_000 {
                    try write(bytes, to: &ring)
                    model += bytes
                    next &+= UInt8(truncatingIfNeeded: bytes.count)
                } else {
                    #expect(throws: ByteRingError.self) { try write(bytes, to: &ring) }
                }
            case 3...5:
                let count = min(model.count, Int(random.next() % 200))
                ring.discard(count)
                model.removeFirst(count)
            case 6:
                let count = model.isEmpty ? 0 : Int(random.next() % UInt64(model.count + 1))
                let line = [UInt8](copying: ring.linearise(count))
                #expect(line == Array(model.prefix(count)), "seed \(seed), step \(step)")
            default:
                let taken = min(2_000 - model.count, Int(random.next() % 50))
                let written = try unsafe ring.withUnsafeFreeSpace(minimumCount: taken) { first, second in
                    for index in 0..<taken {
                        let value = UInt8(truncatingIfNeeded: Int(next) + index)
                        if index < first.count {
                            unsafe first[index] = value
                        } else {
                            unsafe second[index - first.count] = value
                        }
                    }
                    return taken
                }
                model += (0..<written).map { UInt8(truncatingIfNeeded: Int(next) + $0) }
                next &+= UInt8(truncatingIfNeeded: written)
            }
            #expect(content(ring) == model, "seed \(seed), step \(step)")
        }
    }

    @Test func misuseIsTrapped() async {
        await #expect(processExitsWith: .failure) { _ = ByteRing(limit: -1).limit }
        await #expect(processExitsWith: .failure) {
            var ring = ByteRing()
            ring.discard(1)
        }
        await #expect(processExitsWith: .failure) {
            var ring = ByteRing()
            ring.discard(-1)
        }
        await #expect(processExitsWith: .failure) {
            var ring = ByteRing()
            _ = ring.linearise(1).byteCount
        }
        await #expect(processExitsWith: .failure) { _ = ByteRing().peek(-1).count }
        await #expect(processExitsWith: .failure) { _ = ByteRing().peek()[0] }
        await #expect(processExitsWith: .failure) {
            var ring = ByteRing()
            _ = try unsafe ring.withUnsafeFreeSpace(minimumCount: 1) { $0.count + $1.count + 1 }
        }
    }
}
