/// Connects to servers for tasks that have the connections as links.
///
/// ```swift
/// let client = try TCPLinkClient()
/// try client.start()
/// let line = try await client.withLink(to: "127.0.0.1:9000") { link in
///     try await link.send("time?\n")
///     return try await link.next()
/// }
/// ```
/// **Threads.** Any. The body runs on the connection's loop: it is the caller's own task that goes there and
/// comes back, with its priority, its task-locals and its cancellation.
public final class TCPLinkClient: Sendable {
    private let client: TCPClient

    /// Builds a client; links may be asked for once it has started.
    ///
    /// - Parameter group: loops to share with servers and other clients, not yet started; nil makes the
    ///   client's own.
    public init(
        _ configuration: TCPClient.Configuration = TCPClient.Configuration(), group: EventLoopGroup? = nil
    ) throws {
        let limits = configuration.connection
        client = try TCPClient(configuration, group: group) { host in
            TCPLinkAdapter.install(limits, on: host, nil) { _ in }
        }
    }

    /// The loops that serve.
    public var group: EventLoopGroup { client.group }

    /// Begins to serve; returns at once.
    public func start() throws(SystemError) { try client.start() }

    /// Connects, lends the link to `body`, and returns what that returns once all it sent has been taken and
    /// the peer has ended the connection too, or its time to do so has passed.
    ///
    /// - Parameters:
    ///   - endpoint: `IPV4:PORT`, `[IPV6]:PORT`, `NAME:PORT` or `unix:PATH`.
    ///   - loop: the loop to serve the connection; nil takes them in turn.
    ///   - body: what is done with the connection, on its loop.
    /// - Throws: ``ConnectError``, also where the task is cancelled while it connects; what `body` throws; a
    ///   ``LinkError`` when `body` has returned and the connection did not end in good order, so that what
    ///   was sent may not have arrived.
    public func withLink<Result: Sendable>(
        to endpoint: String, onLoop loop: Int? = nil,
        _ body: @Sendable (TCPLink) async throws -> Result
    ) async throws -> Result {
        let opened = try await connect(to: endpoint, onLoop: loop)
        return try await withTaskExecutorPreference(opened.lane) {
            try await opened.core.value.visit(body)
        }
    }

    private func connect(
        to endpoint: String, onLoop loop: Int?
    ) async throws(ConnectError) -> OpenedLink<TCPLinkCore> {
        let attempt = TCPLinkAttempt()
        let result = await withTaskCancellationHandler {
            await awaitedAnswer { answer in
                guard attempt.begin(answer) else { return }
                client.connect(to: endpoint, isSecure: client.isSecure, onLoop: loop) { base, place in
                    // The connection has just come up as the adapter's, so its state is what lies there.
                    let state = place.beginning(with: TCPLinkAdapter.State.self)
                    guard let link = state[].link?.object else {
                        preconditionFailure("a connection of this client has a link")
                    }
                    let opened = OpenedLink(core: LoopBound(link), lane: link.link.lane)
                    if !attempt.settle(.success(opened)) {
                        base.end(CloseReason(.local), isAbortive: true)
                    }
                } failed: { error in
                    attempt.settle(.failure(error))
                }
            }
        } onCancel: {
            attempt.cancel(endpoint)
        }
        return try result.get()
    }

    /// Ends the client's connections in good order within `grace`, and its loops. At once; `stop` waits.
    public func shutdown(grace: Duration = .seconds(10)) { client.shutdown(grace: grace) }

    /// The same as `shutdown`, and suspends until the client has ended. See ``EventLoopGroup/stop(grace:)``.
    /// Not from within a link's body, which it would wait for.
    public func stop(grace: Duration = .seconds(10)) async { await client.stop(grace: grace) }

    /// Waits until the client has ended. Not from a loop's own thread, and so not within a link's body.
    public func wait() { client.wait() }

    /// Counters and gauges of the client's loops.
    public func snapshot() -> MetricsSnapshot { group.snapshot() }
}

/// A task that waits for a connection to come up, and may be cancelled meanwhile.
///
/// **Threads.** Any. The answer is given once, outside of the lock.
private final class TCPLinkAttempt: Sendable {
    typealias Answer = Result<OpenedLink<TCPLinkCore>, ConnectError>
    typealias Waiter = AwaitedAnswer<Answer>

    private struct State {
        var waiter: Waiter?
        /// The answer that came before anybody waited.
        var early: Answer?
        var isSettled = false
    }

    private let state = Locked(State())

    /// Names who waits; false, and he was answered, where the task was cancelled before.
    func begin(_ waiter: Waiter) -> Bool {
        let early = state.withLock { state in
            if state.early == nil { state.waiter = waiter }
            return state.early
        }
        if let early { waiter.give(early) }
        return early == nil
    }

    /// Answers; false where nobody waits any more.
    @discardableResult
    func settle(_ answer: Answer) -> Bool {
        let (isFirst, waiter) = state.withLock { state in
            defer {
                if !state.isSettled && state.waiter == nil { state.early = answer }
                (state.isSettled, state.waiter) = (true, nil)
            }
            return (!state.isSettled, state.waiter)
        }
        waiter?.give(answer)
        return isFirst
    }

    /// The task is cancelled: it does not wait any longer, and what is under way ends when it comes up.
    func cancel(_ endpoint: String) {
        settle(.failure(ConnectError(endpoint: endpoint, cause: .cancelled, attempts: [])))
    }
}
