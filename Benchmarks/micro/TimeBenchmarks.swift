import BenchmarkSupport
import ZCNet

/// Arming and cancelling timers while 100,000 are armed: the timing wheel against two binary heaps.
///
/// One is the heap of timer objects that goim and most event loops keep. The other is the best that could be
/// made of a heap: entries inline in one block, an index of positions so that a cancel finds its entry at
/// once, no allocation after warm-up and no bounds checks.
///
/// The loads differ in where the heap has to work:
/// - *request*: 100,000 idle timeouts in no order, and over them 64 requests in flight with a short timeout
///   each. One is answered, the next one sent. The heap works near its root, as deep as it is.
/// - *idle*: any connection's timeout is replaced by one a minute ahead. The heap fills holes in its middle.
/// - *rearm*: the same by `rearm`, which the heap has as well: the entry sinks from where it is.
/// - *random*: any timer is cancelled, any deadline armed. The heap's best case: most entries are near its
///   leaves.
func timeBenchmarks(_ options: ReportOptions) -> [Comparison] {
    Load.allCases.flatMap { load in
        var seed: UInt64 = 0
        var plan = Plan(load: load, seed: 0)
        let measured = Measurement.interleaved(
            rounds: options.repetitions(9),
            [
                "wheel": {
                    // The first of a round's contenders draws the round's plan.
                    seed += 1
                    plan = Plan(load: load, seed: seed)
                    return measureWheel(plan)
                },
                "heap of objects": { measureObjectHeap(plan) },
                "tuned heap": { measureHeap(plan) },
            ])
        return ["heap of objects", "tuned heap"].map {
            Comparison("wheel, \(load)", measured, ours: "wheel", beside: $0)
        }
    }
}

private let armedCount = 100_000
private let pairCount = 200_000
private let windowCount = 64

private enum Load: CaseIterable {
    case request, idle, rearm, random
}

/// The same decisions for both: deadlines, and which timer a pair cancels. Made before the clock runs.
private struct Plan {
    let load: Load
    var initialDeadlines: [Int64] = []
    var deadlines: [Int64] = []
    var victims: [Int] = []

    init(load: Load, seed: UInt64) {
        self.load = load
        var random = SplitMix(state: seed)
        let second: Int64 = 1_000_000_000
        func number(below limit: Int64) -> Int64 { Int64(random.next() % UInt64(limit)) }
        for _ in 0..<armedCount { initialDeadlines.append(number(below: 60 * second) + 2 * second) }
        for index in 0..<pairCount {
            // A pair every 5 µs: the deadlines of a kind of timeout grow with the time at which it is armed.
            let now = Int64(index) * 5000
            switch load {
            case .request:
                initialDeadlines.append(contentsOf: index < windowCount ? [second] : [])
                deadlines.append(second + now)
                victims.append(armedCount + index % windowCount)
            case .idle, .rearm:
                deadlines.append(62 * second + now)
                victims.append(Int(number(below: Int64(armedCount))))
            case .random:
                deadlines.append(number(below: 60 * second) + 2 * second)
                victims.append(Int(number(below: Int64(armedCount))))
            }
        }
    }
}

/// Nanoseconds per pair of the wheel.
private func measureWheel(_ plan: Plan) -> Double {
    guard var wheel = try? TimingWheel(origin: .zero) else { return .nan }
    var ids: [TimerID] = []
    for deadline in plan.initialDeadlines {
        ids.append(wheel.schedule(TimerPayload(rawValue: 0), at: MonotonicInstant(nanoseconds: deadline)))
    }
    // Why spans: neither contender pays for an array's uniqueness checks.
    let (deadlines, victims) = (plan.deadlines.span, plan.victims.span)
    var armed = ids.mutableSpan
    let started = MonotonicClock.system.now()
    if plan.load == .rearm {
        for index in 0..<pairCount {
            let deadline = MonotonicInstant(nanoseconds: deadlines[index])
            precondition(wheel.rearm(armed[victims[index]], at: deadline))
        }
    } else {
        for index in 0..<pairCount {
            let victim = victims[index]
            precondition(wheel.cancel(armed[victim]))
            let deadline = MonotonicInstant(nanoseconds: deadlines[index])
            armed[victim] = wheel.schedule(TimerPayload(rawValue: UInt64(index)), at: deadline)
        }
    }
    let elapsed = MonotonicClock.system.now() - started
    precondition(wheel.count == plan.initialDeadlines.count)
    return nanosecondsPerPair(elapsed)
}

/// Nanoseconds per pair of the heap of objects, which has no `rearm`: it cancels and arms.
private func measureObjectHeap(_ plan: Plan) -> Double {
    var heap = ObjectHeap()
    var armed: [HeapTimer] = []
    for deadline in plan.initialDeadlines { armed.append(heap.schedule(payload: 0, at: deadline)) }
    let started = MonotonicClock.system.now()
    for index in 0..<pairCount {
        let victim = plan.victims[index]
        precondition(heap.cancel(armed[victim]))
        armed[victim] = heap.schedule(payload: UInt64(index), at: plan.deadlines[index])
    }
    let elapsed = MonotonicClock.system.now() - started
    precondition(heap.count == plan.initialDeadlines.count)
    return nanosecondsPerPair(elapsed)
}

