public import ZCNet
import ZCNetWebSocket

/// Connects to goim servers for tasks that have the connections as links.
///
/// ```swift
/// let client = try GoimLinkClient()
/// try client.start()
/// let token = GoimToken(mid: 7, room: "live://1000", accepts: [GoimOperation(rawValue: 1000)])
/// try await client.withLink(to: "tcp://127.0.0.1:3101", token) { link in
///     try await link.send(GoimMessage(.sendMessage, "hello"))
///     while let push = try await link.next() { show(push.text) }
/// }
/// ```
/// Heartbeats are sent by themselves, every `goim.heartbeat`; a server that does not answer is given up.
///
/// **Threads.** Any. The body runs on the connection's loop: it is the caller's own task that goes there and
/// comes back, with its priority, its task-locals and its cancellation.
public final class GoimLinkClient: Sendable {
    private let client: GoimClient
    private let arrivals: GoimArrivals

    /// Builds a client; links may be asked for once it has started.
    ///
    /// - Parameters:
    ///   - group: loops to share with servers and other clients, not yet started; nil makes the client's own.
    ///   - queueBytesMax: how much may wait for a task that is busy elsewhere, before its server is not read
    ///     from any more.
    public init(
        _ configuration: GoimClient.Configuration = GoimClient.Configuration(),
        group: EventLoopGroup? = nil, queueBytesMax: Int = 64 << 10
    ) throws {
        let group = try group ?? EventLoopGroup(configuration.tcp.group)
        let arrivals = GoimArrivals(group)
        self.arrivals = arrivals
        let makeHandler: @Sendable () -> GoimClientSession<GoimLinkHandler> = {
            GoimClientSession(
                GoimLinkHandler(
                    books: LinkBooks(queueBytesMax: queueBytesMax), authenticate: nil,
                    opened: arrivals.opened))
        }
        client = try GoimClient(
            configuration, group,
            stream: { core, limits, flags in
                ConnectionRole.serving(
                    limits, nil,
                    { GoimStreamAdapter(makeHandler(), core: core, flags) },
                    farewell: GoimLinkPlace.farewell)
            },
            webSocket: { settings, group, cores, flags in
                try WebSocketClient(settings, group: group, farewell: GoimLinkPlace.farewell) {
                    GoimWebSocketAdapter(makeHandler(), cores: cores, flags)
                }
            })
    }

    /// The loops that serve.
    public var group: EventLoopGroup { client.group }

    /// Begins to serve; returns at once.
    public func start() throws(SystemError) { try client.start() }

    /// Connects to `tcp://HOST:PORT` or `ws://HOST:PORT/PATH`, authenticates, lends the link to `body`, and
    /// returns what that returns once all it sent has been taken and the server has ended the connection too,
    /// or its time to do so has passed.
    ///
    /// - Parameters:
    ///   - message: the op 7 to be let in with.
    ///   - loop: the loop to serve the connection; nil takes them in turn.
    ///   - body: what is done with the connection, on its loop.
    /// - Throws: ``GoimConnectError``, also where the task is cancelled before it is let in; what `body`
    ///   throws; a `LinkError` when `body` has returned and the connection did not end in good order, so that
    ///   what was sent may not have arrived.
    public func withLink<Result: Sendable>(
        to address: String, authenticatingWith message: GoimMessage, onLoop loop: Int? = nil,
        _ body: @Sendable (GoimLink) async throws -> Result
    ) async throws -> Result {
        let opened = try await connect(address, message, loop)
        return try await withTaskExecutorPreference(opened.lane) {
            try await opened.core.value.visit(body)
        }
    }

    private func connect(
        _ address: String, _ message: GoimMessage, _ loop: Int?
    ) async throws(GoimConnectError) -> OpenedLink<GoimLinkCore> {
        let attempt = GoimAttempt(address, message)
        let result: Swift.Result<OpenedLink<GoimLinkCore>, GoimConnectError> =
            await withTaskCancellationHandler {
                await awaitedAnswer { answer in
                    client.begin(attempt, onLoop: loop) { [arrivals] result in
                        switch result {
                        case .failure(let error): answer.give(.failure(error))
                        case .success(let remote):
                            arrivals.expect(remote.id) { answer.give(.success($0)) }
                        }
                    }
                }
            } onCancel: {
                attempt.cancel()
            }
        return try result.get()
    }

    /// Connects as whoever a token says.
    public func withLink<Result: Sendable>(
        to address: String, _ token: GoimToken, onLoop loop: Int? = nil,
        _ body: @Sendable (GoimLink) async throws -> Result
    ) async throws -> Result {
        let message = GoimMessage(.authenticate, token.json)
        return try await withLink(to: address, authenticatingWith: message, onLoop: loop, body)
    }

    /// Ends the client's connections in good order within `grace`, and its loops. At once; `wait` waits.
    public func shutdown(grace: Duration = .seconds(10)) { client.shutdown(grace: grace) }

    /// The same as `shutdown`, and suspends until the client has ended. See
    /// ``/ZCNet/EventLoopGroup/stop(grace:)``. Not from within a link's body, which it would wait for.
    public func stop(grace: Duration = .seconds(10)) async { await client.stop(grace: grace) }

    /// Counters and gauges of the client's loops.
    public func snapshot() -> MetricsSnapshot { group.snapshot() }

    /// Waits until the client has ended. Not from a loop's own thread, and so not within a link's body.
    public func wait() { client.wait() }
}

/// Who waits for a link that is about to open, by loop. On each loop, its own.
final class GoimArrivals: Sendable {
    private let group: EventLoopGroup
    private let loops: [LoopBound<Expected>]

    private final class Expected {
        /// At most one: the link opens in the same callback.
        var taker: (@Sendable (OpenedLink<GoimLinkCore>) -> Void)?
    }

    init(_ group: EventLoopGroup) {
        self.group = group
        loops = group.loops.map { _ in LoopBound(Expected()) }
    }

    private func expected(_ id: ConnectionID) -> Expected {
        guard let loop = group.loop(of: id) else {
            preconditionFailure("a connection of this client is on one of its loops")
        }
        return loops[loop.index].value
    }

    /// The connection was let in, and its link opens next.
    func expect(_ id: ConnectionID, _ taker: @escaping @Sendable (OpenedLink<GoimLinkCore>) -> Void) {
        expected(id).taker = taker
    }

    /// Hands a link that has just opened to whoever asked for it.
    func opened(_ core: GoimLinkCore) {
        guard let taker = expected(core.remote.id).taker.take() else {
            // Whoever asked was cancelled when the server had already let him in.
            return core.conversation.base.end(CloseReason(.local), isAbortive: true)
        }
        taker(OpenedLink(core: LoopBound(core), lane: core.link.lane))
    }
}
