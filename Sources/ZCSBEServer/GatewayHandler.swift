public import ZCNet
public import ZCNetWebSocket

/// What the handlers of all gateways are told besides messages. Applications conform to
/// ``TradeMessageHandler`` or ``SBEMessageHandler``, which add what comes.
///
/// **Order.** `onConnect` comes first, and `onDisconnect` last, exactly once. Callbacks never nest. Behind a
/// handler's `close` or `abort` nothing but `onDisconnect` comes, not even the rest of the frame at hand.
///
/// **Threads.** One handler per loop, called on its thread only.
///
/// **Slips.** A callback that throws, borrows its connection or has one of another state does not compile.
/// One with another name or label is a method of its own, which the compiler warns of at best where the
/// type conforms in an extension.
public protocol GatewayHandler: _GatewayHandlerMistakes, _GatewayHandlerBorrowing, ~Copyable {
    /// What the handler keeps for each connection.
    associatedtype State = Void

    /// Makes the state of a new connection, before `onConnect`.
    mutating func makeState() -> State

    /// A connection was opened. A handler that wants to know what the upgrade found out, such as who the
    /// client is, has the form with the upgrade instead, which calls this one by default.
    mutating func onConnect(_ peer: inout WebSocketConnection<State>)

    /// A connection was opened; `upgrade.context(as:)` is what the route's policy has found out.
    mutating func onConnect(_ peer: inout WebSocketConnection<State>, _ upgrade: WebSocketUpgrade)

    /// A connection is over. What is sent now is answered `closed`.
    mutating func onDisconnect(_ peer: inout WebSocketConnection<State>, _ reason: WebSocketCloseReason)

    /// A frame could not be taken. What becomes of it says ``GatewayOptions/faultPolicy``.
    mutating func onError(_ error: GatewayError, from peer: inout WebSocketConnection<State>)

    /// Output that was at its limit, or above the high watermark, has fallen to the low one.
    mutating func onWritable(_ peer: inout WebSocketConnection<State>)

    /// A timer that `peer.schedule(after:tag:)` armed is due.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<State>)

    /// The loop is up and serves this handler; the first call it gets.
    mutating func onStart(_ loop: borrowing LoopContext)

    /// The loop ends; the last call the handler gets.
    mutating func onStop(_ loop: borrowing LoopContext)
}

extension GatewayHandler where Self: ~Copyable {
    /// Does nothing by default.
    public mutating func onConnect(_ peer: inout WebSocketConnection<State>) {}
    /// Calls the form without the upgrade by default.
    public mutating func onConnect(_ peer: inout WebSocketConnection<State>, _ upgrade: WebSocketUpgrade) {
        onConnect(&peer)
    }
    /// Does nothing by default.
    public mutating func onDisconnect(
        _ peer: inout WebSocketConnection<State>, _ reason: WebSocketCloseReason
    ) {}
    /// Does nothing by default.
    public mutating func onError(_ error: GatewayError, from peer: inout WebSocketConnection<State>) {}
    /// Does nothing by default.
    public mutating func onWritable(_ peer: inout WebSocketConnection<State>) {}
    /// Does nothing by default.
    public mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<State>) {}
    /// Does nothing by default.
    public mutating func onStart(_ loop: borrowing LoopContext) {}
    /// Does nothing by default.
    public mutating func onStop(_ loop: borrowing LoopContext) {}
}

/// What a gateway takes, and what it does with what it does not.
public struct GatewayOptions: Sendable {
    /// What becomes of a frame with a fault, after `onError` was told.
    @frozen
    public enum FaultPolicy: Hashable, Sendable {
        /// The frame is passed over and counted; the connection goes on.
        case skip
        /// The connection is closed with ``GatewayError/closeCode``: 1003 or 1007.
        case close
    }

    /// What becomes of a binary frame with a fault. To close is the default: who sends one wrong message
    /// will send the next, and wants to know. Text frames always close the connection.
    public var faultPolicy = FaultPolicy.close

    /// The versions of the schema that are taken. All by default: messages of older and of newer versions
    /// can be read (SBE 1.0, "Schema extension"), their unknown fields are passed over.
    public var versions: ClosedRange<Int> = 0...Int.max

    /// Options with the defaults of each setting.
    public init() {}
}
