import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// Random operations on a wheel and on a list of timers that is searched from end to end.
@Suite struct TimingWheelModelTests {
    #if DEBUG
    static let operations = 60_000
    #else
    static let operations = 2_000_000
    #endif

    @Test(arguments: [
        (UInt64(1), 10_000_000, 0), (2, 1_000_000, -5_000_000_000), (3, 100_000, 17), (4, 3_333_333, 1),
    ])
    func agreesWithNaiveModel(seed: UInt64, tickNanoseconds: Int64, origin: Int64) throws {
        var pair = try WheelAndModel(seed: seed, tickNanoseconds: tickNanoseconds, origin: origin)
        for step in 0..<Self.operations / 4 { try pair.step(step) }
        try pair.finish()
    }
}

private struct WheelAndModel: ~Copyable {
    struct Timer {
        let id: TimerID
        let payload: TimerPayload
        var deadline: Int64
        var tick: Int128
        var state: State
    }

    enum State { case waiting, overdue, expired }

    let seed: UInt64
    let tickNanoseconds: Int64
    let origin: Int64
    var random: SimulatedRandom
    var wheel: TimingWheel
    var timers: [Timer] = []
    var stale: [TimerID] = []
    var now: Int64
    var payloadsUsed: UInt64 = 0
    var stepNumber = 0

    init(seed: UInt64, tickNanoseconds: Int64, origin: Int64) throws {
        self.seed = seed
        self.tickNanoseconds = tickNanoseconds
        self.origin = origin
        random = SimulatedRandom(seed: seed)
        wheel = try TimingWheel(
            tick: .nanoseconds(tickNanoseconds), origin: MonotonicInstant(nanoseconds: origin))
        now = origin
    }

    var currentTick: Int128 { (Int128(now) - Int128(origin)) / Int128(tickNanoseconds) }

    mutating func step(_ number: Int) throws {
        stepNumber = number
        switch Int.random(in: 0..<100, using: &random) {
        case ..<30 where timers.count < 60: try schedule()
        case ..<45: try cancel()
        case ..<60: try rearm()
        case ..<64: try useStaleId()
        case ..<80: try advance(by: random.magnitude(bitsMax: 44))
        case ..<83: try advanceToNextExpiry()
        default: try pop()
        }
        try compare()
    }

    /// Far ahead mostly, sometimes now or in the past; in whole ticks or not.
    mutating func anyDeadline() -> Int64 {
        let distance = random.magnitude(bitsMax: 53)
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return now
        case 1: return now - distance
        case 2: return now - now % tickNanoseconds + distance / tickNanoseconds * tickNanoseconds
        default: return now + distance
        }
    }

    func place(_ timer: inout Timer, deadline: Int64) {
        timer.deadline = deadline
        guard deadline > now else {
            timer.tick = currentTick
            timer.state = .overdue
            return
        }
        let elapsed = Int128(deadline) - Int128(origin)
        timer.tick = (elapsed + Int128(tickNanoseconds) - 1) / Int128(tickNanoseconds)
        timer.state = .waiting
    }

    mutating func schedule() throws {
        payloadsUsed += 1
        let payload = TimerPayload(rawValue: payloadsUsed)
        let deadline = anyDeadline()
        let id = wheel.schedule(payload, at: MonotonicInstant(nanoseconds: deadline))
        try check(!timers.contains { $0.id == id } && !stale.contains(id), "an id came twice")
        var timer = Timer(id: id, payload: payload, deadline: 0, tick: 0, state: .waiting)
        place(&timer, deadline: deadline)
        timers.append(timer)
    }

    mutating func cancel() throws {
        guard let index = timers.indices.randomElement(using: &random) else { return }
        try check(wheel.cancel(timers[index].id), "cancel refused")
        retire(index)
    }

    mutating func rearm() throws {
        guard let index = timers.indices.randomElement(using: &random) else { return }
        let deadline = anyDeadline()
        let moved = wheel.rearm(timers[index].id, at: MonotonicInstant(nanoseconds: deadline))
        try check(moved, "rearm refused")
        var timer = timers[index]
        place(&timer, deadline: deadline)
        timers[index] = timer
    }

    mutating func useStaleId() throws {
        guard let id = stale.randomElement(using: &random) else { return }
        try check(!wheel.cancel(id), "cancelled a stale id")
        try check(!wheel.rearm(id, at: .zero), "re-armed a stale id")
    }

    mutating func advance(by nanoseconds: Int64) throws {
        now += nanoseconds
        wheel.advance(to: MonotonicInstant(nanoseconds: now))
        let reached = currentTick
        for index in timers.indices where timers[index].state == .overdue || timers[index].tick <= reached {
            timers[index].state = .expired
        }
    }

    mutating func advanceToNextExpiry() throws {
        guard let next = wheel.nextExpiry() else { return }
        try advance(by: max(0, next.nanoseconds - now))
    }

    mutating func pop() throws {
        let earliest = timers.lazy.filter { $0.state == .expired }.map(\.tick).min()
        guard let popped = wheel.popExpired() else {
            return try check(earliest == nil, "an expired timer was not delivered")
        }
        guard let index = timers.firstIndex(where: { $0.id == popped.id }) else {
            return try check(false, "an unknown timer came")
        }
        let timer = timers[index]
        try check(timer.payload == popped.payload, "another timer's payload")
        try check(timer.state == .expired && timer.deadline <= now, "a timer came early")
        try check(timer.tick == earliest, "not in order of ticks")
        retire(index)
    }

    mutating func retire(_ index: Int) {
        let id = timers.remove(at: index).id
        if stale.count < 64 { stale.append(id) } else { stale[Int(random.next() % 64)] = id }
    }

    func compare() throws {
        try check(wheel.count == timers.count, "count is \(wheel.count), not \(timers.count)")
        let next = wheel.nextExpiry()?.nanoseconds
        guard let earliest = timers.min(by: { $0.tick < $1.tick }) else {
            return try check(next == nil, "waits for nothing")
        }
        if timers.contains(where: { $0.state != .waiting }) {
            return try check(next == now, "timers are due, yet the wheel says \(next ?? -1), not \(now)")
        }
        let exact = Int128(origin) + earliest.tick * Int128(tickNanoseconds)
        guard let next else { return try check(false, "waits for nobody") }
        try check(next > now, "a wake-up without progress")
        try check(Int128(next) <= exact, "sleeps beyond the first timer")
        let isNear = UInt64(earliest.tick) ^ UInt64(currentTick) < 64
        try check(!isNear || Int128(next) == exact, "not exact in the lowest level")
    }

    /// Everything still armed comes due in the end.
    mutating func finish() throws {
        try advance(by: 1 << 60)
        while !timers.isEmpty { try pop() }
        try compare()
    }

    func check(_ condition: Bool, _ text: @autoclosure () -> String) throws {
        guard condition else { throw WheelMismatch(text(), seed: seed, step: stepNumber) }
    }
}
