public import ZCNet
public import ZCNetWebSocket

/// A server of trades: an ``SBEServer`` whose handler is a ``TradeMessageHandler``.
///
/// ```swift
/// try TradeServer(on: "127.0.0.1:9001") { Tape() }.run()
/// ```
public typealias TradeServer = SBEServer

extension SBEServer {
    /// Listens on `address` and serves trades on every path.
    ///
    /// - Parameters:
    ///   - address: `IPV4:PORT`, `[IPV6]:PORT`, `localhost:PORT`, `*:PORT` or `unix:PATH`.
    ///   - group: loops to share with other servers and clients, not yet started; nil makes the server's own.
    ///   - makeHandler: makes one handler per loop, on that loop's thread.
    @inlinable
    public convenience init<Handler: TradeMessageHandler & SendableMetatype & ~Copyable>(
        on address: String, configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) throws {
        let figures = GatewayFigures()
        let gateway = configuration.gateway
        let routes = WebSocketRoutes { routes in
            routes.webSocket { TradeAdapter(makeHandler(), gateway, figures) }
        }
        try self.init(address, configuration, group, figures, routes)
    }
}

extension WebSocketRoutes {
    /// Serves trades at a path of a WebSocket server that serves other things as well.
    ///
    /// ```swift
    /// let routes = WebSocketRoutes { routes in
    ///     routes.trades("/trades") { Tape() }
    ///     routes.page("/", "<!doctype html>…")
    /// }
    /// ```
    /// - Parameters:
    ///   - path: the request's path, compared whole; nil serves every path that nothing else does.
    ///   - gateway: what frames are taken, and what becomes of others.
    ///   - options: nil takes the server's.
    ///   - subprotocols: what the server speaks, best first; the first that the client offers is chosen.
    ///   - policy: who may come in.
    ///   - makeHandler: makes one handler per loop, on that loop's thread.
    @inlinable
    public mutating func trades<Handler: TradeMessageHandler & SendableMetatype & ~Copyable>(
        _ path: String? = nil, gateway: GatewayOptions = GatewayOptions(), options: WebSocketOptions? = nil,
        subprotocols: [String] = [], policy: UpgradePolicy = .open,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) {
        let figures = GatewayFigures()
        webSocket(path, options: options, subprotocols: subprotocols, policy: policy) {
            TradeAdapter(makeHandler(), gateway, figures)
        }
    }
}
