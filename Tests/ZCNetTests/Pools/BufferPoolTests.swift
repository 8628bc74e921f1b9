import Testing

@testable import ZCNet

@Suite struct BufferPoolTests {
    private typealias SizeClass = BufferPool.SizeClass

    private static let small = BufferPool.Configuration(
        classes: [SizeClass(bufferBytes: 64, keptIdleMax: 2), SizeClass(bufferBytes: 256, keptIdleMax: 1)],
        outstandingBytesMax: 1024)

    private func address(_ buffer: borrowing PooledBuffer?) -> UInt {
        switch buffer {
        case .some(let buffer): unsafe UInt(bitPattern: buffer.memory.baseAddress)
        case nil: 0
        }
    }

    private func capacity(_ pool: borrowing BufferPool, _ minimum: Int) -> Int? {
        guard let buffer = pool.take(minimumCapacity: minimum) else { return nil }
        return buffer.capacity
    }

    @Test func nothingIsReservedUpFront() throws {
        let pool = try BufferPool()
        let counts = pool.counts
        #expect(counts.classes.map(\.bufferBytes) == [512, 2048, 8192, 32768, 131072, 524288, 2_097_152])
        #expect(counts.classes.allSatisfy { $0.made == 0 && $0.idle == 0 && $0.outstanding == 0 })
        #expect(counts.outstandingBytes == 0 && counts.refused == 0)
    }

    @Test func theSmallestFittingClassServes() throws {
        let pool = try BufferPool(Self.small)
        for (minimum, expected) in [
            (0, 64), (1, 64), (64, 64), (65, 256), (256, 256), (257, 257), (1024, 1024),
        ] {
            #expect(capacity(pool, minimum) == expected, "\(minimum) bytes")
        }
        #expect(capacity(pool, 1025) == nil)
        #expect(pool.counts.oversize == 2 && pool.counts.refused == 1)
        #expect(pool.counts.outstanding == 0 && pool.counts.outstandingBytes == 0)
    }

    @Test func buffersAreUsedAgainLastInFirstOut() throws {
        let pool = try BufferPool(Self.small)
        var first: UInt = 0
        do {
            let buffer = pool.take(minimumCapacity: 10)
            first = address(buffer)
            #expect(first % 64 == 0)
        }
        for _ in 0..<10 {
            let buffer = pool.take(minimumCapacity: 50)
            #expect(address(buffer) == first)
        }
        #expect(pool.counts.classes[0].made == 1 && pool.counts.classes[0].idle == 1)
    }

    @Test func outstandingBytesAreBounded() throws {
        let pool = try BufferPool(Self.small)
        do {
            let held = [1, 2, 3].map { _ in Holder(pool.take(minimumCapacity: 256)) }
            #expect(held.allSatisfy { $0.isFull })
            #expect(pool.counts.outstandingBytes == 768)
            #expect(capacity(pool, 257) == nil, "768 and 257 are more than 1,024")
            let last = Holder(pool.take(minimumCapacity: 200))
            #expect(last.isFull && pool.counts.outstandingBytes == 1024)
            #expect(capacity(pool, 1) == nil && capacity(pool, 0) == nil)
            #expect(pool.counts.refused == 3 && pool.counts.outstanding == 4)
            withExtendedLifetime(held) {}
            withExtendedLifetime(last) {}
        }
        #expect(pool.counts.outstandingBytes == 0 && pool.counts.outstanding == 0)
        #expect(capacity(pool, 1024) == 1024, "there is room again")
    }

    @Test func noMoreThanTheMaximumLieIdle() throws {
        let pool = try BufferPool(Self.small)
        do {
            let held = (0..<5).map { _ in Holder(pool.take(minimumCapacity: 64)) }
            #expect(pool.counts.classes[0].outstanding == 5)
            withExtendedLifetime(held) {}
        }
        #expect(pool.counts.classes[0].idle == 2 && pool.counts.classes[0].made == 5)
        pool.freeIdle()
        #expect(pool.counts.classes[0].idle == 0)
    }

    @Test func preallocatesWhatIsAskedFor() throws {
        let configuration = BufferPool.Configuration(pools: 2, buffersPerPool: 3, bufferBytes: 8192)
        let pool = try BufferPool(configuration)
        #expect(pool.counts.classes[0].made == 6 && pool.counts.classes[0].idle == 6)
        let held = (0..<6).map { _ in Holder(pool.take(minimumCapacity: 8192)) }
        #expect(held.allSatisfy { $0.isFull } && pool.counts.classes[0].made == 6)
        #expect(capacity(pool, 1) == nil, "the plan's memory is all there is")
        withExtendedLifetime(held) {}
    }

    @Test func aBufferIsWritableToItsEnd() throws {
        let pool = try BufferPool()
        for minimum in [1, 512, 513, 100_000, 3_000_000] {
            guard var buffer = pool.take(minimumCapacity: minimum) else {
                Issue.record("refused")
                return
            }
            let count = buffer.capacity
            buffer.append(SharedBytes("\u{2A}").bytes)
            buffer.append { output in
                while output.freeCapacity > 0 { output.append(UInt8(0xCD)) }
            }
            let seen = [UInt8](copying: buffer.bytes)
            #expect(seen.first == 0x2A && seen.last == 0xCD && seen.count == count)
            #expect(buffer.count == count && buffer.freeCount == 0)
        }
    }

