extension SlotRing where Slot: ~Copyable {
    /// The end of a ring that empties slots. One thread at a time; cannot be copied.
    ///
    /// Dropping it abandons the ring, like ``finish()``, but cannot say whether the producer waits to be
    /// told.
    ///
    /// SAFETY: `@unchecked Sendable` because slots are Sendable, and what the two ends share is touched only
    /// as the core's orderings allow. `@safe` because `slots` points into `storage`, which it keeps alive.
    @safe @frozen
    public struct Consumer: ~Copyable, @unchecked Sendable {
        @usableFromInline var core: RingConsumerCore<MemoryCells>
        @usableFromInline let slots: UnsafeMutablePointer<Slot>
        @usableFromInline let storage: SlotStorage<Slot>

        init(storage: SlotStorage<Slot>, capacity: Int) {
            core = RingConsumerCore(cells: storage.cells, capacity: capacity)
            unsafe slots = storage.slots
            self.storage = storage
        }

        deinit { _ = core.abandon() }

        /// Lends the slot at the read position to `body`, in place; false, and nothing is called, if the ring
        /// is empty. Until `getAdvance()`, further calls lend the same slot. O(1).
        ///
        /// The slot may be written to as well: take out of it what must not wait for its next use. It is the
        /// closure's alone, and neither it nor a view of what it holds can leave it: this end cannot be used
        /// within.
        @inlinable @inline(__always)
        public mutating func get<Failure: Error>(
            _ body: (inout Slot) throws(Failure) -> Void
        ) throws(Failure) -> Bool {
            guard let index = core.get() else { return false }
            // SAFETY: the index is below the capacity, and the slot is this side's until the head passes it,
            // for which this end is needed. See the producer for why it has a name.
            let slot = unsafe slots + index
            try unsafe body(&slot.pointee)
            return true
        }

        /// Gives the slot that `get` lent back to the producer. A programmer's error without one. O(1).
        ///
        /// Returns true if the producer has found the ring full and waits: tell it, by whatever wakes its
        /// loop. Each such wait is reported once: as soon as it is seen, at the latest when the last slot
        /// that can be seen is given back.
        @inlinable @inline(__always)
        public mutating func getAdvance() -> Bool { core.getAdvance() }

        /// Sleeps until there is a slot to take or the producer has finished; `.finish` comes only after
        /// every slot has been taken. For a thread of its own: a loop must not block here.
        @inlinable
        public mutating func ready() -> RingSignal { core.ready() }

        /// Says that nothing more will be taken, and gives this end up.
        ///
        /// Returns true if the producer waits for space and must be told; it then finds
        /// ``Producer/isAbandoned``.
        @discardableResult
        public consuming func finish() -> Bool { core.abandon() }

        /// Slots that can be taken. The producer may be setting more at this moment, so the truth can only be
        /// higher.
        @inlinable
        public var count: Int { core.count }

        /// Whether there is nothing to take.
        @inlinable
        public var isEmpty: Bool { count == 0 }

        /// The number of slots: what was asked for, rounded up to a power of two.
        @inlinable
        public var capacity: Int { Int(bitPattern: core.capacity) }
    }
}
