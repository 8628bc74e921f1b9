import Synchronization
import ZCLibC

/// One thread, one driver, one wheel of timers: everything of a connection happens on its loop.
///
/// The object is a handle that any thread may hold; what it offers to other threads is `post`. The loop's own
/// state is reached only from its thread.
///
/// ```swift
/// loop.post { context in context.send(bytes, to: id) }
/// ```
public final class EventLoop: @unchecked Sendable {
    // SAFETY: `state` and `tenant` are used on the loop's thread only, and before it runs; the rest is
    // constant or made for many threads.

    /// The loop's place in its group.
    public let index: Int

    /// The numbers of the group's loops in the process, of which this loop's is in the ids of its
    /// connections.
    package let numbers: LoopNumbers
    package let driver: any Driver
    package let metrics: LoopMetrics
    private let mailbox: MailboxQueue<Message>
    private let state: LoopOwned<State>
    /// The thread that runs the loop, as a number; 0 while none does.
    private let threadNumber = Atomic<UInt>(0)

    package typealias Message = @Sendable () -> Void

    private struct State: ~Copyable {
        var wheel: TimingWheel
        var now: MonotonicInstant
        var isStopping = false
        /// While timers wait for completions that are overdue: how many may still come before them.
        var overdueLeft: Int?
        var stopDeadline: MonotonicInstant
        var tenant: (any LoopTenant)?
        /// Where tasks run that stay on this loop; nil until somebody asks.
        var lane: LoopLane?
        var hasJobs = false
    }

    init(
        index: Int, of numbers: LoopNumbers, driver: any Driver, wheel: consuming TimingWheel,
        mailboxMessagesMax: Int
    ) throws(ConfigurationError) {
        self.index = index
        self.numbers = numbers
        self.driver = driver
        metrics = LoopMetrics()
        mailbox = try MailboxQueue(countMax: mailboxMessagesMax)
        let now = driver.clock.now()
        state = LoopOwned(allocating: State(wheel: wheel, now: now, stopDeadline: now))
    }

    deinit {
        // SAFETY: the last reference is gone, so the thread, which holds one, has ended.
        state.free()
    }

    /// Who lives here; nil once the loop has ended.
    package var tenant: (any LoopTenant)? { state[].tenant }

    /// Moves a tenant in; before the loop runs.
    package func settle(_ tenant: any LoopTenant) {
        state[].tenant = tenant
    }

    /// The loop's number in the process.
    package var number: Int { numbers[index] }

    // MARK: From any thread

    /// What became of a message to a loop.
    public enum PostResult: Hashable, Sendable {
        /// The loop will run it.
        case posted
        /// Too many messages wait; the loop is overloaded or blocked.
        case full
        /// The loop has ended.
        case stopped
    }

