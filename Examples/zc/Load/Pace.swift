import ExampleSupport

/// When a connection sends, and since when each of its messages is under way.
struct Pace {
    /// Messages at once where each answer is followed by the next message.
    private let pipeline: Int
    /// From one message to the next where they are due by the clock; 0 where they are not.
    private let interval: Int64
    private var due: Int64
    /// When each message that is under way was sent, or due, oldest first.
    private var underWay: [Int64] = []
    private var oldest = 0
    /// Beyond so many messages under way no more are sent; those that are due wait, and their time runs.
    private static let underWayMax = 100_000

    /// A message for each that came back.
    init(pipeline: Int) {
        self.pipeline = pipeline
        interval = 0
        due = 0
    }

    /// A message whenever one is due, whatever came back.
    init(interval: Int64, firstDue: Int64) {
        pipeline = Self.underWayMax
        self.interval = max(1, interval)
        due = firstDue
    }

    /// Now, in nanoseconds.
    static var now: Int64 { nanoseconds() }

    var isByTheClock: Bool { interval > 0 }

    /// Since when the time of a message that may be sent now runs; nil when none may.
    func next(at now: Int64) -> Int64? {
        if underWay.count - oldest >= pipeline { return nil }
        if !isByTheClock { return now }
        return due <= now ? due : nil
    }

    /// A message was sent, whose time runs since `start`.
    mutating func sent(_ start: Int64) {
        underWay.append(start)
        due += interval
    }

    /// A message came back: since when it was under way; nil when none was.
    mutating func came() -> Int64? {
        guard oldest < underWay.count else { return nil }
        let start = underWay[oldest]
        oldest += 1
        // The places of messages that came back are given back when they are the most.
        if oldest > 64 && oldest * 2 > underWay.count {
            underWay.removeFirst(oldest)
            oldest = 0
        }
        return start
    }

    /// How long until the next message is due.
    func delay(at now: Int64) -> Duration { .nanoseconds(max(0, due - now)) }
}

/// What the handlers of all protocols do with what they sent and got.
struct Gauge {
    let plan: Plan
    let meter: Meter

    init(_ plan: Plan) {
        self.plan = plan
        meter = plan.takeMeter()
    }

    private var isMeasuring: Bool { plan.isMeasuring.load(ordering: .relaxed) }

    /// Sends what may be sent now; `send` answers whether the connection took a message.
    func pump(_ pace: inout Pace, _ send: () -> Bool) {
        let now = Pace.now
        while let start = pace.next(at: now) {
            guard send() else { return }
            pace.sent(start)
            if pace.isByTheClock && isMeasuring { meter.lateness.record(Int(now - start)) }
        }
    }

    /// Counts a message that came back whole.
    func came(_ pace: inout Pace, at now: Int64) {
        guard let start = pace.came() else {
            meter.differences.add(1, ordering: .relaxed)
            return
        }
        if isMeasuring { meter.latency.record(Int(now - start)) }
    }

    /// Counts a connection that ended while it was needed.
    func lost() { if isMeasuring { meter.losses.add(1, ordering: .relaxed) } }

    /// Counts a message that is not what was sent.
    func differed() { meter.differences.add(1, ordering: .relaxed) }
}
