import Synchronization
public import ZCNet

/// A clock that moves only when it is told to: tests of timeouts neither sleep nor depend on the machine's
/// load.
///
/// ```swift
/// let time = VirtualClock()
/// let clock = MonotonicClock(virtual: time)
/// time.advance(by: .seconds(30))      // clock.now() is 30 seconds later
/// ```
///
/// Any thread may read and advance it; readers see every advance that happened before their read. It never
/// goes back. All operations are O(1) but for contention among those who advance.
public final class VirtualClock: TimeSource {
    private let nanoseconds: Atomic<Int64>

    /// Creates a clock that stands at `now`.
    public init(now: MonotonicInstant = .zero) {
        nanoseconds = Atomic(now.nanoseconds)
    }

    /// Where the clock stands.
    public var now: MonotonicInstant {
        MonotonicInstant(nanoseconds: nanoseconds.load(ordering: .acquiring))
    }

    /// Moves the clock forward by `duration`, saturating; a duration below zero changes nothing.
    public func advance(by duration: Duration) {
        guard duration > .zero else { return }
        var old = nanoseconds.load(ordering: .relaxed)
        while true {
            let new = (MonotonicInstant(nanoseconds: old) + duration).nanoseconds
            let (exchanged, current) = nanoseconds.weakCompareExchange(
                expected: old, desired: new, ordering: .acquiringAndReleasing)
            if exchanged { return }
            old = current
        }
    }

    /// Moves the clock forward to `instant`; one that already passed changes nothing.
    public func advance(to instant: MonotonicInstant) {
        nanoseconds.max(instant.nanoseconds, ordering: .acquiringAndReleasing)
    }
}

extension MonotonicClock {
    /// A clock that shows what `virtual` shows.
    public init(virtual: VirtualClock) { self.init(source: virtual) }
}

/// What will happen in a simulated network, by time; what is due at the same time happens in the order it was
/// added.
struct SimulatedAgenda {
    /// One thing to happen.
    enum Event {
        /// The next segment, or the end, comes to this socket.
        case segment(reader: Int32)
        /// A connection attempt comes to its listener.
        case attempt(client: Int32)
        /// The listener's answer comes to the client.
        case answer(client: Int32, refused: Bool)
        /// A reset comes to this socket.
        case reset(socket: Int32)
    }

    private struct Entry {
        let due: Int64
        let order: UInt64
        let event: Event

        func comes(before other: Entry) -> Bool { due != other.due ? due < other.due : order < other.order }
    }

    /// A binary heap, the earliest event in front.
    private var heap: [Entry] = []
    private var nextOrder: UInt64 = 0

    var nextDue: Int64? { heap.first?.due }

    mutating func add(_ event: Event, at due: Int64) {
        heap.append(Entry(due: due, order: nextOrder, event: event))
        nextOrder += 1
        var child = heap.count - 1
        while child > 0, heap[child].comes(before: heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the next event if it is due.
    mutating func take(dueBy now: Int64) -> Event? {
        guard let first = heap.first, first.due <= now else { return nil }
        let last = heap.removeLast()
        if heap.isEmpty { return first.event }
        heap[0] = last
        sink()
        return first.event
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            if child >= heap.count { return }
            if child + 1 < heap.count && heap[child + 1].comes(before: heap[child]) { child += 1 }
            if !heap[child].comes(before: heap[parent]) { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}

/// What happened in a simulation, the last so many events of it. Numbers while it runs, text when somebody
/// asks.
struct SimulatedTrace {
    /// One event of the trace.
    struct Event {
        let nanoseconds: Int64
        let kind: Kind
        let subject: Int32
        let count: Int
    }

    /// What an event may be; the raw value is its text.
    enum Kind: String {
        case turn, interrupted, woken, skipped
        case listening, accepted, accepting = "accepting failed", backlog = "in backlog"
        case connecting, connected, refused
        case arrived, received, ended, failed, offered, room, done = "sent from memory"
        case finished, closed, reset
        case paused, resumed
    }

    private var events: [Event] = []
    private var oldest = 0
    private let capacity: Int
    /// How many events there were in all.
    private(set) var total = 0
    /// A digest of all events, also of those that are no longer kept.
    private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325

    init(capacity: Int) { self.capacity = capacity }

    mutating func record(_ kind: Kind, _ subject: Int32, _ count: Int, at nanoseconds: Int64) {
        total += 1
        for part in [
            UInt64(bitPattern: nanoseconds), UInt64(kind.rawValue.utf8.count),
            UInt64(UInt32(bitPattern: subject)),
            UInt64(bitPattern: Int64(count)),
        ] {
            digest = (digest ^ part) &* 0x100_0000_01B3
        }
        let event = Event(nanoseconds: nanoseconds, kind: kind, subject: subject, count: count)
        if events.count < capacity {
            events.append(event)
        } else {
            events[oldest] = event
            oldest = (oldest + 1) % capacity
        }
    }

    /// The kept events, oldest first: microseconds, socket, event, count.
    var lines: [String] {
        (events[oldest...] + events[..<oldest]).map { event in
            "\(event.nanoseconds / 1000) us  #\(event.subject) \(event.kind.rawValue) \(event.count)"
        }
    }
}
