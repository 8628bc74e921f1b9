import Testing

@testable import ZCNet

/// What a pool gives back when nobody needs it any more, and what it keeps because somebody will.
@Suite struct UnusedBufferTests {
    private static let mebibyte = 1 << 20

    private static func pool(
        _ configuration: BufferPool.Configuration = BufferPool.Configuration(), isChecked: Bool = false
    ) throws -> BufferPool {
        try BufferPool(configuration, isChecked: isChecked)
    }

    private static func address(_ buffer: borrowing PooledBuffer) -> UInt {
        unsafe UInt(bitPattern: buffer.memory.baseAddress)
    }

    /// Takes so many buffers at a time, and gives them back.
    private static func use(_ pool: borrowing BufferPool, _ count: Int, _ bytes: Int) {
        guard count > 0, let buffer = pool.take(minimumCapacity: bytes) else { return }
        use(pool, count - 1, bytes)
        _ = consume buffer
    }

    private static func made(_ pool: borrowing BufferPool) -> Int {
        pool.counts.classes.reduce(0) { $0 + $1.made }
    }

    @Test(arguments: [false, true])
    func whatABurstNeededGoesWithTheSecondLook(isChecked: Bool) throws {
        let pool = try Self.pool(isChecked: isChecked)
        #expect(!pool.mayHaveUnused && !pool.hasIdle)
        for bytes in [100, 8000, 130_000, 600_000] { Self.use(pool, 4, bytes) }
        let idle = pool.counts.idleBytes
        #expect(idle > 2 * Self.mebibyte && pool.mayHaveUnused && pool.hasIdle)
        pool.freeUnused()
        #expect(pool.counts.idleBytes == idle && pool.mayHaveUnused)
        pool.freeUnused()
        #expect(pool.counts.idleBytes == 0 && pool.counts.classes.allSatisfy { $0.idle == 0 })
        #expect(!pool.mayHaveUnused && !pool.hasIdle && pool.counts.outstanding == 0)
    }

    /// However often it is looked at what lies idle, who goes on as before has nothing made anew.
    @Test(arguments: [false, true])
    func whatIsNeededNowAndThenIsKept(isChecked: Bool) throws {
        var configuration = BufferPool.Configuration()
        configuration.classes = [BufferPool.SizeClass(bufferBytes: 1 << 18, keptIdleMax: 100)]
        let pool = try Self.pool(configuration, isChecked: isChecked)
        Self.use(pool, 10, 200_000)
        for _ in 0..<20 {
            Self.use(pool, 3, 200_000)
            pool.freeUnused()
        }
        let (made, counts) = (Self.made(pool), pool.counts)
        #expect(made == 10 && counts.classes[0].idle == 3)
    }

    @Test func whatIsOutComesBackToNoHarm() throws {
        let pool = try Self.pool()
        guard let buffer = pool.take(minimumCapacity: 5000), let large = pool.take(minimumCapacity: 3_000_000)
        else {
            Issue.record("expected two buffers")
            return
        }
        for _ in 0..<3 { pool.freeUnused() }
        #expect(pool.counts.outstanding == 2 && pool.mayHaveUnused && !pool.hasIdle)
        _ = consume buffer
        _ = consume large
        #expect(pool.hasIdle && pool.counts.idleBytes == 8192 + 3_000_000)
        for _ in 0..<2 { pool.freeUnused() }
        #expect(pool.counts.idleBytes == 0 && !pool.mayHaveUnused)
    }

    /// Answers of megabytes wait in pieces of whatever length the kernel leaves; each is in the pages of the
    /// one before.
    @Test func largeBuffersOfManySizesShareTheirPages() throws {
        let pool = try Self.pool()
        for bytes in [10_000_000, 12_000_000, 11_000_000, 16_000_000, 9_000_000] { Self.use(pool, 1, bytes) }
        #expect(pool.counts.idleBytes == 16_000_000)
        guard let small = pool.take(minimumCapacity: 9_000_000),
            let large = pool.take(minimumCapacity: 16_100_000)
        else {
            Issue.record("expected two buffers")
            return
        }
        // Who takes what another had has all of what was asked for, to write to.
        let (first, second) = (small.capacity, large.capacity)
        #expect(first == 16_000_000 && second == 16_100_000)
        unsafe large.memory.baseAddress?.storeBytes(of: 7, toByteOffset: 16_099_999, as: UInt8.self)
        _ = consume small
        _ = consume large
        #expect(pool.counts.idleBytes == 32_100_000)
        // Half of what is wanted, or less, is left to others.
        Self.use(pool, 1, 32_300_000)
        #expect(pool.counts.idleBytes == 32_100_000 + 32_300_000)
    }

    @Test func whatWasMadeInAdvanceStays() throws {
        let pool = try Self.pool(BufferPool.Configuration(pools: 1, buffersPerPool: 4, bufferBytes: 8192))
        for _ in 0..<3 { pool.freeUnused() }
        #expect(pool.counts.classes[0].idle == 4 && !pool.hasIdle)
        Self.use(pool, 4, 8192)
        #expect(pool.counts.classes[0].made == 4)
    }

    // MARK: Larger than any class

