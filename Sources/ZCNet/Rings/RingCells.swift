import Synchronization

/// Where a ring keeps its shared words: on four lines, each written by one side (or hardly ever), so that
/// neither side's stores take a line away from the other's loads.
@usableFromInline
enum RingCells {
    /// Slots published so far. Written by the producer.
    @inlinable static var tail: Int { 0 }
    /// Slots given back so far. Written by the consumer.
    @inlinable static var head: Int { 16 }
    /// 1 while the consumer sleeps or is about to. Read by each signal.
    @inlinable static var sleeping: Int { 32 }
    /// 1 once the consumer's end is gone.
    @inlinable static var abandoned: Int { 33 }
    /// 1 while the producer, having found the ring full, waits to be told of space. Read by each
    /// `getAdvance()`.
    @inlinable static var wantsSpace: Int { 48 }
    /// 1 once the producer's end is gone.
    @inlinable static var finished: Int { 49 }
    /// How many cache lines the cells take.
    @inlinable static var lines: Int { 4 }
}

/// What `ready()` of a ring reports.
@frozen
public enum RingSignal: Sendable, Hashable {
    /// At least one slot can be taken.
    case ready
    /// The producer has finished and every slot it had set has been taken.
    case finish
}

/// A cell in plain memory, driven by the processor's atomic instructions.
///
/// SAFETY: `@safe` because the only maker is `MemoryCells`, whose owner keeps the memory alive and
/// initialised for as long as any copy of the block is in use.
@safe @frozen @usableFromInline
struct MemoryCell: AtomicCell {
    @usableFromInline let address: UnsafeMutablePointer<Atomic<UInt>>

    @inlinable
    init(_ address: UnsafeMutablePointer<Atomic<UInt>>) { unsafe self.address = address }

    @inlinable @inline(__always)
    func loadRelaxed() -> UInt { unsafe address.pointee.load(ordering: .relaxed) }

    @inlinable @inline(__always)
    func loadAcquiring() -> UInt { unsafe address.pointee.load(ordering: .acquiring) }

    @inlinable @inline(__always)
    func storeRelaxed(_ value: UInt) { unsafe address.pointee.store(value, ordering: .relaxed) }

    @inlinable @inline(__always)
    func storeReleasing(_ value: UInt) { unsafe address.pointee.store(value, ordering: .releasing) }

    @inlinable @inline(__always)
    func compareExchange(expected: UInt, desired: UInt) -> UInt {
        unsafe address.pointee.compareExchange(
            expected: expected, desired: desired, ordering: .acquiringAndReleasing
        ).original
    }

    @usableFromInline
    func sleep(while value: UInt) {
        // Every answer (woken, value changed, interrupted) means the same to the caller: look again.
        unsafe FutexWord(lowHalfOf: address).sleep(while: UInt32(truncatingIfNeeded: value))
    }

    @usableFromInline
    func wake() { unsafe FutexWord(lowHalfOf: address).wake() }
}

/// Memory for cells, in lines of 128 bytes: what one side writes must not share a cache line (nor the
/// neighbour that the prefetcher fetches along) with what the other side writes.
///
/// SAFETY: `@safe` because whoever allocates a block frees it only after the last use of every copy;
/// `@unchecked Sendable` because cells are there to be shared.
@safe @frozen @usableFromInline
struct MemoryCells: CellBlock, @unchecked Sendable {
    @usableFromInline static var lineBytes: Int { 128 }
    @usableFromInline static var wordsPerLine: Int { lineBytes / MemoryLayout<UInt>.stride }

    @usableFromInline let base: UnsafeMutableRawPointer

    /// Turns the first `lines` lines of raw, 128-byte-aligned memory at `base` into cells that hold zero.
    @usableFromInline
    init(initializing base: UnsafeMutableRawPointer, lines: Int) {
        unsafe self.base = base
        for word in 0..<lines * Self.wordsPerLine {
            // SAFETY: the caller provides that many lines. The pointee is noncopyable and has a fixed
            // address.
            unsafe (base + word * MemoryLayout<UInt>.stride).initializeMemory(
                as: Atomic<UInt>.self, to: Atomic<UInt>(0))
        }
    }

    @inlinable @inline(__always)
    func cell(at word: Int) -> MemoryCell {
        // SAFETY: initialised as cells by `init`; `Atomic<UInt>` has the size of a word.
        unsafe MemoryCell(
            (base + word * MemoryLayout<UInt>.stride).assumingMemoryBound(to: Atomic<UInt>.self))
    }

    @inlinable @inline(__always)
    func fence() { atomicMemoryFence(ordering: .sequentiallyConsistent) }
}

/// One shared machine word, as the lock-free algorithms of this folder see it.
///
/// The algorithms are written against this protocol so that the very same code runs on processor atomics
/// (`MemoryCell`, specialised and inlined) and, in the tests, on simulated cells whose every interleaving and
/// every permitted stale value is explored. An operation is named with its ordering because orderings must be
/// constants.
@usableFromInline
protocol AtomicCell {
    /// The value, without any promise about other memory.
    func loadRelaxed() -> UInt
    /// The value; what its writer did before a releasing store is visible afterwards.
    func loadAcquiring() -> UInt
    /// Replaces the value, without any promise about other memory.
    func storeRelaxed(_ value: UInt)
    /// Replaces the value; whoever acquires it sees all that was done before.
    func storeReleasing(_ value: UInt)
    /// Puts `desired` in the place of `expected` and returns what was found; both acquires and releases.
    func compareExchange(expected: UInt, desired: UInt) -> UInt
    /// Sleeps in the kernel until woken, unless the low half of the value differs from `value`. May wake for
    /// nothing.
    func sleep(while value: UInt)
    /// Wakes whoever sleeps on this cell.
    func wake()
}

/// A block of cells that are found by their distance in words from its start.
@usableFromInline
protocol CellBlock {
    /// The kind of cell in this block.
    associatedtype Cell: AtomicCell
    /// The cell `word` words into the block.
    func cell(at word: Int) -> Cell
    /// A sequentially consistent fence: of two threads that each store, fence and then load what the other
    /// stored, at least one sees the other's store.
    func fence()
}
