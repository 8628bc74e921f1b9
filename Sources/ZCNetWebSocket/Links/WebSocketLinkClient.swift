public import ZCNet

/// Connects to WebSocket servers for tasks that have the conversations as links.
///
/// ```swift
/// let client = try WebSocketLinkClient()
/// try client.start()
/// let answer = try await client.withLink(to: "ws://127.0.0.1:9000/ask") { link in
///     try await link.send("what is new?")
///     return try await link.next(within: .seconds(5))?.text
/// }
/// ```
/// **Threads.** Any. The body runs on the connection's loop: it is the caller's own task that goes there and
/// comes back, with its priority, its task-locals and its cancellation.
public final class WebSocketLinkClient: Sendable {
    let client: WebSocketClient
    /// By loop: where a link that has just opened lies until its caller takes it.
    private let arrivals: [LoopBound<Arrival>]

    /// At most one link: it is taken in the same callback.
    private final class Arrival {
        var link: WebSocketLinkCore?
    }

    /// Builds a client; links may be asked for once it has started.
    ///
    /// - Parameters:
    ///   - group: loops to share with servers and other clients, not yet started; nil makes the client's own.
    ///   - queueBytesMax: see ``WebSocketRoutes/link(_:options:subprotocols:policy:queueBytesMax:_:)``.
    public init(
        _ configuration: WebSocketClient.Configuration = WebSocketClient.Configuration(),
        group: EventLoopGroup? = nil, queueBytesMax: Int = 64 << 10
    ) throws {
        if configuration.options.deliversFragments {
            throw ConfigurationError(
                field: "options.deliversFragments", expected: "false, as links get whole messages",
                got: "true")
        }
        let group = try group ?? EventLoopGroup(configuration.tcp.group)
        let arrivals = group.loops.map { _ in LoopBound(Arrival()) }
        self.arrivals = arrivals
        let options = configuration.options
        client = try WebSocketClient(configuration, group: group) { host in
            let arrival = arrivals[host.loopIndex].value
            return WebSocketLinkAdapter.install(
                WebSocketCore(options), on: host, nil, isClient: true, queueBytesMax: queueBytesMax
            ) { arrival.link = $0 }
        }
    }

    /// The loops that serve.
    public var group: EventLoopGroup { client.group }

    /// Begins to serve; returns at once.
    public func start() throws(SystemError) { try client.start() }

    /// Connects, lends the link to `body`, and returns what that returns once all it sent has drained, the
    /// closing handshake has ended and the server has ended the connection, or its time to do so has passed.
    ///
    /// - Parameters:
    ///   - url: `ws://HOST[:PORT][/PATH][?QUERY]` or `ws+unix:SOCKET[:/PATH]`, or the same with `wss`.
    ///   - headers: fields of this request, behind those of the configuration.
    ///   - loop: the loop to serve the connection, one of the group's; nil takes them in turn.
    ///   - body: the conversation, on the connection's loop.
    /// - Throws: ``WebSocketConnectError``; what `body` throws; a ``/ZCNet/LinkError`` when `body` has
    ///   returned and the conversation did not end in good order, so that what was sent may not have arrived.
    public func withLink<Result: Sendable>(
        to url: String, headers: HTTPHeaders = HTTPHeaders(), onLoop loop: Int? = nil,
        _ body: @Sendable (WebSocketLink) async throws -> Result
    ) async throws -> Result {
        let opened = try await connect(url, headers, loop)
        return try await withTaskExecutorPreference(opened.lane) {
            try await opened.core.value.visit(body)
        }
    }

    private func connect(
        _ url: String, _ headers: HTTPHeaders, _ loop: Int?
    ) async throws(WebSocketConnectError) -> OpenedLink<WebSocketLinkCore> {
        let attempt = try client.makeAttempt(url, headers)
        let result = await withTaskCancellationHandler {
            await awaitedAnswer { answer in
                client.begin(attempt, onLoop: loop) { [self] result in
                    answer.give(
                        result.map { socket in
                            let core = take(socket)
                            return OpenedLink(core: core, lane: core.value.link.lane)
                        })
                }
            }
        } onCancel: {
            attempt.cancel()
        }
        return try result.get()
    }

    /// Takes the link of a conversation that has just opened; on its loop.
    func take(_ remote: RemoteWebSocket) -> LoopBound<WebSocketLinkCore> {
        guard let loop = group.loop(of: remote.id), let link = arrivals[loop.index].value.link else {
            preconditionFailure("a conversation of this client is a link's")
        }
        arrivals[loop.index].value.link = nil
        return LoopBound(link)
    }

    /// Tells every server that this client is going away, lets tasks and their output come to an end for at
    /// most `grace`, and ends the loops. Returns at once; `wait()` waits for the end.
    public func shutdown(grace: Duration = .seconds(10)) { client.shutdown(grace: grace) }

    /// The same as `shutdown`, and suspends until the client has ended. See
    /// ``/ZCNet/EventLoopGroup/stop(grace:)``. Not from within a link's body, which it would wait for.
    public func stop(grace: Duration = .seconds(10)) async { await client.stop(grace: grace) }

    /// Waits until the client has ended. Not from a loop's own thread, and so not within a link's body.
    public func wait() { client.wait() }

    /// Counters and gauges of the client's loops.
    public func snapshot() -> MetricsSnapshot { client.snapshot() }
}
