public import ZCNetWebSocket

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
