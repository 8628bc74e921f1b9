import CZCNet
import Synchronization

/// Runs a history again and again until every schedule and every permitted value has been seen.
///
/// Depth-first replay: the path of decisions is kept, the last one that has an alternative is changed, and
/// the history is run from its start. Sleep sets leave out schedules that differ only in the order of
/// operations that do not conflict. The threads are real, but only the one that holds the baton runs.
final class Explorer: @unchecked Sendable {
    struct Report {
        var executions = 0
        var pruned = 0
        var failure: String?
    }

    private struct Decision {
        /// Threads or values, in the order in which they are tried.
        let options: [Int]
        /// Threads (a bit set) whose next operation has been explored from here on an earlier path.
        let asleep: UInt
        var index = 0
    }

    private static let explorations = Atomic<Int>(0)

    private let threadCount: Int
    private let processor: Int32
    private var gates: [Gate] = []
    private let done = Gate()
    private var path: [Decision] = []
    private var depth = 0
    private var asleep: UInt = 0
    /// Set when the rest of an execution has been explored before: it is run to its end without decisions.
    private var isFreeRunning = false
    private var isStopping = false
    private var model: Model?
    private var report = Report()

    private init(threadCount: Int) {
        self.threadCount = threadCount
        let number = Self.explorations.wrappingAdd(1, ordering: .relaxed).oldValue
        processor = Int32(number) % zc_processor_count()
    }

    /// Explores the history that `setUp` builds afresh for each execution.
    static func explore(
        threads: Int, faults: Set<Fault> = [], executionsMax: Int = 200_000, setUp: @escaping (Model) -> Void
    ) -> Report {
        let explorer = Explorer(threadCount: threads)
        explorer.gates = (0..<threads).map { _ in Gate() }
        let workers = (0..<threads).map { thread in TestThread { explorer.work(thread) } }
        explorer.run(faults, executionsMax, setUp)
        // After a failure the workers stay parked inside the history for ever: it cannot be left from within.
        if explorer.report.failure == nil {
            explorer.isStopping = true
            for gate in explorer.gates { gate.open() }
            for worker in workers { worker.join() }
        }
        return explorer.report
    }

    private func run(_ faults: Set<Fault>, _ executionsMax: Int, _ setUp: (Model) -> Void) {
        repeat {
            let model = Model(explorer: self, threads: threadCount, faults: faults)
            setUp(model)
            precondition(model.bodies.count == threadCount)
            model.begin()
            self.model = model
            depth = 0
            asleep = 0
            isFreeRunning = false
            gates[0].open()
            done.pass()
            report.executions += 1
            if isFreeRunning { report.pruned += 1 }
            if report.failure == nil, let failure = model.finalCheck() { report.failure = failure }
            if report.executions >= executionsMax, report.failure == nil {
                report.failure = "too many executions"
            }
        } while report.failure == nil && backtrack()
        model = nil
    }

    private func backtrack() -> Bool {
        while let last = path.last {
            if last.index + 1 < last.options.count {
                path[path.count - 1].index += 1
                return true
            }
            path.removeLast()
        }
        return false
    }

    private func work(_ thread: Int) {
        // All on one processor: only one of them runs at a time, and handing over is several times cheaper
        // there.
        _ = zc_thread_pin(zc_processor_at(processor))
        while true {
            gates[thread].pass()
            guard !isStopping, let model else { return }
            model.bodies[thread]()
            model.threadEnded(thread)
            _ = passOn(from: thread)
        }
    }

    /// The running thread has announced its next operation, or its end: decides who goes on.
    func yield(from thread: Int) {
        let next = passOn(from: thread)
        if next != thread { gates[thread].pass() }
    }

    private func passOn(from thread: Int) -> Int? {
        guard let model else { return nil }
        // First each thread is brought to its first operation, in order.
        if let starting = model.nextToStart() {
            gates[starting].open()
            return starting
        }
        guard let next = schedule(model, after: thread) else {
            if let deadlock = model.deadlock { report.failure = report.failure ?? deadlock }
            done.open()
            return nil
        }
        model.resume(next)
        if next != thread || model.hasEnded(thread) { gates[next].open() }
        return next
    }

    private func schedule(_ model: Model, after thread: Int) -> Int? {
        var enabled = model.enabledThreads
        if enabled.isEmpty { return nil }
        // The running thread first: changing threads is what costs time.
        if let position = enabled.firstIndex(of: thread) { enabled.swapAt(0, position) }
        if isFreeRunning { return enabled[0] }
        if depth == path.count {
            let options = enabled.filter { asleep & (1 << UInt($0)) == 0 }
            if options.isEmpty {
                isFreeRunning = true
                return enabled[0]
            }
            path.append(Decision(options: options, asleep: asleep))
        }
        let decision = path[depth]
        depth += 1
        let chosen = decision.options[decision.index]
        var explored = decision.asleep
        for option in decision.options[..<decision.index] { explored |= 1 << UInt(option) }
        asleep = 0
        for other in 0..<threadCount where explored & (1 << UInt(other)) != 0 {
            if !model.pending(other).conflicts(with: model.pending(chosen)) { asleep |= 1 << UInt(other) }
        }
        return chosen
    }

    /// Decides which of `count` values an operation yields; 0 is the newest.
    func choose(_ count: Int) -> Int {
        if count == 1 || isFreeRunning { return 0 }
        if depth == path.count { path.append(Decision(options: Array(0..<count), asleep: 0)) }
        let decision = path[depth]
        depth += 1
        return decision.options[decision.index]
    }

    /// Ends the exploration from inside a thread of the history, which never goes on.
    func fail(_ message: String) -> Never {
        report.failure = message
        done.open()
        let never = Gate()
        while true { never.pass() }
    }
}
