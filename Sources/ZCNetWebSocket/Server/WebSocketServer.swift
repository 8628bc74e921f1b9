public import ZCNet

/// Serves WebSocket connections, and plain HTTP requests beside them.
///
/// ```swift
/// struct Echo: WebSocketHandler {
///     mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
///         peer.send(message)
///     }
/// }
/// try WebSocketServer(on: "127.0.0.1:9001") { Echo() }.run()
/// ```
/// **Threads.** `run` and `start` begin one thread per loop; every method may be called from any thread.
public final class WebSocketServer: Sendable {
    /// How a server is built.
    public struct Configuration: Sendable {
        /// Loops, listening, and what the server as a whole admits. Its `connection` limits are those of
        /// connections that have not begun a conversation yet.
        public var tcp = TCPServer.Configuration()
        /// What each conversation may use, unless its route has options of its own.
        public var options = WebSocketOptions()
        /// What a request head may be.
        public var head = HTTPHeadLimits()
        /// How long a client may take from connecting to the end of its handshake, a decision elsewhere
        /// included. Ten seconds are enough for any network, and short for an attacker.
        public var handshakeTimeout: Duration = .seconds(10)
        /// Which pages of browsers may connect: by default those of the host that they ask, as a browser
        /// hands its cookies to whichever page connects. Clients that are no browsers are not concerned.
        public var origins = OriginPolicy.sameHost
        /// Which connections begin with a balancer's PROXY header.
        public var proxyProtocol = ProxyProtocol.off
        /// Which proxies are believed when they tell the client's address in a header field; nil believes
        /// none.
        public var forwarded: ForwardedFor?
        /// What a client may ask for over one connection.
        public var requests = RequestLimits()
        /// What the server as a whole admits.
        public var limits = ServerLimits()

        /// The defaults of each setting.
        public init() {}

        /// Checks every setting against its limits.
        public func validate() throws(ConfigurationError) {
            try ConfigurationError.within("tcp", tcp.validate)
            try options.validate()
            try head.validate()
            try requests.validate()
            try limits.validate()
            let times = Duration.milliseconds(10)...Duration.seconds(3600)
            try ConfigurationError.check("handshakeTimeout", handshakeTimeout, in: times)
        }

        /// Who counts the connections without a conversation.
        package var handshakes: HandshakeAdmission? {
            HandshakeAdmission(limits.handshakesMax, ofConnections: tcp.connectionsMax)
        }
    }

    private let tcp: TCPServer
    private let figures: ServerFigures

    /// Listens on `address` and serves every path with one kind of handler.
    ///
    /// - Parameters:
    ///   - address: `IPV4:PORT`, `[IPV6]:PORT`, `localhost:PORT`, `*:PORT`, `unix:PATH`, or `fd:NUMBER` for a
    ///     listening socket that the process was given, see ``/ZCNet/InheritedSockets``.
    ///   - group: loops to share with other servers and clients, not yet started; nil makes the server's own.
    ///   - makeHandler: makes one handler per loop, on that loop's thread.
    @inlinable
    public convenience init<Handler: WebSocketHandler & SendableMetatype & ~Copyable>(
        on address: String, configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) throws {
        let routes = WebSocketRoutes { $0.webSocket(nil, makeHandler) }
        try self.init(on: address, configuration: configuration, group: group, routes: routes)
    }

    /// Listens on `address` and serves what `routes` says at which path.
    public convenience init(
        on address: String, configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        routes: WebSocketRoutes
    ) throws {
        try self.init(
            on: address, configuration: configuration, group: group, routes: routes,
            handshakes: configuration.handshakes)
    }

    /// As above; a protocol upon WebSocket may count those who have not said who they are with those who have
    /// not said what they want.
    package init(
        on address: String, configuration: Configuration, group: EventLoopGroup?, routes: WebSocketRoutes,
        handshakes: HandshakeAdmission?
    ) throws {
        try configuration.validate()
        try routes.validate()
        let conversations = WebSocketRoutes.inOrder(routes.conversations) { $0.path }
        let pages = WebSocketRoutes.inOrder(routes.pages) { $0.path }
        let group = try group ?? EventLoopGroup(configuration.tcp.group)
        let figures = ServerFigures(group)
        let admitted = ConversationAdmission(configuration.limits)
        self.figures = figures
        tcp = try TCPServer(
            on: address, configuration: configuration.tcp, group: group, handshakes: handshakes
        ) { host, admission in
            let services = LoopServices(
                metrics: figures.webSocket[host.loopIndex], admission: admitted, handshakes: handshakes)
            let installed = conversations.map { route in
                HTTPEntry.Route(
                    path: route.path, subprotocols: route.subprotocols, policy: route.policy,
                    installed: route.install(
                        host, route.options ?? configuration.options, admission, services))
            }
            let bound = LoopBound((routes: installed, services: services))
            var limits = configuration.tcp.connection
            limits.unreadBytesMax = max(limits.unreadBytesMax, configuration.head.bytesMax, host.chunkBytes)
            return host.add(
                ConnectionRole.serving(
                    limits, admission,
                    {
                        HTTPEntry(
                            routes: bound.value.routes, pages: pages, configuration: configuration,
                            services: bound.value.services, figures: figures)
                    },
                    memory: HTTPExchange.memory))
        }
    }

    /// The loops that serve.
    public var group: EventLoopGroup { tcp.group }

    /// Where the server really listens: a port of 0 has become a number.
    public var address: SocketAddress { tcp.address }

    /// How many connections the server has, those in their handshake included.
    public var connectionCount: Int { tcp.connectionCount }

    /// Begins to serve; returns at once.
    public func start() throws(SystemError) { try tcp.start() }

    /// Serves until `shutdown` is called from elsewhere and everything has drained.
    public func run() throws(SystemError) { try tcp.run() }

    /// Serves until one of the signals comes, and then shuts down in good order within `grace`, or until
    /// `shutdown` is called from elsewhere. See ``/ZCNet/EventLoopGroup/run(until:grace:)``.
    /// - Returns: the signal that came; nil where the end had another reason.
    @discardableResult
    public func run(until signals: StopSignals, grace: Duration = .seconds(10)) throws -> Int32? {
        try tcp.run(until: signals, grace: grace)
    }

    /// Stops accepting, tells every peer that the server is going away (1001), lets output drain and peers
    /// agree for at most `grace`, and ends the loops. Returns at once; `stop` waits
    /// for the end.
    public func shutdown(grace: Duration = .seconds(10)) { tcp.shutdown(grace: grace) }

    /// The same as `shutdown`, and suspends until the server has ended: what was sent before has gone
    /// out, or its connection had its time. See ``/ZCNet/EventLoopGroup/stop(grace:)``.
    public func stop(grace: Duration = .seconds(10)) async { await tcp.stop(grace: grace) }

    /// Waits until the server has ended. Blocks the calling thread; in a task, `stop` is what waits.
    public func wait() { tcp.wait() }

    /// Counters and gauges of the server's loops.
    public func snapshot() -> MetricsSnapshot { tcp.snapshot() }

    /// What the server's requests and conversations came to so far.
    public func webSocketSnapshot() -> WebSocketSnapshot { figures.webSocketSnapshot() }
}