    @Test func eachBufferIsItsOwn() throws {
        let pool = try BufferPool()
        var random = SystemRandomNumberGenerator()
        var held: [Holder] = []
        for round in 0..<2_000 {
            if held.count > 40 || (!held.isEmpty && Bool.random(using: &random)) {
                let holder = held.remove(at: Int.random(in: 0..<held.count, using: &random))
                #expect(holder.isIntact)
            } else {
                held.append(
                    Holder(
                        pool.take(minimumCapacity: Int.random(in: 1...10_000, using: &random)),
                        mark: UInt8(truncatingIfNeeded: round)))
            }
        }
        for holder in held { #expect(holder.isIntact) }
        held.removeAll()
        #expect(pool.counts.outstanding == 0 && pool.counts.outstandingBytes == 0)
    }

    @Test func returnedBuffersArePoisoned() throws {
        let pool = try BufferPool(Self.small, isChecked: true)
        _ = pool.take(minimumCapacity: 64)
        guard let buffer = pool.take(minimumCapacity: 64) else { return }
        let tail = unsafe [UInt8](buffer.memory).dropFirst(8)
        #expect(tail.allSatisfy { $0 == 0xDB })
    }

    /// Whatever a buffer held before, and whichever way it is written to, what it shows was written since.
    @Test(arguments: [16, 2_000]) func earlierBytesAreNeverShown(minimum: Int) throws {
        struct Refusal: Error {}
        let pool = try BufferPool(Self.small, isChecked: false)
        for round in 0..<4 {
            guard var buffer = pool.take(minimumCapacity: minimum > 1024 ? 1000 : minimum) else {
                Issue.record("refused")
                return
            }
            #expect(buffer.count == 0 && buffer.bytes.byteCount == 0)
            let mark = UInt8(round)
            buffer.append { output in
                for _ in 0..<3 { output.append(mark) }
            }
            #expect([UInt8](copying: buffer.bytes) == [mark, mark, mark])
            #expect(throws: Refusal.self) {
                try buffer.append { (output) throws(Refusal) in
                    output.append(UInt8(0xEE))
                    throw Refusal()
                }
            }
            #expect([UInt8](copying: buffer.bytes) == [mark, mark, mark])
            buffer.append { _ in }
            buffer.append(RawSpan())
            #expect(buffer.count == 3)
            buffer.clear()
            #expect(buffer.bytes.byteCount == 0 && buffer.freeCount == buffer.capacity)
            buffer.append(SharedBytes(copying: [9, 8]).bytes)
            #expect([UInt8](copying: buffer.bytes) == [9, 8])
            // For the next round to find, if it could.
            unsafe buffer.memory.initializeMemory(as: UInt8.self, repeating: 0xEE)
        }
    }

    @Test(arguments: [8, 9, 40, 63]) func useAfterReturnIsTrapped(offset: Int) async {
        await #expect(processExitsWith: .failure) { [offset] in
            let pool = try BufferPool(
                .init(classes: [.init(bufferBytes: 64, keptIdleMax: 1)], outstandingBytesMax: 64),
                isChecked: true)
            var stale: UnsafeMutableRawBufferPointer?
            do {
                guard let buffer = pool.take(minimumCapacity: 64) else { return }
                unsafe stale = buffer.memory
            }
            unsafe stale?[offset] = 0
            _ = pool.take(minimumCapacity: 64)
        }
    }

    @Test func aCheckedPoolProvesThatEverythingCameBack() async {
        await #expect(processExitsWith: .failure) {
            var kept: PooledBuffer?
            do {
                let pool = try BufferPool(.init(), isChecked: true)
                kept = pool.take(minimumCapacity: 1)
            }
            withExtendedLifetime(kept) {}
        }
    }

    @Test(arguments: [1, 5_000_000]) func anUncheckedBufferOutlivesItsPool(minimum: Int) throws {
        var kept: [Holder] = []
        do {
            let pool = try BufferPool(.init(), isChecked: false)
            kept = (0..<3).map { _ in Holder(pool.take(minimumCapacity: minimum), mark: 7) }
        }
        for holder in kept { #expect(holder.isIntact) }
        kept.removeAll()
    }

    @Test func misuseIsTrapped() async {
        await #expect(processExitsWith: .failure) { _ = try BufferPool().take(minimumCapacity: -1) }
        await #expect(processExitsWith: .failure) {
            let pool = try BufferPool(.init(), isChecked: false)
            guard var buffer = pool.take(minimumCapacity: 64) else { return }
            let tooMuch = [UInt8](repeating: 0, count: buffer.capacity + 1)
            buffer.append(SharedBytes(copying: tooMuch).bytes)
        }
        await #expect(processExitsWith: .failure) {
            let pool = try BufferPool(.init(), isChecked: false)
            guard var buffer = pool.take(minimumCapacity: 64) else { return }
            buffer.append { output in
                for _ in 0...output.freeCapacity { output.append(UInt8(1)) }
            }
        }
        // An output of nothing, or of somebody else's memory, in the place of the buffer's own.
        await #expect(processExitsWith: .failure) {
            let pool = try BufferPool(.init(), isChecked: false)
            guard var buffer = pool.take(minimumCapacity: 64) else { return }
            buffer.append { output in output = OutputRawSpan() }
        }
    }
}

/// Lets an array hold buffers, each filled with a mark.
private final class Holder {
    private let buffer: PooledBuffer?
    private let mark: UInt8

    init(_ buffer: consuming PooledBuffer?, mark: UInt8 = 0) {
        self.mark = mark
        if let buffer = consume buffer {
            for index in 0..<buffer.capacity { unsafe buffer.memory[index] = mark }
            self.buffer = consume buffer
        } else {
            self.buffer = nil
        }
    }

    var isFull: Bool { buffer != nil }

    var isIntact: Bool {
        switch buffer {
        case .some(let buffer):
            unsafe buffer.memory.allSatisfy { $0 == mark }
        case nil: false
        }
    }
}
