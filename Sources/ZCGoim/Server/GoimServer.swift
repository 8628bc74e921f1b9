public import ZCNet
public import ZCNetWebSocket

/// Serves goim's protocol over TCP, over WebSocket, or both, with one kind of handler.
///
/// ```swift
/// struct Echo: GoimHandler {
///     mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
///         peer.reply(to: proto, proto.bytes)
///     }
/// }
/// try GoimServer(tcp: "127.0.0.1:3101", webSocket: "127.0.0.1:3102") { Echo() }.run()
/// ```
/// Both transports share the loops, the keys and the rooms. On WebSocket a request for any other path than
/// the configured one is answered with HTTP status 404.
///
/// **Threads.** `run` and `start` begin one thread per loop; every method may be called from any thread.
public final class GoimServer: Sendable {
    /// How a server is built.
    public struct Configuration: Sendable {
        /// The TCP side: loops, listening, who is admitted. Its `connection` limits are replaced by those of
        /// `goim`.
        public var tcp = TCPServer.Configuration()
        /// The WebSocket side. Its loops are the TCP side's; its `options.connection` is replaced by that of
        /// `goim`. No pings are sent unless `options.pingInterval` says so: heartbeats are watched, and
        /// goim's clients need not know pings. Both sides have limits of connections of their own.
        public var webSocket = WebSocketServer.Configuration()
        /// The path that WebSocket clients ask for.
        public var path = "/sub"
        /// What each connection may use, and how it is kept alive.
        public var goim = GoimOptions()
        /// The most connections over TCP that have not authenticated. For each further one the oldest of
        /// them is reset; whoever waits for the application's decision stays, and if all do, the further one
        /// is reset. Nil (the default) is half of `tcp.connectionsMax`, where that is set and above 64. Over
        /// WebSocket `webSocket.limits.handshakesMax` counts them.
        public var handshakesMax: Int?

        /// The defaults. Any page may connect: what lets a client in is its op 7, which no browser adds by
        /// itself, and goim's pages come from elsewhere.
        public init() {
            webSocket.options.pingInterval = nil
            webSocket.origins = .any
        }

        /// Checks every setting against its limits.
        public func validate() throws(ConfigurationError) {
            try ConfigurationError.within("tcp", tcp.validate)
            try ConfigurationError.within("webSocket", webSocket.validate)
            try goim.validate("goim")
            try ConfigurationError.check("handshakesMax", handshakesMax, in: 1...1 << 30)
            guard path.hasPrefix("/") else {
                throw ConfigurationError(field: "path", expected: "a path such as /sub", got: "'\(path)'")
            }
        }
    }

    /// The loops that serve.
    public let group: EventLoopGroup
    /// Where everybody is found, and pushed to.
    public let hub: GoimHub
    private let tcp: TCPServer?
    private let webSocket: WebSocketServer?

    /// Listens on one address or both; connections are served from `start` on.
    ///
    /// - Parameters:
    ///   - tcp: where TCP clients connect, such as `127.0.0.1:3101`; nil serves none.
    ///   - webSocket: where WebSocket clients connect, such as `127.0.0.1:3102`; nil serves none.
    ///   - group: loops to share with other servers and clients, not yet started; nil makes the server's own.
    ///   - makeHandler: makes one handler per loop and transport, on that loop's thread.
    @inlinable
    public convenience init<Handler: GoimHandler & SendableMetatype & ~Copyable>(
        tcp: String? = nil, webSocket: String? = nil, configuration: Configuration = Configuration(),
        group: EventLoopGroup? = nil, _ makeHandler: @escaping @Sendable () -> Handler
    ) throws {
        try self.init(
            tcp, webSocket, configuration, group,
            stream: { core, limits, admission, flags in
                ConnectionRole.serving(limits, admission) {
                    GoimStreamAdapter(makeHandler(), core: core, flags)
                }
            },
            routes: { path, cores, flags in
                WebSocketRoutes { routes in
                    routes.webSocket(path) {
                        GoimWebSocketAdapter(makeHandler(), cores: cores, flags)
                    }
                }
            })
    }

