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
    ///   - address: `IPV4:PORT`, `[IPV6]:PORT`, `localhost:PORT`, `*:PORT`, `unix:PATH`, or `fd:NUMBER` for a
    ///     socket that the process was given, see ``/ZCNet/InheritedSockets``.
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

/// What an application does with the trades that come: one value per loop, called on its thread only.
///
/// ```swift
/// final class Tape: TradeMessageHandler {
///     var volume: UInt64 = 0
///
///     func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {
///         volume += UInt64(trade.quantity)
///     }
/// }
/// try TradeServer(on: "127.0.0.1:9001") { Tape() }.run()
/// ```
/// Structs, classes and noncopyable structs conform alike; none needs a lock or `Sendable`. What belongs to
/// one connection is its `State`, reached as `peer.state`.
///
/// **Order.** `onConnect` comes first, then trades in the order in which they were sent, then `onDisconnect`
/// exactly once. Callbacks never nest. A handler that closes the connection gets nothing more, not even the
/// rest of the frame at hand; but one that serves batches has the whole of each before it.
///
/// A frame that could not be taken has delivered none of its trades when `onError` comes.
///
/// **Ownership.** Trades and connection are lent for the callback; the compiler refuses to let them out.
///
/// **Time.** The loop waits for each callback, and with it every other connection of the loop. Work that may
/// block or takes long goes through a `HandOff`.
public protocol TradeMessageHandler: GatewayHandler, ~Copyable {
    /// A trade has come; it is lent until this returns.
    mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketConnection<State>)

    /// A frame of trades came: one or many. By default calls `onTrade` for each.
    ///
    /// All of them have been checked. A frame with messages of several versions comes as several batches.
    mutating func onTrades(_ trades: borrowing TradeBatch, from peer: inout WebSocketConnection<State>)
}

extension TradeMessageHandler where Self: ~Copyable {
    /// Calls `onTrade` for each trade.
    @inlinable @inline(__always)
    public mutating func onTrades(
        _ trades: borrowing TradeBatch, from peer: inout WebSocketConnection<State>
    ) {
        for index in 0..<trades.count {
            onTrade(trades[index], from: &peer)
            if peer.conversation.isEnding { return }
        }
    }
}
