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
