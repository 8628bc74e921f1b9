/// The consumer's half of the ring algorithm: positions and orderings, no slots.
@frozen @usableFromInline
struct RingConsumerCore<Cells: CellBlock> {
    @usableFromInline let cells: Cells
    /// A power of two.
    @usableFromInline let capacity: UInt
    /// Slots given back so far; only this side writes it, so it needs no load.
    @usableFromInline var head: UInt = 0
    /// The producer's position when last looked at. Never ahead of the truth: at least so much can be taken.
    @usableFromInline var knownTail: UInt = 0
    @usableFromInline var holdsSlot = false

    @inlinable
    init(cells: Cells, capacity: Int) {
        self.cells = cells
        self.capacity = UInt(bitPattern: capacity)
    }

    /// The index of the slot at the read position, or nil if the ring is empty.
    @inlinable @inline(__always)
    mutating func get() -> Int? {
        if head == knownTail {
            guard lookForMore() else { return nil }
        }
        holdsSlot = true
        return Int(bitPattern: head & (capacity &- 1))
    }

    /// Gives the slot at the read position back. True if the producer waits to be told so.
    @inlinable @inline(__always)
    mutating func getAdvance() -> Bool {
        precondition(holdsSlot, "getAdvance() needs a slot from get()")
        holdsSlot = false
        head &+= 1
        // Releasing: this side's last access to the slot comes before whatever the producer, having acquired
        // the position, does with it.
        cells.cell(at: RingCells.head).storeReleasing(head)
        // A full fence per slot would cost more than all the rest, so only the last slot of what can be seen
        // pays one. That is enough: a producer that waits has published all it can, so the slot before which
        // it started to wait, or a later one, is the last of a batch, and there the two fences leave no gap
        // (see `findSpace()`). Before that the wish is seen as soon as the processor shows it.
        if head == knownTail { cells.fence() }
        if cells.cell(at: RingCells.wantsSpace).loadRelaxed() == 0 { return false }
        return takeWish()
    }

    /// Swaps the wish out, so that it is answered once.
    @inlinable @inline(never)
    func takeWish() -> Bool {
        cells.cell(at: RingCells.wantsSpace).compareExchange(expected: 1, desired: 0) == 1
    }

    /// Looks at the producer's position again.
    @inlinable @inline(__always)
    mutating func lookForMore() -> Bool {
        // Acquiring: pairs with the releasing store in `setAdvance()`; the slot's content becomes visible
        // with it.
        knownTail = cells.cell(at: RingCells.tail).loadAcquiring()
        return knownTail != head
    }

    /// Blocks until there is something to take, or nothing will ever come.
    @inlinable
    mutating func ready() -> RingSignal {
        let sleeping = cells.cell(at: RingCells.sleeping)
        while true {
            if let signal = look() { return signal }
            sleeping.storeRelaxed(1)
            // The sleeper's half of the pattern explained in `signal()`.
            cells.fence()
            if let signal = look() {
                sleeping.storeRelaxed(0)
                return signal
            }
            sleeping.sleep(while: 1)
            // Not when a signal woke this side (it has swapped the 1 out), but the kernel may also wake for
            // nothing.
            sleeping.storeRelaxed(0)
        }
    }

    /// What `ready()` would report now, nil if it would block.
    @inlinable
    mutating func look() -> RingSignal? {
        if head != knownTail || lookForMore() { return .ready }
        if cells.cell(at: RingCells.finished).loadAcquiring() == 0 { return nil }
        // The mark was acquired, so the last tail is visible; the look before it may have been too early.
        return lookForMore() ? .ready : .finish
    }

    /// Says that nothing more will be taken. True if the producer waits for space and must be told.
    @inlinable
    func abandon() -> Bool {
        cells.cell(at: RingCells.abandoned).storeReleasing(1)
        // Against a producer that leaves a wish, fences, and then asks whether the consumer is gone.
        cells.fence()
        return cells.cell(at: RingCells.wantsSpace).loadRelaxed() != 0 && takeWish()
    }

    /// Slots that can be taken, as far as this side can know.
    @inlinable
    var count: Int { Int(bitPattern: cells.cell(at: RingCells.tail).loadRelaxed() &- head) }
}

extension RingConsumerCore: Sendable where Cells: Sendable {}