    @Test func largeMemoryIsUsedAgain() throws {
        let pool = try Self.pool()
        var first: UInt = 0
        do {
            guard let buffer = pool.take(minimumCapacity: 16 * Self.mebibyte + 14) else { return }
            first = Self.address(buffer)
            #expect(buffer.capacity == 16 * Self.mebibyte + 14)
        }
        #expect(pool.counts.idleBytes == 16 * Self.mebibyte + 14)
        do {
            guard let buffer = pool.take(minimumCapacity: 14 * Self.mebibyte) else { return }
            let second = Self.address(buffer)
            #expect(second == first && buffer.capacity == 16 * Self.mebibyte + 14)
            #expect(pool.counts.outstandingBytes == buffer.capacity && pool.counts.idleBytes == 0)
            guard let other = pool.take(minimumCapacity: 14 * Self.mebibyte) else { return }
            #expect(other.capacity == 14 * Self.mebibyte)
        }
        // The best that fits, and nothing that is much too large.
        guard let small = pool.take(minimumCapacity: 12 * Self.mebibyte) else { return }
        #expect(small.capacity == 14 * Self.mebibyte)
        guard let growing = pool.takeToGrow(minimumCapacity: 3 * Self.mebibyte) else { return }
        let third = Self.address(growing)
        #expect(third == first)
        #expect(pool.counts.idleBytes == 0)
    }

    @Test func noMoreThanSomeLargeMemoryIsKept() throws {
        let pool = try Self.pool()
        Self.use(pool, 10, 20 * Self.mebibyte)
        #expect(pool.counts.idleBytes == 60 * Self.mebibyte)
        var configuration = BufferPool.Configuration()
        configuration.outstandingBytesMax = 40 * Self.mebibyte
        let narrow = try Self.pool(configuration)
        Self.use(narrow, 3, 4 * Self.mebibyte)
        #expect(narrow.counts.idleBytes == 8 * Self.mebibyte)
        narrow.freeIdle()
        #expect(narrow.counts.idleBytes == 0 && narrow.counts.outstanding == 0)
    }

    @Test func whatIsMuchTooLargeIsLeftToOthers() throws {
        let pool = try Self.pool()
        Self.use(pool, 1, 40 * Self.mebibyte)
        guard let buffer = pool.take(minimumCapacity: 3 * Self.mebibyte) else { return }
        #expect(buffer.capacity == 3 * Self.mebibyte && pool.counts.idleBytes == 40 * Self.mebibyte)
    }

    // MARK: Growing in place

    /// Writes numbers over all of a buffer from a place on.
    private static func fill(_ buffer: borrowing PooledBuffer, from start: Int) {
        let words = unsafe buffer.memory.bindMemory(to: Int.self)
        for index in (start / 8)..<words.count { unsafe words[index] = index }
    }

    private static func isFilled(_ buffer: borrowing PooledBuffer, to end: Int) -> Bool {
        let words = unsafe buffer.memory.bindMemory(to: Int.self)
        return (0..<(end / 8)).allSatisfy { unsafe words[$0] == $0 }
    }

    @Test func aLargeBufferGrowsWithoutACopy() throws {
        let pool = try Self.pool()
        guard var buffer = pool.take(minimumCapacity: 600_000) else { return }
        Self.fill(buffer, from: 0)
        let sizes = [8 * Self.mebibyte, 16 * Self.mebibyte + 16]
        var before = buffer.capacity
        for size in sizes {
            let isLarger = buffer.extend(to: size)
            #expect(isLarger && buffer.capacity == size)
            let isKept = Self.isFilled(buffer, to: before)
            #expect(isKept)
            Self.fill(buffer, from: before)
            before = size
            #expect(pool.counts.outstandingBytes == size && pool.counts.outstanding == 1)
        }
        #expect(pool.counts.classes.allSatisfy { $0.outstanding == 0 && $0.idle == 0 })
        _ = consume buffer
        #expect(pool.counts.outstandingBytes == 0 && pool.counts.outstanding == 0)
        #expect(pool.counts.idleBytes == 16 * Self.mebibyte + 16)
    }

    /// Small buffers, what a class has, what exceeds the bound, and where idle memory does as well.
    @Test func whatCannotGrowInPlaceSaysSo() throws {
        var configuration = BufferPool.Configuration()
        configuration.outstandingBytesMax = 60 * Self.mebibyte
        let pool = try Self.pool(configuration)
        guard var small = pool.take(minimumCapacity: 5000), var large = pool.take(minimumCapacity: 600_000)
        else { return }
        let capacity = large.capacity
        var answers = [
            small.extend(to: 8 * Self.mebibyte), large.extend(to: capacity), large.extend(to: 100),
            large.extend(to: 60 * Self.mebibyte + 1),
        ]
        Self.use(pool, 1, 12 * Self.mebibyte)
        answers.append(large.extend(to: 8 * Self.mebibyte))
        #expect(answers.allSatisfy { !$0 } && large.capacity == capacity)
        #expect(pool.counts.outstandingBytes == 8192 + capacity)
        let isLarger = large.extend(to: 13 * Self.mebibyte)
        #expect(isLarger, "what lies idle is smaller")
    }

    @Test func aCheckedPoolStillBalances() throws {
        let pool = try Self.pool(isChecked: true)
        do {
            guard var buffer = pool.take(minimumCapacity: 600_000) else { return }
            let isLarger = buffer.extend(to: 5 * Self.mebibyte)
            #expect(isLarger)
        }
        #expect(pool.counts.outstanding == 0 && pool.counts.idleBytes == 0)
    }
}
