import Synchronization

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
