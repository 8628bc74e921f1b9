/// Where tasks run that are to stay on one loop's thread: the executor that they prefer. The loop runs their
/// jobs in its turn, between its timers and the gathered writes, one generation per turn, so that tasks that
/// yield to each other cannot hold it.
///
/// A loop has none before the first link asks for one.
///
/// **Threads.** `enqueue` from any; everything else on the loop's.
///
/// **After the loop's end** jobs go to the global executor, still one after the other: tasks that are left
/// find their links closed, and two of one link do not touch it at once.
///
/// **Cost.** On the loop's thread an entry of an array, or nothing where `resume` runs the job at once; from
/// elsewhere a message to the loop.
package final class LoopLane: TaskExecutor, @unchecked Sendable {
    // SAFETY: `state` is used on the loop's thread only; `late` has a lock.
    private let loop: EventLoop
    private let state: OwnedCell<State>
    private let late = Locked(Late())

    private struct State: ~Copyable {
        var jobs: [UnownedJob] = []
        var running: [UnownedJob] = []
        /// Whether the next job of the loop's own thread is run where it is enqueued.
        var runsNextAtOnce = false
        /// Whether a job is being run.
        var isRunning = false
        /// The tasks of accepted links, to be cancelled and waited for when the loop ends; nil for one whose
        /// first job runs before anybody has its handle.
        var tasks: [Int: Guest] = [:]
        var nextTask = 0
        var awaited = AwaitedTasks()
        /// Callers' own tasks that stay here for as long as they have a link.
        var visitorCount = 0
        var hasCancelled = false
    }

    private struct Guest {
        var task: Task<Void, Never>?
        let canceller: any TaskCanceller
    }

    /// What came when the loop took no more messages, and since it has ended.
    private struct Late {
        var hasEnded = false
        /// Whether somebody runs them.
        var isDrained = false
        var jobs: [UnownedJob] = []

        /// Whether somebody has to begin to run them.
        mutating func claim() -> Bool {
            if !hasEnded || isDrained || jobs.isEmpty { return false }
            isDrained = true
            return true
        }
    }

    /// How long tasks may take to end once they were cancelled, before the loop ends without them.
    package static let patience = Duration.seconds(1)

    init(of loop: EventLoop) {
        self.loop = loop
        state = OwnedCell(State())
    }

    /// Whether the caller runs on the loop's thread.
    package var isCurrent: Bool { loop.isCurrent }

    /// Whether the loop has ended. Any thread.
    package var hasEnded: Bool { late.withLock { $0.hasEnded } }

    // MARK: Jobs

    /// Has the loop run a job.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard loop.isCurrent else { return enqueueFromElsewhere(job) }
        let place = state.place
        if place[].runsNextAtOnce {
            place[].runsNextAtOnce = false
            run(job)
        } else {
            place[].jobs.append(job)
            loop.hasJobs = true
        }
    }

    private func enqueueFromElsewhere(_ job: UnownedJob) {
        let posted = loop.enqueue(isControl: true) { [self] in
            state.place[].jobs.append(job)
            loop.hasJobs = true
        }
        if posted == .posted { return }
        let isClaimed = late.withLock { late in
            late.jobs.append(job)
            return late.claim()
        }
        if isClaimed { drainLate() }
    }

    /// Runs what is left of a loop that has ended, one job after the other, on a thread of the global
    /// executor for as long as there are any.
    private func drainLate() {
        Task.detached { [self] in
            while true {
                let jobs = late.withLock { late in
                    defer { late.jobs = [] }
                    late.isDrained = !late.jobs.isEmpty
                    return late.jobs
                }
                if jobs.isEmpty { return }
                for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
                // Tasks that are always ready must not keep a thread from others.
                await Task.yield()
            }
        }
    }

    private func run(_ job: UnownedJob) {
        let place = state.place
        let wasRunning = place[].isRunning
        place[].isRunning = true
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        place[].isRunning = wasRunning
    }

    /// Does what makes a task of this lane ready to run, and runs it here and now, unless another is running
    /// already: within a connection's callback what it sends leaves with the callback's one write.
    package func atOnce(_ work: () -> Void) {
        let place = state.place
        place[].runsNextAtOnce = !place[].isRunning && loop.isCurrent
        work()
        place[].runsNextAtOnce = false
    }

    /// Has a task go on that waits on this lane.
    package func resume(_ continuation: UnsafeContinuation<Void, Never>) {
        atOnce { unsafe continuation.resume() }
    }

    /// Runs the jobs that are there now; what they enqueue waits for the next turn.
    ///
    /// - Parameter watch: runs each job, and sees how long it takes.
    func runGeneration(_ watch: (() -> Void) -> Void) {
        let place = state.place
        loop.hasJobs = false
        swap(&place[].jobs, &place[].running)
        // By index: nobody else touches what is running.
        for index in 0..<place[].running.count {
            let job = place[].running[index]
            watch { run(job) }
        }
        place[].running.removeAll(keepingCapacity: true)
    }

    // MARK: Tasks

    /// Begins a task here that the loop cancels at the end of its grace, and waits for.
    ///
    /// - Parameter canceller: told on the loop when the task is cancelled. Nobody but the lane has the task's
    ///   handle, so that a cancellation handler, half a kilobyte of the task's memory, is not needed.
    /// - Parameter isAwaited: whether somebody waits for the task's end, and not only for its work.
    /// - Returns: the task's number, for ``cancel(_:)``.
    @discardableResult
    package func begin(
        _ canceller: some TaskCanceller, isAwaited: Bool = false,
        _ body: @escaping @Sendable () async -> Void
    ) -> Int {
        let place = state.place
        let number = place[].nextTask
        place[].nextTask += 1
        if isAwaited { place[].awaited.begun += 1 }
        let isLate = place[].hasCancelled
        var task: Task<Void, Never>?
        atOnce {
            place[].tasks[number] = Guest(task: nil, canceller: canceller)
            task = Task(executorPreference: self) { [self] in
                await body()
                ended(number, isAwaited: isAwaited)
            }
        }
        // The body may have ended already.
        guard let task, place[].tasks[number] != nil else { return number }
        place[].tasks[number]?.task = task
        if isLate { cancel([Guest(task: task, canceller: canceller)]) }
        return number
    }

    /// Cancels a task that `begin` began, where it has not ended: nobody waits for what it does. On the loop.
    package func cancel(_ number: Int) {
        if loop.isCurrent { state.place[].tasks[number]?.task?.cancel() }
    }

    private func cancel(_ guests: [Guest]) {
        for guest in guests { guest.task?.cancel() }
        let bound = LoopBound(guests.map(\.canceller))
        // By the mailbox, as whoever asks is in the middle of something.
        post { for canceller in bound.value { canceller.cancel() } }
    }

    private func ended(_ number: Int, isAwaited: Bool) {
        // After the loop's end nobody waits, and the caller is on another thread.
        guard loop.isCurrent else { return }
        state.place[].tasks.removeValue(forKey: number)
        if isAwaited { state.place[].awaited.ended += 1 }
    }

    /// The tasks whose ends somebody waits for. On the loop.
    package var awaited: AwaitedTasks { state.place[].awaited }

    /// Has the loop do something soon, whatever else waits; dropped once it has ended. Any thread.
    package func post(_ work: @escaping @Sendable () -> Void) { loop.enqueue(isControl: true, work) }

    /// A caller's own task comes here, or leaves. On the loop.
    package func visit(_ change: Int) { if loop.isCurrent { state.place[].visitorCount += change } }

    /// How many tasks the loop would wait for.
    package var taskCount: Int { state.place[].tasks.count + state.place[].visitorCount }

    /// Cancels the tasks of accepted links, once; whether there were any.
    @discardableResult
    func cancelTasks() -> Bool {
        let place = state.place
        if place[].hasCancelled { return false }
        place[].hasCancelled = true
        let tasks = place[].tasks
        if tasks.isEmpty { return false }
        cancel(tasks.keys.sorted().compactMap { tasks[$0] })
        return true
    }

    // MARK: The end

    /// The last jobs of a loop whose connections have ended: tasks that only waited for that end here.
    func finish() {
        let place = state.place
        cancelTasks()
        var generations = 0
        while !place[].jobs.isEmpty && generations < Self.lastGenerationsMax {
            generations += 1
            runGeneration { $0() }
        }
    }

    /// The loop takes no more jobs.
    func end() {
        let place = state.place
        var left: [UnownedJob] = []
        swap(&left, &place[].jobs)
        place[].tasks = [:]
        let isClaimed = late.withLock { late in
            late.hasEnded = true
            late.jobs = left + late.jobs
            return late.claim()
        }
        if isClaimed { drainLate() }
    }

    private static let lastGenerationsMax = 64
}

/// Tasks whose ends somebody waits for: how many there were, and how many of them have ended.
package struct AwaitedTasks: Hashable, Sendable {
    /// How many have begun.
    package var begun = 0
    /// How many of them have ended.
    package var ended = 0

    package init() {}

    /// Whether all have ended.
    package var isEmpty: Bool { begun == ended }

    package static func += (left: inout AwaitedTasks, right: AwaitedTasks) {
        left.begun += right.begun
        left.ended += right.ended
    }
}

/// What a task of a lane waits by: has it go on when the task is cancelled.
package protocol TaskCanceller: AnyObject {
    /// The task is cancelled. On the loop.
    func cancel()
}
