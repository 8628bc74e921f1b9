public import ZCNetWebSocket

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
/// block or takes long goes through a ``HandOff``.
public protocol TradeMessageHandler: GatewayHandler, ~Copyable {
    /// A trade came.
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
