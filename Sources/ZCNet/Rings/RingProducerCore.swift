/// The producer's half of the ring algorithm: positions and orderings, no slots.
@frozen @usableFromInline
struct RingProducerCore<Cells: CellBlock> {
    @usableFromInline let cells: Cells
    /// A power of two.
    @usableFromInline let capacity: UInt
    /// Slots published so far; only this side writes it, so it needs no load.
    @usableFromInline var tail: UInt = 0
    /// The consumer's position when last looked at. Never ahead of the truth: the ring is at most as full as
    /// it says.
    @usableFromInline var knownHead: UInt = 0
    @usableFromInline var holdsSlot = false

    @inlinable
    init(cells: Cells, capacity: Int) {
        self.cells = cells
        self.capacity = UInt(bitPattern: capacity)
    }

    /// The index of the slot at the write position, or nil if the ring is full (and then a wish for space is
    /// left).
    @inlinable @inline(__always)
    mutating func set() -> Int? {
        if tail &- knownHead >= capacity {
            guard findSpace() else { return nil }
        }
        holdsSlot = true
        return Int(bitPattern: tail & (capacity &- 1))
    }

    /// Publishes the slot at the write position.
    @inlinable @inline(__always)
    mutating func setAdvance() {
        precondition(holdsSlot, "setAdvance() needs a slot from set()")
        holdsSlot = false
        tail &+= 1
        // Releasing: pairs with the consumer's acquiring load of the tail, so that whoever sees the position
        // also sees what was written to the slot.
        cells.cell(at: RingCells.tail).storeReleasing(tail)
    }

    /// Wakes the consumer if it sleeps.
    @inlinable @inline(__always)
    func signal() {
        // Store (tail or finished), fence, load (sleeping) here; store (sleeping), fence, load (tail,
        // finished) in `ready()`. The fences have an order: either this load sees the sleeper, or the
        // sleeper's second look sees what was published. Without them both loads could overtake both stores
        // and the wake-up would be lost.
        cells.fence()
        if cells.cell(at: RingCells.sleeping).loadRelaxed() != 0 { wakeConsumer() }
    }

    /// Out of line: whoever is awake should not carry this code along.
    @inlinable @inline(never)
    func wakeConsumer() {
        // Whoever swaps the 1 out owes the one system call. The consumer itself may have taken it back.
        let sleeping = cells.cell(at: RingCells.sleeping)
        if sleeping.compareExchange(expected: 1, desired: 0) == 1 { sleeping.wake() }
    }

    /// Looks at the consumer's position again; leaves a wish for space if there is none.
    @inlinable @inline(never)
    mutating func findSpace() -> Bool {
        let head = cells.cell(at: RingCells.head)
        // Acquiring: pairs with the releasing store in `getAdvance()`. The consumer's last reads of a slot
        // come before this side's next writes to it.
        knownHead = head.loadAcquiring()
        if tail &- knownHead < capacity { return true }

        let wantsSpace = cells.cell(at: RingCells.wantsSpace)
        wantsSpace.storeRelaxed(1)
        // The same pattern as in `signal()`, with the roles exchanged: wish, fence, load the head here; store
        // the head, fence, load the wish in `getAdvance()`.
        cells.fence()
        knownHead = head.loadAcquiring()
        if tail &- knownHead >= capacity { return false }
        // Space came up in between. If the consumer has already taken the wish it is going to tell: then this
        // is a refusal like any other, and each refusal that is waited for gets exactly one answer.
        return wantsSpace.compareExchange(expected: 1, desired: 0) == 1
    }

    /// Says that nothing more will come.
    @inlinable
    func finish() {
        // Releasing: who sees the mark must also see the last tail.
        cells.cell(at: RingCells.finished).storeReleasing(1)
        signal()
    }

    /// Whether the consumer is gone.
    @inlinable
    var isAbandoned: Bool { cells.cell(at: RingCells.abandoned).loadAcquiring() != 0 }

    /// Slots published and not yet given back, as far as this side can know.
    @inlinable
    var count: Int { Int(bitPattern: tail &- cells.cell(at: RingCells.head).loadRelaxed()) }
}

extension RingProducerCore: Sendable where Cells: Sendable {}
