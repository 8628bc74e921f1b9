public import ZCNet
public import ZCNetWebSocket

/// Connects to goim servers, over TCP and WebSocket.
///
/// ```swift
/// let client = try GoimClient { Reader() }
/// try client.start()
/// let token = GoimToken(mid: 7, room: "live://1000", accepts: [GoimOperation(rawValue: 1000)])
/// let alice = try await client.connect(to: "ws://127.0.0.1:3102/sub", token)
/// alice.send(GoimMessage(.sendMessage, "hello"))
/// ```
/// Heartbeats are sent by themselves, every `goim.heartbeat`; a server that does not answer is given up.
///
/// **Threads.** Any. The handler's callbacks come on the loops, `onOpen` before `connect` answers or soon
/// after. `start` begins one thread per loop, unless the client shares a group that is started elsewhere.
public final class GoimClient: Sendable {
    /// How a client is built.
    public struct Configuration: Sendable {
        /// Loops, sockets, and how long a connection may take to come up.
        public var tcp = TCPClient.Configuration()
        /// The WebSocket side; its `tcp` and `options.connection` are replaced by those beside it. No pings
        /// are sent unless `options.pingInterval` says so, as heartbeats are.
        public var webSocket = WebSocketClient.Configuration()
        /// What each connection may use. `headers` must be one format; `handshakeTimeout` bounds the answer
        /// to the authentication, `heartbeat` is how often one is sent.
        public var goim = GoimOptions()

        /// The defaults; goim's heartbeats stand in for WebSocket's pings.
        public init() { webSocket.options.pingInterval = nil }

        /// Checks every setting against its limits.
        public func validate() throws(ConfigurationError) {
            try ConfigurationError.within("tcp", tcp.validate)
            try ConfigurationError.within("webSocket", webSocket.validate)
            try goim.validate("goim")
            if case .detected = goim.headers {
                throw ConfigurationError(field: "goim.headers", expected: "one format", got: "detected")
            }
            if case .consumer = goim.mode {
                throw ConfigurationError(field: "goim.mode", expected: "loop", got: "consumer")
            }
        }
    }

    private let tcp: TCPClient
    private let webSocket: WebSocketClient
    private let cores: [GoimCore]

    /// Builds a client; connections may be asked for once it has started.
    ///
    /// - Parameters:
    ///   - group: loops to share with servers and other clients, not yet started; nil makes the client's own.
    ///   - makeHandler: makes one handler per loop and transport, on that loop's thread.
    @inlinable
    public convenience init<Handler: GoimClientHandler & SendableMetatype & ~Copyable>(
        _ configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) throws {
        try self.init(
            configuration, group,
            stream: { core, limits, flags in
                ConnectionRole.serving(limits, nil) {
                    GoimStreamAdapter(GoimClientSession(makeHandler()), core: core, flags)
                }
            },
            webSocket: { settings, group, cores, flags in
                try WebSocketClient(settings, group: group) {
                    GoimWebSocketAdapter(GoimClientSession(makeHandler()), cores: cores, flags)
                }
            })
    }

    @usableFromInline
    init(
        _ configuration: Configuration, _ group: EventLoopGroup?,
        stream: @escaping @Sendable (GoimCore, ConnectionLimits, GoimSession.Flags) -> ConnectionRole,
        webSocket:
            (WebSocketClient.Configuration, EventLoopGroup, [GoimCore], GoimSession.Flags) throws ->
            WebSocketClient
    ) throws {
        try configuration.validate()
        var options = configuration.goim
        // Answers are a server's.
        options.acknowledgesMessages = false
        let group = try group ?? EventLoopGroup(configuration.tcp.group)
        let settled = options
        let cores = group.loops.map { GoimCore(settled, loop: $0, figures: GoimFigures(), directory: nil) }
        let flags = GoimSession.Flags(options.headers).union(.client)
        self.cores = cores
        tcp = try TCPClient(configuration.tcp, group: group) { host in
            let limits = settled.streamLimits(chunkBytes: host.chunkBytes)
            return host.add(stream(cores[host.loopIndex], limits, flags))
        }
        var settings = configuration.webSocket
        settings.tcp = configuration.tcp
        settings.options.connection = options.connection
        settings.options.messageBytesMax = options.limits.batchBytesMax + 64
        self.webSocket = try webSocket(settings, group, cores, flags.union(.webSocket))
    }

