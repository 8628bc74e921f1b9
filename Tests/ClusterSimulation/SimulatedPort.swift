package import ZCCluster
package import ZCNet
import ZCNetTesting

/// What is taken out of a cluster on purpose, to see that histories find it missing.
package enum ClusterVariant: String, CaseIterable, Sendable {
    /// Nothing.
    case whole
    /// Appends are compared with nothing.
    case noFencing = "no fencing"
    /// An engine that lets appends race is trusted to compare them.
    case trustedRaces = "races are trusted"
    /// Appends are acknowledged when they are sent.
    case acknowledgedFirst = "acknowledged before the log"
    /// What is offered again is taken for stored.
    case droppedResend = "a resend is dropped"
    /// Messages come without identity.
    case noIdentity = "no identity"
    /// A listener misses messages and does not look.
    case deafListener = "a listener misses messages"

    package static var broken: [ClusterVariant] { allCases.filter { $0 != .whole } }
}

/// The engine as one life of a node has it: it may be frozen, cut off, killed, and have a clock that jumps.
package final class SimulatedPort: ClusterEngine {
    struct State: ~Copyable {
        var isAlive = true
        var isFrozen = false
        var isCutOff = false
        /// What came while it was frozen.
        var held: [@Sendable () -> Void] = []
        var skew: Int64 = 0
        var listeners: [Int: (topic: ClusterTopic, handler: @Sendable (SharedBytes) -> Void)] = [:]
        var lastListening = 0
        var watchers: [@Sendable (LeaseEntry) -> Void] = []
        var gapWatchers: [@Sendable () -> Void] = []
        /// When the last lease that is on its way comes: they come in order.
        var watchDue: Int64 = 0
        var missedLeases = false
        var offered: Set<String> = []
    }

    private let world: SimulatedWorld
    private let variant: ClusterVariant
    private let state = OwnedCell(State())

    init(_ world: SimulatedWorld, _ variant: ClusterVariant) {
        self.world = world
        self.variant = variant
    }

    // MARK: What happens to it

    package var isAlive: Bool { state[].isAlive }
    package var isFrozen: Bool { state[].isFrozen }
    var isCutOff: Bool { state[].isCutOff || !world.state[].isServing }

    package func kill() { state[].isAlive = false }
    package func freeze() { state[].isFrozen = true }
    package func jump(by nanoseconds: Int64) { state[].skew += nanoseconds }

    package func thaw() {
        state[].isFrozen = false
        let held = state[].held
        state[].held = []
        for work in held { enter(work) }
    }

    package func setCutOff(_ isCutOff: Bool) {
        let wasCutOff = state[].isCutOff
        state[].isCutOff = isCutOff
        if wasCutOff && !isCutOff { joinAgain() }
    }

    /// What was missed of leases comes, and listeners are told that messages may be missing.
    package func joinAgain() {
        if state[].missedLeases {
            state[].missedLeases = false
            for entry in world.state[].memory.allLeases { leaseChanged(entry) }
        }
        world.schedule(after: world.delay()) { [self] in
            enter { [self] in for tell in state[].gapWatchers { tell() } }
        }
    }

    /// Runs work of the node's: later where it is frozen, never where it is gone.
    private func enter(_ work: @escaping @Sendable () -> Void) {
        guard state[].isAlive else { return }
        if state[].isFrozen { state[].held.append(work) } else { work() }
    }

    // MARK: The engine

    package var now: MonotonicInstant {
        MonotonicInstant(nanoseconds: world.nowNanoseconds + state[].skew)
    }
    package var refereesAppends: Bool { !world.faults.isRacy || variant == .trustedRaces }
    package var bytesMax: Int { 1 << 20 }

    package func perform(_ work: @escaping @Sendable () -> Void) -> Bool {
        world.schedule(after: 1000) { [self] in enter(work) }
        return state[].isAlive
    }

    package func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        world.schedule(after: delay.nanoseconds) { [self] in enter(work) }
    }

    package func publish(_ bytes: SharedBytes, to topic: ClusterTopic) -> Bool {
        world.spread(bytes, topic, from: self)
        return true
    }

    package func subscribe(
        _ topic: ClusterTopic, _ handler: @escaping @Sendable (SharedBytes) -> Void
    ) -> TopicListening {
        state[].lastListening += 1
        state[].listeners[state[].lastListening] = (topic, handler)
        return TopicListening(number: state[].lastListening)
    }

    package func unsubscribe(_ listening: TopicListening) {
        state[].listeners = state[].listeners.filter { TopicListening(number: $0.key) != listening }
    }

    package func watchGaps(_ tell: @escaping @Sendable () -> Void) { state[].gapWatchers.append(tell) }

    func hears(_ topic: ClusterTopic) -> Bool {
        state[].isAlive && state[].listeners.values.contains { $0.topic == topic }
    }

    func receive(_ bytes: SharedBytes, _ topic: ClusterTopic) {
        enter { [self] in
            for (_, listener) in state[].listeners.sorted(by: { $0.key < $1.key })
            where listener.topic == topic { listener.handler(bytes) }
        }
    }

    // MARK: Requests

    /// Whether an answer has come, for the request and the end of its time.
    private final class Once: Sendable {
        private let isOver = OwnedCell(false)

        func first() -> Bool {
            if isOver[] { return false }
            isOver[] = true
            return true
        }
    }

    /// Has the server do something: the request may be lost, late, or done without that an answer comes.
    private func ask<Value: Sendable>(
        isChange: Bool, _ answer: @escaping EngineAnswer<Value>,
        _ work: @escaping @Sendable (@escaping @Sendable (Result<Value, ClusterError>) -> Void) -> Void
    ) {
        let once = Once()
        let code: ClusterError.Code = isChange ? .unknown : .unavailable
        world.schedule(after: 1_000_000_000) { [self] in
            guard once.first() else { return }
            enter { answer(.failure(ClusterError(code, expected: "an answer within 1 s", got: "none"))) }
        }
        if isCutOff || world.happens(world.faults.lostPerMille) { return }
        world.schedule(after: world.delay()) { [self] in
            guard world.state[].isServing else { return }
            work { [self] result in
                if isCutOff || world.happens(world.faults.lostPerMille) { return }
                world.schedule(after: world.delay()) { [self] in
                    guard once.first() else { return }
                    enter { answer(result) }
                }
            }
        }
    }

    private static func outcome<Value>(
        _ body: () throws(ClusterError) -> Value
    ) -> Result<Value, ClusterError> {
        do throws(ClusterError) { return .success(try body()) } catch { return .failure(error) }
    }

    package func readLease(_ key: String, answer: @escaping EngineAnswer<LeaseEntry?>) {
        ask(isChange: false, answer) { [world] done in done(.success(world.state[].memory.lease(key))) }
    }

    package func writeLease(
        _ key: String, _ value: SharedBytes, at revision: UInt64, answer: @escaping EngineAnswer<UInt64>
    ) {
        ask(isChange: true, answer) { [world] done in
            let result = Self.outcome { () throws(ClusterError) in
                try world.state[].memory.setLease(key, value, at: revision)
            }
            if case .success(let entry) = result { world.changed(entry) }
            done(result.map(\.revision))
        }
    }

    package func watchLeases(
        _ change: @escaping @Sendable (LeaseEntry) -> Void, caughtUp: @escaping @Sendable () -> Void
    ) {
        world.schedule(after: world.delay()) { [self] in
            state[].watchers.append(change)
            let entries = world.state[].memory.allLeases
            enter {
                for entry in entries { change(entry) }
                caughtUp()
            }
        }
    }

    func leaseChanged(_ entry: LeaseEntry) {
        if state[].watchers.isEmpty || !state[].isAlive { return }
        if isCutOff {
            state[].missedLeases = true
            return
        }
        state[].watchDue = max(state[].watchDue, world.nowNanoseconds + world.delay())
        world.schedule(after: state[].watchDue - world.nowNanoseconds) { [self] in
            enter { [self] in for watcher in state[].watchers { watcher(entry) } }
        }
    }

    // MARK: The log

    package func append(
        _ record: SharedBytes, to channel: ChannelName, id: String, behind place: UInt64,
        answer: @escaping EngineAnswer<UInt64>
    ) {
        var answer = answer
        let isOfferedAgain = !state[].offered.insert(id).inserted
        if variant == .acknowledgedFirst || variant == .droppedResend && isOfferedAgain {
            let next = (world.state[].memory.newest(of: channel)?.place ?? 0) + 1
            let tell = answer
            schedule(after: .zero) { tell(.success(max(next, place + 1))) }
            if variant == .droppedResend { return }
            answer = { _ in }
        }
        let behind: UInt64? = variant == .noFencing ? nil : place
        ask(isChange: true, answer) { [world] done in
            guard world.faults.isRacy, behind == world.state[].memory.newest(of: channel)?.place ?? 0 else {
                return done(
                    Self.outcome { () throws(ClusterError) in
                        try world.state[].memory.append(record, to: channel, id: id, behind: behind)
                    })
            }
            // Compared now, and taken once a majority has it.
            let delay = world.draw(4) == 0 ? world.draw(400_000) : world.draw(4000)
            world.schedule(after: Int64(delay) * 1000) {
                done(
                    Self.outcome { () throws(ClusterError) in
                        try world.state[].memory.append(record, to: channel, id: id, behind: nil)
                    })
            }
        }
    }

    package func newest(of channel: ChannelName, answer: @escaping EngineAnswer<LogRecord?>) {
        ask(isChange: false, answer) { [world] done in
            done(.success(world.state[].memory.newest(of: channel)))
        }
    }

    package func read(
        _ channel: ChannelName, from place: UInt64, limit: ReadLimit,
        answer: @escaping EngineAnswer<[LogRecord]>
    ) {
        ask(isChange: false, answer) { [world] done in
            done(.success(world.state[].memory.read(channel, from: place, limit: limit)))
        }
    }
}
