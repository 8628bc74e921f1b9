extension SlotRing where Slot: ~Copyable {
    /// The end of a ring that fills slots. One thread at a time; cannot be copied.
    ///
    /// Dropping it finishes the ring, like ``finish()``.
    ///
    /// SAFETY: `@unchecked Sendable` because slots are Sendable, and what the two ends share is touched only
    /// as the core's orderings allow. `@safe` because `slots` points into `storage`, which it keeps alive.
    @safe @frozen
    public struct Producer: ~Copyable, @unchecked Sendable {
        @usableFromInline var core: RingProducerCore<MemoryCells>
        @usableFromInline let slots: UnsafeMutablePointer<Slot>
        @usableFromInline let storage: SlotStorage<Slot>

        init(storage: SlotStorage<Slot>, capacity: Int) {
            core = RingProducerCore(cells: storage.cells, capacity: capacity)
            unsafe slots = storage.slots
            self.storage = storage
        }

        deinit { core.finish() }

        /// Lends the slot at the write position to `fill`, in place; false, and nothing is called, if the
        /// ring is full. What the slot holds from its last use is still there.
        ///
        /// False is the moment for backpressure: stop reading, and go on when the consumer's `getAdvance()`
        /// has returned true, which it does exactly once for a refusal, or when the consumer has been told to
        /// tell nobody any more (see ``isAbandoned``). Trying again earlier is allowed, and may leave a
        /// notice on its way that is no longer needed. Until `setAdvance()`, further calls lend the same
        /// slot. O(1).
        ///
        /// The slot is the closure's alone, and cannot leave it: this end cannot be used within.
        @inlinable @inline(__always)
        public mutating func set<Failure: Error>(
            _ fill: (inout Slot) throws(Failure) -> Void
        ) throws(Failure) -> Bool {
            guard let index = core.set() else { return false }
            // SAFETY: the index is below the capacity, and the slot is this side's until the tail passes it,
            // for which this end is needed.
            // Why by a name of its own: otherwise the thread sanitizer is told of an access to the cells.
            let slot = unsafe slots + index
            try unsafe fill(&slot.pointee)
            return true
        }

        /// Shows every slot, for checks: neither end may be in use meanwhile.
        package func forEachSlot(_ body: (borrowing Slot) -> Void) { storage.forEachSlot(body) }

        /// Publishes the slot that `set` lent. A programmer's error without one. O(1).
        ///
        /// The consumer is not woken: see ``signal()``.
        @inlinable @inline(__always)
        public mutating func setAdvance() { core.setAdvance() }

        /// Wakes the consumer if it sleeps in `ready()`; one fence and one load if it does not.
        ///
        /// Once per burst is enough: it covers every `setAdvance()` before it. Without it the consumer may
        /// sleep on.
        @inlinable @inline(__always)
        public func signal() { core.signal() }

        /// Says that nothing more will come, and gives this end up.
        ///
        /// The consumer is woken, and gets `.finish` after it has taken every slot that was set before.
        public consuming func finish() {}

        /// Whether the consumer's end is gone: what is set from now on will not be taken.
        @inlinable
        public var isAbandoned: Bool { core.isAbandoned }

        /// Slots set and not yet given back. The consumer may be giving some back at this moment, so the
        /// truth can only be lower.
        @inlinable
        public var count: Int { core.count }

        /// Whether no slot is free; unlike a refused ``set(_:)`` it leaves no wish to be told.
        @inlinable
        public var isFull: Bool { count >= capacity }

        /// The number of slots: what was asked for, rounded up to a power of two.
        @inlinable
        public var capacity: Int { Int(bitPattern: core.capacity) }
    }
}
