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
