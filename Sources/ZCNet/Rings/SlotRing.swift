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
