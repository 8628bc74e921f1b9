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
package final class LinkCore: TaskCanceller {
    package let base: ConnectionBase
    package let lane: LoopLane
    private let cell = OwnedCell(State())

    /// What a task can wait for; one of each kind at a time.
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
    }

    package init(_ base: ConnectionBase) {
        self.base = base
        lane = base.loop.lane
        state = cell.place
    }

    private let state: LoopOwned<State>

    // MARK: Where it stands

    /// Whether the connection has ended.
    package var isOver: Bool { state[].isOver }

    /// Whether the task was cancelled, as the loop knows.
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
    @inline(__always)
    package func enter() {
        precondition(lane.isCurrent || lane.hasEnded, "a link is used away from its loop")
    }

    // MARK: Waiting

    /// When something that may take so long is late.
    package func deadline(_ limit: Duration?) -> MonotonicInstant? {
        guard let limit, !isOver else { return nil }
        return base.now + limit
    }

    /// Waits until `wake`, or until the deadline, which `isLate` then tells. Only for what is not there yet;
    /// whoever waits looks for itself what has come.
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
    package func isLate(_ side: Side) -> Bool { state[].waiters[side.rawValue].isLate }

    /// Has whoever waits go on: here and now, unless a task is running.
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

    // MARK: Time

    /// Sets the link's one timer, unless it is due before: it is looked at again then.
    private func arm(_ deadline: MonotonicInstant) {
        if isOver { return }
        if state[].timer != .none {
            if state[].timerDue <= deadline { return }
            base.cancel(state[].timer)
        }
        state[].timer = base.schedule(after: deadline - base.now, tag: .link)
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
        for side in [Side.reader, .writer, .sleeper] { wake(side) }
    }

    /// Throws where the task was cancelled, as the loop knows or as the task does.
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

    // MARK: Sending

    /// Goes on with what has to wait: until it is accepted, or, where it was, until there is room.
    ///
    /// - Parameter attempt: tries once more; whether it was accepted. Throws where it never will be.
    nonisolated(nonsending) package func waitForRoom(
        isAccepted: Bool, within limit: Duration?, _ attempt: () throws -> Bool
    ) async throws {
        let deadline = deadline(limit)
        var isAccepted = isAccepted
        while true {
            if isOver || hasEnded {
                if isAccepted { return }
                throw LinkError.closed("one that has ended")
            }
            if isAccepted {
                if !base.owesWritable || isCancelled || Task.isCancelled { return }
            } else {
                try checkCancellation()
            }
            await wait(.writer, until: deadline)
            // Whatever ended the wait: it is on its way, and was said to be.
            if isAccepted { return }
            if isLate(.writer) {
                throw LinkError(.timedOut, expected: "room to send in time", got: "none")
            }
            isAccepted = try attempt()
        }
    }

    // MARK: Two activities

    /// Runs two activities of one link side by side, both on its lane, until both have ended. Where one
    /// throws, whatever the other waits for ends with its cancellation, and the first error is thrown.
    nonisolated(nonsending) package func both(
        _ first: @escaping @Sendable () async throws -> Void,
        _ second: @escaping @Sendable () async throws -> Void
    ) async throws {
        defer { setCancelled(Task.isCancelled) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await first() }
            group.addTask { try await second() }
            do {
                while try await group.next() != nil {}
            } catch {
                setCancelled(true)
                group.cancelAll()
                while let result = await group.nextResult() { _ = result }
                throw error
            }
        }
    }

    private func setCancelled(_ isCancelled: Bool) {
        if isCancelled { cancel() } else { state[].isCancelled = false }
    }

    /// Waits until so much time has passed.
    nonisolated(nonsending) package func pause(_ duration: Duration) async throws {
        try checkCancellation()
        guard !isOver, let deadline = deadline(duration) else { return }
        await wait(.sleeper, until: deadline)
        if !isLate(.sleeper) { try checkCancellation() }
    }
}

@available(*, unavailable)
extension LinkCore: Sendable {}

/// A link that has just opened, on its way from its loop to the task that asked for it; the task goes to the
/// lane first, as the link itself is the loop's.
package struct OpenedLink<Core: AnyObject>: Sendable {
    package let core: LoopBound<Core>
    package let lane: LoopLane

    package init(core: LoopBound<Core>, lane: LoopLane) {
        self.core = core
        self.lane = lane
    }
}
