/// A ring of reusable slots between one producing and one consuming thread.
///
/// ```swift
/// let ring = try SlotRing(capacity: 5) { Request() }     // rounded up: 8 slots, made now, reused for ever
/// var producer = ring.producer                           // move one end to each thread
/// var consumer = ring.consumer
///
/// // the producing thread
/// func onRequest(_ bytes: RawSpan) -> Bool {
///     guard producer.set({ slot in slot.fill(from: bytes) }) else { return false }
///     producer.setAdvance()                              // full, above: stop reading until told
///     return true
/// }                                                      // at the end of the burst: producer.signal()
///
/// // the consuming thread
/// while consumer.ready() == .ready {
///     while consumer.get({ slot in handle(&slot) }) {
///         if consumer.getAdvance() { tellProducer() }
///     }
/// }
/// ```
/// Ownership: the ring owns its slots, from creation until both ends are gone. An end lends one slot at a
/// time, to a closure, out of which the compiler lets neither the slot nor a view of it; the slot keeps its
/// content when it is reused, so a slot that holds a resource is emptied by the consumer.
///
/// Threads: each end belongs to one thread at a time and may be moved to another. There can be no second
/// producer or consumer, because the ends cannot be copied.
///
/// Complexity: the four steps are O(1), without locks, allocation or reference counting. Each side looks at
/// the other's position only when its own copy says full or empty.
///
/// Limits: capacity within ``capacityLimits``; 512 bytes for the ring itself.
@frozen
public struct SlotRing<Slot: ~Copyable & Sendable>: ~Copyable {
    /// The end that fills slots.
    public var producer: Producer
    /// The end that empties slots.
    public var consumer: Consumer

    /// What may be asked for as a capacity. The upper limit keeps a mistaken unit from reserving all memory.
    @inlinable
    public static var capacityLimits: ClosedRange<Int> { 1...(1 << 24) }

    /// Makes a ring with room for at least `capacity` slots (rounded up to a power of two), and every slot in
    /// it.
    ///
    /// Throws if `capacity` is outside ``capacityLimits``. `makeSlot` runs here, once per slot.
    public init(capacity: Int, makeSlot: () -> Slot) throws(ConfigurationError) {
        try ConfigurationError.check("SlotRing.capacity", capacity, in: Self.capacityLimits)
        let rounded = capacity == 1 ? 1 : 1 << (Int.bitWidth - (capacity - 1).leadingZeroBitCount)
        let storage = SlotStorage(capacity: rounded, makeSlot: makeSlot)
        producer = Producer(storage: storage, capacity: rounded)
        consumer = Consumer(storage: storage, capacity: rounded)
    }
}

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

/// The memory of a ring: its cells, then its slots. Both ends hold it; the last one frees it.
///
/// SAFETY: `@safe` because the pointers are its own and live as long as it does; `nonisolated(unsafe)`
/// because `slots` is written here and in `deinit` only, and in between the algorithm decides who may touch
/// which slot.
@safe @usableFromInline
final class SlotStorage<Slot: ~Copyable & Sendable>: Sendable {
    @usableFromInline let cells: MemoryCells
    @usableFromInline nonisolated(unsafe) let slots: UnsafeMutablePointer<Slot>
    private let capacity: Int

    init(capacity: Int, makeSlot: () -> Slot) {
        let alignment = max(MemoryCells.lineBytes, MemoryLayout<Slot>.alignment)
        let cellBytes = (RingCells.lines * MemoryCells.lineBytes + alignment - 1) / alignment * alignment
        let base = UnsafeMutableRawPointer.allocate(
            byteCount: cellBytes + capacity * MemoryLayout<Slot>.stride, alignment: alignment)
        unsafe cells = MemoryCells(initializing: base, lines: RingCells.lines)
        // SAFETY: `cellBytes` is a multiple of the slot's alignment, and room for `capacity` slots follows
        // it.
        unsafe slots = (base + cellBytes).bindMemory(to: Slot.self, capacity: capacity)
        self.capacity = capacity
        for index in 0..<capacity { unsafe (slots + index).initialize(to: makeSlot()) }
    }

    /// Shows every slot, for checks: neither end may be in use meanwhile.
    func forEachSlot(_ body: (borrowing Slot) -> Void) {
        for index in 0..<capacity { unsafe body(slots[index]) }
    }

    deinit {
        // SAFETY: both ends are gone, so nobody else looks; every slot has been initialised since `init`. The
        // cells are trivial.
        unsafe slots.deinitialize(count: capacity)
        unsafe cells.base.deallocate()
    }
}
