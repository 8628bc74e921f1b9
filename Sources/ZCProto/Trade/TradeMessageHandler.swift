public import ZCNet
public import ZCNetWebSocket

/// What an application does with the trades that come: one value per loop, called on its thread only.
///
/// ```swift
/// final class Tape: TradeMessageHandler {
///     var volume: UInt64 = 0
///
///     func onTrade(_ trade: borrowing TradeView, from peer: borrowing WebSocketPeer) {
///         volume += UInt64(trade.quantity)
///     }
/// }
/// try TradeServer(on: "127.0.0.1:9001") { Tape() }.run()
/// ```
/// Structs, classes and noncopyable structs conform alike; none needs a lock or `Sendable`. What belongs to
/// one connection is its `State`, reached as `peer.state`.
///
/// **Order.** `onConnect` comes first, then trades in the order in which they were sent, then `onDisconnect`
/// exactly once. Callbacks never nest. A handler that closes the connection still gets the rest of the frame
/// at hand, and nothing behind it.
///
/// **Ownership.** Trades and connection are lent for the callback; the compiler refuses to let them out.
///
/// **Time.** The loop waits for each callback, and with it every other connection of the loop. Work that may
/// block or takes long goes through a ``HandOff``.
public protocol TradeMessageHandler: ~Copyable {
    /// What the handler keeps for each connection.
    associatedtype State = Void

    /// A trade came.
    mutating func onTrade(_ trade: borrowing TradeView, from peer: borrowing WebSocketConnection<State>)

    /// A frame of trades came: one or many. By default calls `onTrade` for each.
    ///
    /// All of them have been checked. A frame with messages of several versions comes as several batches.
    mutating func onTrades(_ trades: borrowing TradeBatch, from peer: borrowing WebSocketConnection<State>)

    /// Makes the state of a new connection, before `onConnect`.
    mutating func makeState() -> State

    /// A connection was opened.
    mutating func onConnect(_ peer: borrowing WebSocketConnection<State>)

    /// A connection is over. What is sent now is answered `closed`.
    mutating func onDisconnect(_ peer: borrowing WebSocketConnection<State>, _ reason: WebSocketCloseReason)

    /// A frame could not be taken; none of its trades was delivered. What becomes of it says
    /// ``GatewayOptions/faultPolicy``.
    mutating func onError(_ error: GatewayError, from peer: borrowing WebSocketConnection<State>)

    /// Output that was at its limit, or above the high watermark, has fallen to the low one.
    mutating func onWritable(_ peer: borrowing WebSocketConnection<State>)

    /// A timer that `peer.schedule(after:tag:)` armed is due.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: borrowing WebSocketConnection<State>)

    /// The loop is up and serves this handler; the first call it gets.
    mutating func onStart(_ loop: borrowing LoopContext)

    /// The loop ends; the last call the handler gets.
    mutating func onStop(_ loop: borrowing LoopContext)
}

extension TradeMessageHandler where Self: ~Copyable {
    /// Calls `onTrade` for each trade.
    @inlinable @inline(__always)
    public mutating func onTrades(
        _ trades: borrowing TradeBatch, from peer: borrowing WebSocketConnection<State>
    ) {
        for index in 0..<trades.count { onTrade(trades[index], from: peer) }
    }

    /// Does nothing.
    public mutating func onConnect(_ peer: borrowing WebSocketConnection<State>) {}
    /// Does nothing.
    public mutating func onDisconnect(
        _ peer: borrowing WebSocketConnection<State>, _ reason: WebSocketCloseReason
    ) {}
    /// Does nothing.
    public mutating func onError(_ error: GatewayError, from peer: borrowing WebSocketConnection<State>) {}
    /// Does nothing.
    public mutating func onWritable(_ peer: borrowing WebSocketConnection<State>) {}
    /// Does nothing.
    public mutating func onTimer(_ tag: ConnectionTimerTag, of peer: borrowing WebSocketConnection<State>) {}
    /// Does nothing.
    public mutating func onStart(_ loop: borrowing LoopContext) {}
    /// Does nothing.
    public mutating func onStop(_ loop: borrowing LoopContext) {}
}

extension TradeMessageHandler where Self: ~Copyable, State == Void {
    /// Nothing to make.
    public mutating func makeState() {}
}