/// Nanoseconds per pair of the heap.
private func measureHeap(_ plan: Plan) -> Double {
    var heap = TimerHeap(capacity: plan.initialDeadlines.count + 1)
    var ids: [UInt64] = []
    for deadline in plan.initialDeadlines { ids.append(heap.schedule(payload: 0, at: deadline)) }
    // Why spans: neither contender pays for an array's uniqueness checks.
    let (deadlines, victims) = (plan.deadlines.span, plan.victims.span)
    var armed = ids.mutableSpan
    let started = MonotonicClock.system.now()
    if plan.load == .rearm {
        for index in 0..<pairCount {
            precondition(heap.rearm(armed[victims[index]], at: deadlines[index]))
        }
    } else {
        for index in 0..<pairCount {
            let victim = victims[index]
            precondition(heap.cancel(armed[victim]))
            armed[victim] = heap.schedule(payload: UInt64(index), at: deadlines[index])
        }
    }
    let elapsed = MonotonicClock.system.now() - started
    precondition(heap.count == plan.initialDeadlines.count)
    return nanosecondsPerPair(elapsed)
}

/// A binary heap of deadlines whose entries know their timer, and timers that know their entry's position.
@safe
private struct TimerHeap: ~Copyable {
    struct Entry {
        var deadline: Int64
        var timer: UInt32
    }

    struct Timer {
        var payload: UInt64
        var generation: UInt32
        /// The entry's position while armed, the next free timer otherwise.
        var position: UInt32
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let timers: UnsafeMutablePointer<Timer>
    private var firstFree: UInt32 = 0
    private(set) var count = 0

    /// SAFETY: both blocks hold `capacity` initialised elements; positions and timers are below it
    /// throughout, as the benchmark never arms more.
    init(capacity: Int) {
        unsafe entries = .allocate(capacity: capacity)
        unsafe entries.initialize(repeating: Entry(deadline: 0, timer: 0), count: capacity)
        unsafe timers = .allocate(capacity: capacity)
        for index in 0..<capacity {
            unsafe (timers + index).initialize(
                to: Timer(payload: 0, generation: 1, position: UInt32(index + 1)))
        }
    }

    deinit {
        unsafe entries.deallocate()
        unsafe timers.deallocate()
    }

    mutating func schedule(payload: UInt64, at deadline: Int64) -> UInt64 {
        let timer = firstFree
        firstFree = unsafe timers[Int(timer)].position
        unsafe timers[Int(timer)].payload = payload
        count += 1
        rise(Entry(deadline: deadline, timer: timer), from: count - 1)
        return unsafe UInt64(timers[Int(timer)].generation) << 32 | UInt64(timer)
    }

    mutating func cancel(_ id: UInt64) -> Bool {
        let timer = Int(UInt32(truncatingIfNeeded: id))
        guard unsafe timers[timer].generation == UInt32(truncatingIfNeeded: id >> 32) else { return false }
        let position = unsafe Int(timers[timer].position)
        unsafe timers[timer].generation &+= 1
        unsafe timers[timer].position = firstFree
        firstFree = UInt32(timer)
        count -= 1
        guard position < count else { return true }
        unsafe settle(entries[count], from: position)
        return true
    }

    mutating func rearm(_ id: UInt64, at deadline: Int64) -> Bool {
        let timer = Int(UInt32(truncatingIfNeeded: id))
        guard unsafe timers[timer].generation == UInt32(truncatingIfNeeded: id >> 32) else { return false }
        unsafe settle(Entry(deadline: deadline, timer: UInt32(timer)), from: Int(timers[timer].position))
        return true
    }

    /// Puts `entry` where it belongs, given a hole at `position`.
    private func settle(_ entry: Entry, from position: Int) {
        if position > 0, unsafe entries[(position - 1) / 2].deadline > entry.deadline {
            rise(entry, from: position)
        } else {
            sink(entry, from: position)
        }
    }

    /// Moves the hole at `start` up to where `entry` belongs.
    private func rise(_ entry: Entry, from start: Int) {
        var position = start
        while position > 0 {
            let parent = (position - 1) / 2
            guard unsafe entries[parent].deadline > entry.deadline else { break }
            unsafe put(entries[parent], at: position)
            position = parent
        }
        put(entry, at: position)
    }

    /// Moves the hole at `start` down to where `entry` belongs.
    private func sink(_ entry: Entry, from start: Int) {
        var position = start
        while true {
            var child = 2 * position + 1
            guard child < count else { break }
            if child + 1 < count, unsafe entries[child + 1].deadline < entries[child].deadline { child += 1 }
            guard unsafe entries[child].deadline < entry.deadline else { break }
            unsafe put(entries[child], at: position)
            position = child
        }
        put(entry, at: position)
    }

    @inline(__always)
    private func put(_ entry: Entry, at position: Int) {
        unsafe entries[position] = entry
        unsafe timers[Int(entry.timer)].position = UInt32(truncatingIfNeeded: position)
    }
}

private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

private func nanosecondsPerPair(_ elapsed: Duration) -> Double {
    elapsed / .nanoseconds(1) / Double(pairCount)
}