    /// The loops that serve.
    public var group: EventLoopGroup { tcp.group }

    /// Begins to serve; returns at once.
    public func start() throws(SystemError) { try tcp.start() }

    /// Connects to `tcp://HOST:PORT` or `ws://HOST:PORT/PATH`, and authenticates; `completion` comes once.
    ///
    /// - Parameters:
    ///   - message: the op 7 to be let in with.
    ///   - loop: the loop to serve the connection; nil takes them in turn.
    public func connect(
        to address: String, authenticatingWith message: GoimMessage, onLoop loop: Int? = nil,
        completion: @escaping @Sendable (Result<GoimRemote, GoimConnectError>) -> Void
    ) {
        begin(GoimAttempt(address, message), onLoop: loop, completion)
    }

    /// Begins an attempt; the completion comes once, whatever becomes of it.
    func begin(_ attempt: GoimAttempt, onLoop loop: Int?, _ completion: @escaping GoimAttempt.Completion) {
        guard attempt.begin(completion) else { return }
        let address = attempt.address
        if address.hasPrefix("tcp://") {
            let endpoint = String(address.dropFirst("tcp://".count))
            return tcp.connect(to: endpoint, onLoop: loop) { [cores] result in
                switch result {
                case .failure(let error): attempt.fail(.unreachable(error))
                case .success(let remote): Self.begin(attempt, remote.id, cores)
                }
            }
        }
        guard address.hasPrefix("ws") else { return attempt.fail(.address) }
        webSocket.connect(to: address, onLoop: loop) { [cores] result in
            switch result {
            case .failure(let error): attempt.fail(.webSocket(error))
            case .success(let remote): Self.begin(attempt, remote.id, cores)
            }
        }
    }

    /// On the loop of the connection that has come up, before anything of it is read.
    private static func begin(_ attempt: GoimAttempt, _ id: ConnectionID, _ cores: [GoimCore]) {
        let core = cores.first { $0.loop.owns(id) }
        guard let handle = core?.opened.removeValue(forKey: id), let conversation = handle.conversation else {
            return attempt.fail(.closed(GoimCloseReason(.peer)))
        }
        guard attempt.connected(handle) else {
            return conversation.base.end(CloseReason(.local), isAbortive: true)
        }
        conversation.authenticate(with: attempt.token, for: attempt, handle)
    }

    /// Connects, and waits for the answer without holding a thread.
    ///
    /// When the calling task is cancelled first, this throws ``GoimConnectError/Cause/cancelled`` at once,
    /// and what was under way ends.
    public func connect(
        to address: String, authenticatingWith message: GoimMessage, onLoop loop: Int? = nil
    ) async throws(GoimConnectError) -> GoimRemote {
        let attempt = GoimAttempt(address, message)
        let result = await withTaskCancellationHandler {
            await awaitedAnswer { answer in
                begin(attempt, onLoop: loop) { answer.give($0) }
            }
        } onCancel: {
            attempt.cancel()
        }
        return try result.get()
    }

    /// Connects as whoever a token says.
    public func connect(
        to address: String, _ token: GoimToken, onLoop loop: Int? = nil
    ) async throws(GoimConnectError) -> GoimRemote {
        try await connect(
            to: address, authenticatingWith: GoimMessage(.authenticate, token.json), onLoop: loop)
    }

    /// Ends the client's connections in good order within `grace`, and its loops. At once; `stop` waits.
    public func shutdown(grace: Duration = .seconds(10)) { group.shutdown(grace: grace) }

    /// The same as `shutdown`, and suspends until the client has ended: what was sent before has gone
    /// out, or its connection had its time. See ``/ZCNet/EventLoopGroup/stop(grace:)``.
    public func stop(grace: Duration = .seconds(10)) async { await group.stop(grace: grace) }

    /// Waits until the client has ended. Blocks the calling thread; in a task, `stop` is what waits.
    public func wait() { group.wait() }
}
