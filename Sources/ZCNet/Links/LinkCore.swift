/// What every kind of link has: the connection, the lane of its task, and who waits for what.
///
/// A link is the face of a connection to straight-line code: its task runs on the connection's own loop, so
/// that nothing here is locked and nothing hops. Whatever the task waits for, a callback of the connection or
/// the loop's mailbox has it go on.
///
/// **Threads.** The loop's. Once the loop has ended, the task's alone, which then finds the link over.
///
/// **Ownership.** The connection keeps it until its end, and the task until its own. The connection may be
/// used only while `isOver` is false.
@usableFromInline
package final class LinkCore: TaskCanceller {
    package let base: ConnectionBase
    package let lane: LoopLane
    private let tag: ConnectionTimerTag
    private let cell = OwnedCell(State())

    /// What a task can wait for; one of each kind at a time.
    @usableFromInline
    package enum Side: Int {
        /// Something to be received.
        case reader
        /// Whoever waits for room to send.
        case writer
        /// Whoever waits for time to pass.
        case sleeper
        /// The end of the connection.
        case closer
    }

    /// SAFETY: `@safe` because a continuation is taken out before it is resumed, and so resumed once.
    @safe
    private struct Waiter {
        var continuation: UnsafeContinuation<Void, Never>?
        var deadline: MonotonicInstant?
        var isLate = false
    }

    private struct State: ~Copyable {
        var waiters = InlineArray<4, Waiter>(repeating: Waiter())
        var timer = TimerID.none
        var timerDue = MonotonicInstant.zero
        var isOver = false
        var isCancelled = false
        var hasEnded = false
        /// A synchronous body that the loop calls for each message while its task sleeps.
        var body: Body?
        var bodyError: (any Error)?
    }

    /// Shows an application's body the message at hand.
    ///
    /// Why a struct around it: as the element of an optional a closure is wrapped anew each time that it is
    /// taken out, and stays so.
    @usableFromInline
    package struct Body {
        @usableFromInline let show: () throws -> LinkStep

        @inlinable
        init(show: @escaping () throws -> LinkStep) { self.show = show }
    }

    /// - Parameter tag: names the link's one timer.
    package init(_ base: ConnectionBase, timer tag: ConnectionTimerTag = .link) {
        self.base = base
        self.tag = tag
        lane = base.loop.lane
        state = cell.place
    }

    private let state: LoopOwned<State>

    // MARK: Where it stands

    /// Whether the connection has ended.
    package var isOver: Bool { state[].isOver }

    /// Whether the task was cancelled, as the loop knows.
    @usableFromInline
    package var isCancelled: Bool { state[].isCancelled }

    /// Whether the scope that had the link has ended: nobody receives or sends any more.
    package var hasEnded: Bool {
        get { state[].hasEnded }
        set { state[].hasEnded = newValue }
    }

    /// Whether somebody waits for this.
    package func isWaiting(_ side: Side) -> Bool {
        unsafe state[].waiters[side.rawValue].continuation != nil
    }

    /// What every use of a link begins with: links are used on their loop alone.
    ///
    /// Why a trap: the compiler keeps links within their tasks, but a task can leave its loop by
    /// `withTaskExecutorPreference`, and take the link with it.
    @usableFromInline
    package func enter() {
        precondition(lane.isCurrent || lane.hasEnded, "a link is used away from its loop")
    }

    // MARK: Waiting

    /// When something that may take so long is late.
    @usableFromInline
    package func deadline(_ limit: Duration?) -> MonotonicInstant? {
        guard let limit, !isOver else { return nil }
        return base.now + limit
    }

    /// Waits until `wake`, or until the deadline, which `isLate` then tells. Only for what is not there yet;
    /// whoever waits looks for itself what has come, and whether it was he who was cancelled: one of two
    /// activities may be, and all who wait are woken for that.
    @usableFromInline
    nonisolated(nonsending) package func wait(_ side: Side, until deadline: MonotonicInstant?) async {
        let index = side.rawValue
        precondition(
            unsafe state[].waiters[index].continuation == nil, "two tasks wait for the same of one link")
        state[].waiters[index].isLate = false
        state[].waiters[index].deadline = deadline
        if let deadline { arm(deadline) }
        await unsafe withUnsafeContinuation { unsafe state[].waiters[index].continuation = $0 }
    }

    /// Whether the last wait ended with its deadline.
    @usableFromInline
    package func isLate(_ side: Side) -> Bool { state[].waiters[side.rawValue].isLate }

    /// Has whoever waits go on: here and now, unless a task is running.
    @usableFromInline
    package func wake(_ side: Side) {
        guard let continuation = unsafe state[].waiters[side.rawValue].continuation else { return }
        unsafe state[].waiters[side.rawValue].continuation = nil
        unsafe lane.resume(continuation)
    }

    /// The same in the loop's turn, for callers that must not be interrupted by the task.
    package func wakeLater(_ side: Side) {
        guard let continuation = unsafe state[].waiters[side.rawValue].continuation else { return }
        unsafe state[].waiters[side.rawValue].continuation = nil
        unsafe continuation.resume()
    }

    // MARK: A synchronous body

    /// What the loop calls for each message; nil while there is none, and while it runs.
    @usableFromInline
    package var body: Body? {
        get { state[].body }
        set { state[].body = newValue }
    }

    /// Takes the body out, for whoever is about to run it.
    @usableFromInline
    func takeBody() -> Body? { state[].body.take() }

    /// The body has thrown: its task is to be told.
    @usableFromInline
    func setBodyError(_ error: any Error) { state[].bodyError = error }

    /// What the body has thrown, once.
    @usableFromInline
    func takeBodyError() -> (any Error)? { state[].bodyError.take() }

    /// Whether the loop calls a body for what comes.
    @usableFromInline
    package var hasBody: Bool { state[].body != nil }

    // MARK: Time

    /// Sets the link's one timer, unless it is due before: it is looked at again then.
    private func arm(_ deadline: MonotonicInstant) {
        if isOver { return }
        if state[].timer != .none {
            if state[].timerDue <= deadline { return }
            base.cancel(state[].timer)
        }
        state[].timer = base.schedule(after: deadline - base.now, tag: tag)
        state[].timerDue = deadline
    }

    /// The link's timer is due.
    package func timerFired() {
        state[].timer = .none
        let now = base.now
        var next: MonotonicInstant?
        for side in [Side.reader, .writer, .sleeper] {
            guard isWaiting(side), let deadline = state[].waiters[side.rawValue].deadline else { continue }
            if deadline <= now {
                state[].waiters[side.rawValue].isLate = true
                wake(side)
            } else {
                next = min(next ?? deadline, deadline)
            }
        }
        if let next { arm(next) }
    }

    // MARK: Cancellation and the end

    /// Runs a scope of a caller's own task, and waits for the end of the connection behind it.
    ///
    /// - Parameter endScope: begins to end the connection, as the body ended.
    nonisolated(nonsending) package func visit<Result>(
        _ body: () async throws -> Result, endScope: ((any Error)?) -> Void
    ) async throws -> Result {
        lane.visit(1)
        defer { lane.visit(-1) }
        let result: Result
        do {
            result = try await withCancellation(body)
            endScope(nil)
        } catch {
            endScope(error)
            await waitForEnd()
            throw error
        }
        await waitForEnd()
        return result
    }

    /// Waits until the connection has ended.
    nonisolated(nonsending) package func waitForEnd() async {
        if !isOver { await wait(.closer, until: nil) }
    }

    /// Runs the body of a scope of a caller's own task, which may be cancelled on any thread. A task that the
    /// lane began needs none of it.
    ///
    /// Why one handler for the scope and not one for each wait: the link cannot leave its task, so that only
    /// this task can be cancelled within, and a handler costs more than what it would guard.
    nonisolated(nonsending) package func withCancellation<Result>(
        _ body: () async throws -> Result
    ) async throws -> Result {
        let bound = LoopBound(self)
        let lane = lane
        return try await withTaskCancellationHandler {
            try await body()
        } onCancel: {
            // Why by the mailbox: this is the canceller's thread, within the runtime's lock on the task.
            lane.post { bound.value.cancel() }
        }
    }

    /// The task is cancelled: whoever waits, except for the end, goes on and finds it out.
    package func cancel() {
        if state[].isCancelled || isOver { return }
        state[].isCancelled = true
        wakeAll()
    }

    /// Whoever waits, except for the end, goes on and looks whether to go on waiting.
    private func wakeAll() {
        for side in [Side.reader, .writer, .sleeper] { wake(side) }
    }

    /// Throws where the task was cancelled, as the loop knows or as the task does.
    @usableFromInline
    package func checkCancellation() throws {
        if state[].isCancelled || Task.isCancelled { throw CancellationError() }
    }

    /// The connection has ended: everybody goes on.
    package func connectionEnded() {
        base.cancel(state[].timer)
        state[].timer = .none
        state[].isOver = true
        for side in [Side.reader, .writer, .sleeper, .closer] { wake(side) }
    }

    // MARK: Two activities

    /// Runs two activities of one link side by side, both on its lane, until both have ended. Where one
    /// throws, whatever the other waits for ends with its cancellation, and the first error is thrown.
    nonisolated(nonsending) package func both(
        _ first: @escaping @Sendable () async throws -> Void,
        _ second: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await first() }
            group.addTask { try await second() }
            do {
                while try await group.next() != nil {}
            } catch {
                group.cancelAll()
                // The link itself is not cancelled: others may have it beside these two, where scopes nest.
                wakeAll()
                while let result = await group.nextResult() { _ = result }
                throw error
            }
        }
    }

    /// Waits until so much time has passed, or until the connection has ended.
    nonisolated(nonsending) package func pause(_ duration: Duration) async throws {
        try checkCancellation()
        guard let deadline = deadline(duration) else { return }
        while !isOver {
            await wait(.sleeper, until: deadline)
            if isLate(.sleeper) { return }
            try checkCancellation()
        }
    }
}

@available(*, unavailable)
extension LinkCore: Sendable {}
