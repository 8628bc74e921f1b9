import Synchronization
public import ZCNet

/// What an ``EventQueue`` may hold, and how much it hands out at a time.
public struct EventQueueLimits: Hashable, Sendable {
    /// The most events that wait. Why 65,536: some seconds of a busy loop, and at most a few megabytes of
    /// bookkeeping.
    public var eventsMax = 65_536
    /// The most bytes that wait, as the producers state them. Why 64 MiB: what a loop's mailbox may hold too.
    public var bytesMax = 64 << 20
    /// The most events of one key that wait, so that one hot key leaves room for the others; nil for no
    /// limit of its own. Keys are counted in ``keyCells`` cells; two that fall into the same one share it.
    public var perKeyEventsMax: Int? = 16_384
    /// How many counters keys are spread over. Why 4,096: 32 KiB, and few keys meet.
    public var keyCells = 4096
    /// The most events of one batch, which is a key's turn. Why 256: long enough to spread what a batch
    /// costs, short enough for the next key.
    public var batchEventsMax = 256
    /// The most bytes of one batch; an event larger than that comes alone. Why 256 KiB: one large write.
    public var batchBytesMax = 256 << 10

    /// Limits with the defaults of each setting.
    public init() {}

    /// Checks that every setting is possible.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.check("eventsMax", eventsMax, in: 1...1 << 28)
        try ConfigurationError.check("bytesMax", bytesMax, in: 1...1 << 40)
        try ConfigurationError.check("perKeyEventsMax", perKeyEventsMax, in: 1...1 << 28)
        try ConfigurationError.check("keyCells", keyCells, in: 1...1 << 24)
        try ConfigurationError.check("batchEventsMax", batchEventsMax, in: 1...1 << 20)
        try ConfigurationError.check("batchBytesMax", batchBytesMax, in: 1...1 << 30)
    }
}

/// What may still come into an ``EventQueue``: counters that producers take from and the consumer gives back
/// to. Any thread, no lock; each call is a few atomic operations.
///
/// SAFETY: `@safe` because cells are reached only through indices below `cellCount`, and the memory goes with
/// the object. `nonisolated(unsafe)`: the pointer is constant, and cells are atomic.
@safe
final class EventAllowance: Sendable {
    private let eventsMax: Int
    private let bytesMax: Int
    private let perKeyMax: Int?
    private let cellCount: Int
    private let eventsTaken = Atomic<Int>(0)
    private let bytesTaken = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)
    private nonisolated(unsafe) let cells: UnsafeMutablePointer<Atomic<Int>>

    init(_ limits: EventQueueLimits) {
        eventsMax = limits.eventsMax
        bytesMax = limits.bytesMax
        perKeyMax = limits.perKeyEventsMax
        cellCount = limits.perKeyEventsMax == nil ? 0 : limits.keyCells
        unsafe cells = .allocate(capacity: max(1, cellCount))
        for index in 0..<cellCount { unsafe (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe cells.deinitialize(count: cellCount)
        unsafe cells.deallocate()
    }

    /// Events and bytes that wait, and events refused so far.
    var eventCount: Int { eventsTaken.load(ordering: .relaxed) }
    var byteCount: Int { bytesTaken.load(ordering: .relaxed) }
    var refusedCount: Int { refusals.load(ordering: .relaxed) }

    func countRefusal(of events: Int) { refusals.add(events, ordering: .relaxed) }

    /// Takes room for all of it, or for none.
    func reserve(events: Int, bytes: Int) -> EventQueueAnswer {
        guard events <= eventsMax, bytes <= bytesMax else { return .tooLarge }
        guard Self.take(events, from: eventsTaken, limit: eventsMax) else { return .full }
        guard Self.take(bytes, from: bytesTaken, limit: bytesMax) else {
            eventsTaken.subtract(events, ordering: .relaxed)
            return .full
        }
        return .added
    }

    func release(events: Int, bytes: Int) {
        eventsTaken.subtract(events, ordering: .relaxed)
        bytesTaken.subtract(bytes, ordering: .relaxed)
    }

    /// Takes room among the events of a key. Always true where keys have no limit of their own.
    func reserve(events: Int, of key: some Hashable) -> Bool {
        guard let perKeyMax else { return true }
        return unsafe Self.take(events, from: cells[place(of: key)], limit: perKeyMax)
    }

    func release(events: Int, of key: some Hashable) {
        guard perKeyMax != nil else { return }
        unsafe cells[place(of: key)].subtract(events, ordering: .relaxed)
    }

    /// Any mapping will do; hash values are mixed and differ from run to run.
    private func place(of key: some Hashable) -> Int {
        Int(UInt(bitPattern: key.hashValue) % UInt(cellCount))
    }

    /// Relaxed throughout: the counts are bounds, no memory is handed over by them.
    private static func take(_ amount: Int, from counter: borrowing Atomic<Int>, limit: Int) -> Bool {
        var old = counter.load(ordering: .relaxed)
        while amount <= limit - old {
            let (exchanged, found) = counter.weakCompareExchange(
                expected: old, desired: old + amount, ordering: .relaxed)
            if exchanged { return true }
            old = found
        }
        return false
    }
}
