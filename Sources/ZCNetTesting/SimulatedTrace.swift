/// What happened in a simulation, the last so many events of it. Numbers while it runs, text when somebody
/// asks.
struct SimulatedTrace {
    /// One event.
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
