internal import CZCNet

/// Loops that serve together: one thread each, started and ended as one.
///
/// ```swift
/// let group = try EventLoopGroup(loops: 4)
/// let server = try TCPServer(on: "0.0.0.0:9000", group: group) { Echo() }
/// try group.start()
/// …
/// group.shutdown(grace: .seconds(5))
/// group.wait()
/// ```
/// Servers and clients are added before `start`. Threads live from `start` until after `shutdown`.
public final class EventLoopGroup: Sendable {
    /// How a group is built.
    public struct Configuration: Sendable {
        /// How many loops; nil takes one per processor that this process may use.
        public var loops: Int?
        /// Which driver moves the bytes.
        public var driver = DriverChoice.automatic
        /// Whether each loop's thread stays on a processor of its own.
        public var pinsThreads = false
        /// The threads' names, followed by the loop's number; 15 bytes in all are kept.
        public var threadName = "zcnet-loop-"
        /// What each loop may use.
        public var limits = LoopLimits()
        /// Who is told of what happens to connections.
        public var observer: (any Observer)?
        /// Who sees every callback with its duration; nil, the default, costs nothing.
        public var tracer: (any Tracer)?

        /// The defaults.
        public init() {}

        /// More would each have too little to do.
        private static let loopsMax = 256

        package func validate() throws(ConfigurationError) {
            try ConfigurationError.check("loops", loops, in: 1...Self.loopsMax)
            try limits.validate("limits")
        }
    }

    /// The loops, by their index.
    public let loops: [EventLoop]
    let siblings: SiblingHosts
    /// The hosts of the loops, for tests that look at a loop's books.
    package var hosts: [ConnectionHost] { siblings.all }
    private let configuration: Configuration
    private let phase = Locked(Phase.built)
    private let firstFailure = Locked<SystemError?>(nil)
    let ends = LoopEnds()

    private enum Phase {
        case built
        case running([PosixThread])
        case ended
    }

    /// Builds loops; no thread is started yet.
    public convenience init(_ configuration: Configuration = Configuration()) throws {
        try configuration.validate()
        let choice = configuration.driver
        try self.init(configuration) { _ in try DriverFactory.make(choice) }
    }

    /// Builds a group of so many loops with defaults otherwise.
    public convenience init(loops: Int, driver: DriverChoice = .automatic) throws {
        var configuration = Configuration()
        configuration.loops = loops
        configuration.driver = driver
        try self.init(configuration)
    }

    /// Builds loops on drivers of the caller's making, such as simulated ones.
    package init(_ configuration: Configuration, makeDriver: (Int) throws -> any Driver) throws {
        self.configuration = configuration
        let count = configuration.loops ?? Int(zc_processor_count())
        guard let numbers = LoopNumbers(count: count) else {
            throw ConfigurationError(
                field: "loops", expected: "at most \(LoopNumbers.countMax) in a process",
                got: "\(count) more")
        }
        let siblings = SiblingHosts(numbers)
        self.siblings = siblings
        let limits = configuration.limits
        var isComplete = false
        defer { if !isComplete { siblings.abandon() } }
        loops = try (0..<count).map { index in
            let loop = try EventLoop(
                index: index, of: numbers, driver: try makeDriver(index),
                wheel: try TimingWheel(tick: limits.timerTick, origin: .zero),
                mailboxMessagesMax: limits.mailboxMessagesMax)
            let host = try ConnectionHost(
                loop: loop, limits: limits, observer: configuration.observer, tracer: configuration.tracer,
                siblings: siblings)
            loop.settle(host)
            siblings.add(loop, host)
            return loop
        }
        isComplete = true
    }

    deinit {
        let isBuilt = phase.withLock { if case .built = $0 { true } else { false } }
        if isBuilt { siblings.abandon() }
    }

    /// Starts one thread per loop. Once; when a thread cannot be had, those that could are ended again.
    public func start() throws(SystemError) {
        var threads: [PosixThread] = []
        let failure = phase.withLock { phase -> SystemError? in
            guard case .built = phase else { return nil }
            do throws(SystemError) {
                for loop in loops { threads.append(try startThread(loop)) }
                phase = .running(threads)
                return nil
            } catch {
                phase = .ended
                return error
            }
        }
        guard let failure else { return }
        shutdown(grace: .zero)
        for thread in threads { thread.join() }
        siblings.abandon()
        throw failure
    }

    private func startThread(_ loop: EventLoop) throws(SystemError) -> PosixThread {
        let observer = configuration.observer
        let firstFailure = firstFailure
        let ends = ends
        let processor =
            configuration.pinsThreads ? zc_processor_at(Int32(loop.index) % zc_processor_count()) : nil
        ends.count(1)
        var isStarted = false
        defer { if !isStarted { ends.count(-1) } }
        let thread = try PosixThread(name: "\(configuration.threadName)\(loop.index)", processor: processor) {
            defer { ends.count(-1) }
            PosixThread.blockPipeSignal()
            do throws(SystemError) {
                try loop.run()
            } catch {
                firstFailure.withLock { $0 = $0 ?? error }
                observer?.loopFailed(loop.index, error: error)
            }
        }
        isStarted = true
        return thread
    }

    /// Asks every loop to stop accepting, to drain its connections within `grace`, and to end. Any thread; at
    /// once.
    public func shutdown(grace: Duration = .seconds(10)) {
        for loop in loops { loop.requestStop(grace: grace) }
    }

    /// Throws once the loops run: what they serve is theirs alone then.
    func checkNotStarted() throws(ConfigurationError) {
        let isBuilt = phase.withLock { if case .built = $0 { true } else { false } }
        guard isBuilt else {
            throw ConfigurationError(
                field: "group", expected: "one that has not started", got: "one that has")
        }
    }

    /// The loop that owns a connection, whether it is still there or not; nil for another group's.
    public func loop(of id: ConnectionID) -> EventLoop? {
        let index = id.loopNumber - loops[0].number
        return loops.indices.contains(index) ? loops[index] : nil
    }

    /// Waits until every loop has ended. Not from a loop's own thread.
    public func wait() {
        precondition(!loops.contains { $0.isCurrent }, "a loop cannot wait for its own end")
        let threads = phase.withLock { phase -> [PosixThread] in
            guard case .running(let threads) = phase else { return [] }
            phase = .ended
            return threads
        }
        for thread in threads { thread.join() }
    }

    /// Why the first loop that could not go on could not; nil while all are well. Any thread.
    ///
    /// A loop that fails has closed its connections and listeners, and serves no more, while the others go on
    /// and the process lives: whoever runs it has to look here once `wait` returns, or be told at once by
    /// ``Observer/loopFailed(_:error:)``, and begin anew.
    public var failure: SystemError? { firstFailure.withLock { $0 } }

    /// Counters and gauges of all loops, as a value.
    public func snapshot() -> MetricsSnapshot { MetricsSnapshot(loops: loops.map { $0.metrics.snapshot() }) }
}

/// Who waits, as a task, for the end of a group's loops. Any thread.
final class LoopEnds: Sendable {
    private struct State {
        var running = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Locked(State())

    /// A loop begins, or ends.
    func count(_ change: Int) {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.running += change
            guard state.running == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until no loop runs.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.running > 0 { state.waiting.append(continuation) }
                return state.running == 0
            }
            if isOver { continuation.resume() }
        }
    }
}
