public import ZCNet
public import ZCNetWebSocket

/// What makes a callback of a ``GatewayHandler`` that borrows its connection an error, as of a
/// `ConnectionHandler`: it would be a method of its own, which is never called.
public protocol _GatewayHandlerBorrowing: ~Copyable {
    /// The state of a connection that a callback borrows; none is to.
    associatedtype _Borrowed = _NoConnection
    /// There where no callback borrows its connection.
    static var _borrowed: Void { get }

    /// An `onConnect` that borrows.
    mutating func onConnect(_ peer: borrowing WebSocketConnection<_Borrowed>)
    /// An `onConnect` that borrows.
    mutating func onConnect(_ peer: borrowing WebSocketConnection<_Borrowed>, _ upgrade: WebSocketUpgrade)
    /// An `onDisconnect` that borrows.
    mutating func onDisconnect(
        _ peer: borrowing WebSocketConnection<_Borrowed>, _ reason: WebSocketCloseReason)
    /// An `onError` that borrows.
    mutating func onError(_ error: GatewayError, from peer: borrowing WebSocketConnection<_Borrowed>)
    /// An `onWritable` that borrows.
    mutating func onWritable(_ peer: borrowing WebSocketConnection<_Borrowed>)
    /// An `onTimer` that borrows.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: borrowing WebSocketConnection<_Borrowed>)
}

extension _GatewayHandlerBorrowing where Self: ~Copyable {
    /// What the compiler finds where a callback borrows.
    @available(*, unavailable, message: "callbacks take `inout WebSocketConnection<State>`")
    public static var _borrowed: Void { () }
    /// What is there where no callback borrows; never called.
    public mutating func onConnect(_ peer: borrowing WebSocketConnection<_NoConnection>) {}
    /// What is there where no callback borrows; never called.
    public mutating func onConnect(
        _ peer: borrowing WebSocketConnection<_NoConnection>, _ upgrade: WebSocketUpgrade
    ) {}
    /// What is there where no callback borrows; never called.
    public mutating func onDisconnect(
        _ peer: borrowing WebSocketConnection<_NoConnection>, _ reason: WebSocketCloseReason
    ) {}
    /// What is there where no callback borrows; never called.
    public mutating func onError(
        _ error: GatewayError, from peer: borrowing WebSocketConnection<_NoConnection>
    ) {}
    /// What is there where no callback borrows; never called.
    public mutating func onWritable(_ peer: borrowing WebSocketConnection<_NoConnection>) {}
    /// What is there where no callback borrows; never called.
    public mutating func onTimer(
        _ tag: ConnectionTimerTag, of peer: borrowing WebSocketConnection<_NoConnection>
    ) {}
}

extension _GatewayHandlerBorrowing where Self: ~Copyable, _Borrowed == _NoConnection {
    /// What is there where no callback borrows.
    public static var _borrowed: Void { () }
}