    /// Whether the caller runs on the loop's thread.
    public var isCurrent: Bool { threadNumber.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Has the loop run `work` soon, in the order of posting. Any thread; one wake-up per burst.
    @discardableResult
    package func enqueue(isControl: Bool = false, _ work: @escaping Message) -> PostResult {
        switch mailbox.push(work, isControl: isControl) {
        case .wake:
            driver.wake()
            return .posted
        case .queued: return .posted
        case .full: return .full
        case .closed: return .stopped
        }
    }

    /// As `enqueue`, for work that may get more to do while it waits: as long as nobody has enqueued anything
    /// since, see `join`.
    package func enqueueOpen(_ work: @escaping Message) -> (result: PostResult, place: MailboxPlace) {
        let (answer, place) = mailbox.pushOpen(work)
        switch answer {
        case .wake:
            driver.wake()
            return (.posted, place)
        case .queued: return (.posted, place)
        case .full: return (.full, place)
        case .closed: return (.stopped, place)
        }
    }

    /// Whether what waits may get more to do: it is the last that was enqueued. What is added counts as
    /// a message of its own, until `didJoin`. The caller and the work itself exclude each other by a lock.
    package func join(_ place: MailboxPlace) -> Bool { mailbox.join(place) }

    /// The work has taken so many messages that had joined it. On the loop's thread.
    package func didJoin(_ count: Int) {
        if count == 0 { return }
        mailbox.leave(count)
        metrics.add(count, to: .mailboxMessages)
    }

    /// Asks the loop to drain what it serves within `grace` and to end. Any thread; more than once is
    /// harmless.
    package func requestStop(grace: Duration) {
        enqueue(isControl: true) { [self] in
            let deadline = state[].now + grace
            if state[].isStopping {
                state[].stopDeadline = min(state[].stopDeadline, deadline)
            } else {
                state[].isStopping = true
                state[].stopDeadline = deadline
            }
            state[].tenant?.beginShutdown(by: state[].stopDeadline)
        }
    }

    // MARK: On the loop's thread

    /// The time when this turn began. Costs a load, not a look at the clock.
    package var now: MonotonicInstant { state[].now }

    package func schedule(_ payload: TimerPayload, at deadline: MonotonicInstant) -> TimerID {
        state[].wheel.schedule(payload, at: deadline)
    }

    package func cancel(_ timer: TimerID) { _ = state[].wheel.cancel(timer) }

    /// Cancels the timer at a place, if it is still the one with this payload.
    package func cancel(_ place: TimerPlace, _ payload: TimerPayload) {
        _ = state[].wheel.cancel(place, payload)
    }

    package func rearm(_ timer: TimerID, at deadline: MonotonicInstant) -> Bool {
        state[].wheel.rearm(timer, at: deadline)
    }

    // MARK: Tasks

    /// The executor of tasks that are to run on this loop, made when it is first asked for.
    package var lane: LoopLane {
        if let lane = state[].lane { return lane }
        let lane = LoopLane(of: self)
        state[].lane = lane
        return lane
    }

    /// Whether somebody steps the loop; see `Driver.isStepped`.
    package var isStepped: Bool { driver.isStepped }

    /// The tasks of the loop whose answers somebody waits for.
    package var awaitedTasks: AwaitedTasks { state[].lane?.awaited ?? AwaitedTasks() }

    /// Whether anybody has asked for it.
    var hasLane: Bool { state[].lane != nil }

    /// Whether jobs of tasks wait for their turn.
    var hasJobs: Bool {
        get { state[].hasJobs }
        set { state[].hasJobs = newValue }
    }

    private func runJobs(_ tenant: any LoopTenant) {
        guard state[].hasJobs, let lane = state[].lane else { return }
        tenant.run(lane)
    }

    /// Cancels the tasks of accepted links; whether there were any that had not been.
    func cancelTasks() -> Bool { state[].lane?.cancelTasks() ?? false }

    /// Whether tasks keep the loop, which was asked to stop, from ending: until the end of its grace they may
    /// end by themselves, then they are cancelled, and a little later left to themselves.
    private var waitsForTasks: Bool {
        guard let lane = state[].lane, lane.taskCount > 0 else { return false }
        return state[].now < state[].stopDeadline + LoopLane.patience
    }

    // MARK: Turns

    /// Runs until `requestStop` and the drain that follows it.
    package func run() throws(SystemError) {
        guard let tenant = begin() else { return }
        defer { end() }
        while !isFinished { try turn(tenant) }
    }

    /// Takes the calling thread for the loop's.
    @discardableResult
    package func begin() -> (any LoopTenant)? {
        threadNumber.store(UInt(pthread_self()), ordering: .relaxed)
        state[].now = driver.clock.now()
        driver.begin()
        state[].tenant?.start()
        return state[].tenant
    }

    /// Drops a tenant that never ran, which breaks the circle of references between the two.
    package func evict() { state[].tenant = nil }

    /// Whether the loop was asked to stop, and has nothing left to do for it.
    package var isFinished: Bool {
        guard state[].isStopping, state[].tenant?.isDrained ?? true, !waitsForTasks else { return false }
        return !driver.isFlushing || state[].now >= state[].stopDeadline
    }

    /// Looks at the clock; what the driver calls first after waiting.
    package func refreshTime() { state[].now = driver.clock.now() }

    /// Waits for what comes next and handles it: completions, messages, timers, then the gathered writes.
    ///
    /// - Parameter waitMax: the longest wait in nanoseconds; negative waits as long as the next timer allows.
    @discardableResult
    package func turn(_ tenant: any LoopTenant, waitMax: Int64 = -1) throws(SystemError) -> Int {
        let expiry = state[].wheel.nextExpiry()
        let waitMax = state[].hasJobs ? 0 : waitMax
        let found = try driver.poll(timeoutNanoseconds: waitLimit(waitMax, until: expiry), into: tenant)
        let completions = found < 0 ? 1 : found
        drainMailbox()
        if mayExpire(found, expiry, tenant) { expireTimers(tenant) }
        runJobs(tenant)
        tenant.turnEnded(completions: completions)
        return completions
    }

    /// Ends the loop: what was posted and not run is dropped.
    package func end() {
        mailbox.close()
        mailbox.drain { $0() }
        state[].tenant?.stop()
        state[].lane?.finish()
        state[].tenant = nil
        driver.end()
        threadNumber.store(0, ordering: .relaxed)
        state[].lane?.end()
        state[].lane = nil
    }

    private func waitLimit(_ waitMax: Int64, until expiry: MonotonicInstant?) -> Int64 {
        guard let expiry else { return waitMax }
        let wait = max(0, (expiry - driver.clock.now()).nanoseconds)
        return waitMax < 0 ? wait : min(wait, waitMax)
    }

    private func drainMailbox() {
        var count = 0
        mailbox.drain { message in
            message()
            count += 1
        }
        if count > 0 { metrics.add(count, to: .mailboxMessages) }
    }

    /// Whether timers may come due now.
    ///
    /// A timer is mostly about something that did not come in time, so what has come is looked at first. That
    /// matters after an absence, when the process was stopped or a callback took long: the answers that were
    /// waited for lie in the sockets, perhaps more of them than one turn takes, and what this turn's look
    /// found, or did not, may be from before the absence. Then timers wait until a later turn finds nothing,
    /// or every connection has had its turn, so that nobody's traffic puts them off for ever.
    private func mayExpire(
        _ found: Int, _ expiry: MonotonicInstant?, _ tenant: any LoopTenant
    ) -> Bool {
        guard let expiry, state[].now >= expiry else {
            state[].overdueLeft = nil
            return true
        }
        if found < 0 { return false }
        guard let left = state[].overdueLeft else {
            if state[].now - expiry < Self.absence { return true }
            state[].overdueLeft = tenant.connectionCount * Self.completionsPerConnection
            return false
        }
        state[].overdueLeft = found > 0 && left > found ? left - found : nil
        return state[].overdueLeft == nil
    }

    /// How late a timer is if the loop was absent: two of the usual ticks.
    private static var absence: Duration { .milliseconds(20) }
    /// What one connection may have due at a time: room, bytes, more bytes, its end.
    private static var completionsPerConnection: Int { 4 }

    private func expireTimers(_ tenant: any LoopTenant) {
        state[].wheel.advance(to: state[].now)
        while let expired = state[].wheel.popExpired() {
            tenant.timerExpired(expired.payload, id: expired.id)
        }
        metrics.set(.timersArmed, to: state[].wheel.count)
    }
}

/// What lives on a loop and takes its driver's completions: in this library the `ConnectionHost`.
///
/// Everything is called on the loop's thread.
package protocol LoopTenant: CompletionSink {
    /// The loop is up.
    func start()
    /// A timer is due.
    func timerExpired(_ payload: TimerPayload, id: TimerID)
    /// Tasks of the loop are ready: runs a generation of their jobs, and watches how long each takes.
    func run(_ lane: LoopLane)
    /// All completions, messages and timers of this turn were handled: write what was gathered.
    func turnEnded(completions: Int)
    /// Ends what lives here by the deadline; the loop ends once `isDrained`.
    func beginShutdown(by deadline: MonotonicInstant)
    /// How many connections live here.
    var connectionCount: Int { get }
    /// Whether nothing is left to be drained.
    var isDrained: Bool { get }
    /// The loop ends; the last call.
    func stop()
}
