// Messages of an SBE schema over WebSocket: gateways, the hand-off to other threads, and trades.
public import ZCNet
@_exported import ZCNetWebSocket
@_exported import ZCSBE

/// Serves binary messages of a schema over WebSocket: one message or many to a frame.
///
/// ```swift
/// try SBEServer(on: "127.0.0.1:9001") { Garage() }.run()
/// ```
/// The handler is an ``SBEMessageHandler`` of any generated schema, or a ``TradeMessageHandler``.
///
/// **Threads.** `run` and `start` begin one thread per loop; every method may be called from any thread.
public final class SBEServer: Sendable {
    /// How a server is built.
    public struct Configuration: Sendable {
        /// The WebSocket server underneath.
        public var webSocket = WebSocketServer.Configuration()
        /// What frames are taken, and what becomes of others.
        public var gateway = GatewayOptions()

        /// A configuration with the defaults of each setting.
        public init() {}
    }

    private let webSocket: WebSocketServer
    private let figures: GatewayFigures

    @usableFromInline
    init(
        _ address: String, _ configuration: Configuration, _ group: EventLoopGroup?,
        _ figures: GatewayFigures, _ routes: WebSocketRoutes
    ) throws {
        self.figures = figures
        webSocket = try WebSocketServer(
            on: address, configuration: configuration.webSocket, group: group, routes: routes)
    }

    /// Listens on `address` and serves the messages of a schema on every path.
    ///
    /// - Parameters:
    ///   - address: `IPV4:PORT`, `[IPV6]:PORT`, `localhost:PORT`, `*:PORT`, `unix:PATH`, or `fd:NUMBER` for a
    ///     socket that the process was given, see ``/ZCNet/InheritedSockets``.
    ///   - group: loops to share with other servers and clients, not yet started; nil makes the server's own.
    ///   - makeHandler: makes one handler per loop, on that loop's thread.
    @inlinable
    public convenience init<Handler: SBEMessageHandler & SendableMetatype & ~Copyable>(
        on address: String, configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) throws {
        let figures = GatewayFigures()
        let gateway = configuration.gateway
        let routes = WebSocketRoutes { routes in
            routes.webSocket { SBEAdapter(makeHandler(), gateway, figures) }
        }
        try self.init(address, configuration, group, figures, routes)
    }

    /// The loops that serve.
    public var group: EventLoopGroup { webSocket.group }

    /// Where the server really listens: a port of 0 has become a number.
    public var address: SocketAddress { webSocket.address }

    /// What was taken so far, of all loops. Any thread; not of one moment.
    public var counts: GatewayCounts { figures.counts() }

    /// How many connections the server has, those in their handshake included.
    public var connectionCount: Int { webSocket.connectionCount }

    /// Begins to serve; returns at once.
    public func start() throws(SystemError) { try webSocket.start() }

    /// Serves until `shutdown` is called from elsewhere and everything has drained.
    public func run() throws(SystemError) { try webSocket.run() }

    /// Serves until one of the signals comes, and then shuts down in good order within `grace`, or until
    /// `shutdown` is called from elsewhere. See ``/ZCNet/EventLoopGroup/run(until:grace:)``.
    /// - Returns: the signal that came; nil where the end had another reason.
    @discardableResult
    public func run(until signals: StopSignals, grace: Duration = .seconds(10)) throws -> Int32? {
        try webSocket.run(until: signals, grace: grace)
    }

    /// Stops accepting, tells every peer that the server is going away (1001), lets output drain and peers
    /// agree for at most `grace`, and ends the loops. Returns at once; `stop` waits
    /// for the end.
    public func shutdown(grace: Duration = .seconds(10)) { webSocket.shutdown(grace: grace) }

    /// The same as `shutdown`, and suspends until the server has ended: what was sent before has gone
    /// out, or its connection had its time. See ``/ZCNet/EventLoopGroup/stop(grace:)``.
    public func stop(grace: Duration = .seconds(10)) async { await webSocket.stop(grace: grace) }

    /// Waits until the server has ended. Blocks the calling thread; in a task, `stop` is what waits.
    public func wait() { webSocket.wait() }

    /// Counters and gauges of the server's loops.
    public func snapshot() -> MetricsSnapshot { webSocket.snapshot() }

    /// What the server's requests and conversations came to so far.
    public func webSocketSnapshot() -> WebSocketSnapshot { webSocket.webSocketSnapshot() }
}

extension WebSocketRoutes {
    /// Serves the messages of a schema at a path of a WebSocket server that serves other things as well.
    ///
    /// - Parameters:
    ///   - path: the request's path, compared whole; nil serves every path that nothing else does.
    ///   - gateway: what frames are taken, and what becomes of others.
    ///   - options: nil takes the server's.
    ///   - subprotocols: what the server speaks, best first; the first that the client offers is chosen.
    ///   - policy: who may come in.
    ///   - makeHandler: makes one handler per loop, on that loop's thread.
    @inlinable
    public mutating func messages<Handler: SBEMessageHandler & SendableMetatype & ~Copyable>(
        _ path: String? = nil, gateway: GatewayOptions = GatewayOptions(), options: WebSocketOptions? = nil,
        subprotocols: [String] = [], policy: UpgradePolicy = .open,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) {
        let figures = GatewayFigures()
        webSocket(path, options: options, subprotocols: subprotocols, policy: policy) {
            SBEAdapter(makeHandler(), gateway, figures)
        }
    }
}