    @usableFromInline
    init(
        _ tcpAddress: String?, _ webSocketAddress: String?, _ configuration: Configuration,
        _ group: EventLoopGroup?,
        stream:
            @escaping @Sendable (GoimCore, ConnectionLimits, Admission, GoimSession.Flags) -> ConnectionRole,
        routes: (String, [GoimCore], GoimSession.Flags) -> WebSocketRoutes
    ) throws {
        try configuration.validate()
        guard tcpAddress != nil || webSocketAddress != nil else {
            throw ConfigurationError(field: "tcp", expected: "an address for TCP or WebSocket", got: "none")
        }
        let options = configuration.goim
        let group = try group ?? EventLoopGroup(configuration.tcp.group)
        let hub = GoimHub(options, loops: group.loops)
        let handshakes = GoimHandshakes(
            stream: HandshakeAdmission(
                configuration.handshakesMax, ofConnections: configuration.tcp.connectionsMax),
            webSocket: configuration.webSocket.handshakes)
        let cores = hub.parts.map { part in
            let core = GoimCore(
                options, loop: part.loop, figures: part.figures, directory: hub, handshakes: handshakes)
            part.settle(core)
            return core
        }
        let flags = GoimSession.Flags(options.headers)
        self.group = group
        self.hub = hub
        tcp = try tcpAddress.map { address in
            try TCPServer(
                on: address, configuration: configuration.tcp, group: group, handshakes: handshakes.stream
            ) { host, admission in
                let limits = options.streamLimits(chunkBytes: host.chunkBytes)
                return host.add(stream(cores[host.loopIndex], limits, admission, flags))
            }
        }
        webSocket = try webSocketAddress.map { address in
            var settings = configuration.webSocket
            settings.options.connection = options.connection
            let proto = options.limits.bodyBytesMax + 32
            settings.options.messageBytesMax = proto
            let routes = routes(configuration.path, cores, flags.union(.webSocket))
            return try WebSocketServer(
                on: address, configuration: settings, group: group, routes: routes,
                handshakes: handshakes.webSocket)
        }
    }

    /// Where TCP clients connect: a port of 0 has become a number. Nil without TCP.
    public var tcpAddress: SocketAddress? { tcp?.address }

    /// Where WebSocket clients connect. Nil without WebSocket.
    public var webSocketAddress: SocketAddress? { webSocket?.address }

    /// How many connections there are, those that have not authenticated included.
    public var connectionCount: Int { (tcp?.connectionCount ?? 0) + (webSocket?.connectionCount ?? 0) }

    /// Begins to serve; returns at once.
    public func start() throws(SystemError) { try group.start() }

    /// Serves until `shutdown` is called from elsewhere and everything has drained.
    public func run() throws(SystemError) { try group.run() }

    /// Serves until one of the signals comes, and then shuts down in good order within `grace`, or until
    /// `shutdown` is called from elsewhere. See ``/ZCNet/EventLoopGroup/run(until:grace:)``.
    /// - Returns: the signal that came; nil where the end had another reason.
    @discardableResult
    public func run(until signals: StopSignals, grace: Duration = .seconds(10)) throws -> Int32? {
        try group.run(until: signals, grace: grace)
    }

    /// Stops accepting, lets output drain for at most `grace`, and ends the loops. Returns at once; `stop`
    /// waits for the end.
    public func shutdown(grace: Duration = .seconds(10)) { group.shutdown(grace: grace) }

    /// The same as `shutdown`, and suspends until the server has ended: what was sent before has gone
    /// out, or its connection had its time. See ``/ZCNet/EventLoopGroup/stop(grace:)``.
    public func stop(grace: Duration = .seconds(10)) async { await group.stop(grace: grace) }

    /// Waits until the server has ended. Blocks the calling thread; in a task, `stop` is what waits.
    public func wait() { group.wait() }

    /// Counters and gauges of the server's loops.
    public func snapshot() -> MetricsSnapshot { group.snapshot() }
}
