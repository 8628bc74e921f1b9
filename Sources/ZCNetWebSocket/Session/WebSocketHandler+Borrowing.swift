public import ZCNet

/// What makes a callback of a ``WebSocketHandler`` that borrows its connection an error: it would be a
/// method of its own, which is never called. Nobody calls any of these either. One type serves all callbacks
/// here, since there is one right answer for all of them: none borrows.
public protocol _WebSocketHandlerBorrowing: ~Copyable {
    /// The state of a connection that a callback borrows; none is to.
    associatedtype _Borrowed = _NoConnection
    /// There where no callback borrows its connection.
    static var _borrowed: Void { get }

    /// An `onOpen` that borrows.
    mutating func onOpen(_ peer: borrowing WebSocketConnection<_Borrowed>, _ upgrade: WebSocketUpgrade)
    /// An `onOpen` that borrows.
    mutating func onOpen(_ peer: borrowing WebSocketConnection<_Borrowed>)
    /// An `onFragment` that borrows.
    mutating func onFragment(
        _ fragment: borrowing WebSocketFragment, from peer: borrowing WebSocketConnection<_Borrowed>)
    /// An `onPing` that borrows.
    mutating func onPing(_ payload: RawSpan, from peer: borrowing WebSocketConnection<_Borrowed>)
    /// An `onPong` that borrows.
    mutating func onPong(_ payload: RawSpan, from peer: borrowing WebSocketConnection<_Borrowed>)
    /// An `onWritable` that borrows.
    mutating func onWritable(_ peer: borrowing WebSocketConnection<_Borrowed>)
    /// An `onTimer` that borrows.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: borrowing WebSocketConnection<_Borrowed>)
    /// An `onError` that borrows.
    mutating func onError(_ error: WebSocketError, from peer: borrowing WebSocketConnection<_Borrowed>)
    /// An `onClose` that borrows.
    mutating func onClose(_ peer: borrowing WebSocketConnection<_Borrowed>, _ reason: WebSocketCloseReason)
}

extension _WebSocketHandlerBorrowing where Self: ~Copyable {
    /// What the compiler finds where a callback borrows.
    @available(*, unavailable, message: "callbacks take `inout WebSocketConnection<State>`")
    public static var _borrowed: Void { () }
    /// What is there where no callback borrows; never called.
    public mutating func onWritable(_ peer: borrowing WebSocketConnection<_NoConnection>) {}
    /// What is there where no callback borrows; never called.
    public mutating func onTimer(
        _ tag: ConnectionTimerTag, of peer: borrowing WebSocketConnection<_NoConnection>
    ) {}
    /// What is there where no callback borrows; never called.
    public mutating func onError(
        _ error: WebSocketError, from peer: borrowing WebSocketConnection<_NoConnection>
    ) {}
    /// What is there where no callback borrows; never called.
    public mutating func onClose(
        _ peer: borrowing WebSocketConnection<_NoConnection>, _ reason: WebSocketCloseReason
    ) {}
    /// What is there where no callback borrows; never called.
    public mutating func onOpen(
        _ peer: borrowing WebSocketConnection<_NoConnection>, _ upgrade: WebSocketUpgrade
    ) {}
    /// What is there where no callback borrows; never called.
    public mutating func onOpen(_ peer: borrowing WebSocketConnection<_NoConnection>) {}
    /// What is there where no callback borrows; never called.
    public mutating func onFragment(
        _ fragment: borrowing WebSocketFragment, from peer: borrowing WebSocketConnection<_NoConnection>
    ) {}
    /// What is there where no callback borrows; never called.
    public mutating func onPing(_ payload: RawSpan, from peer: borrowing WebSocketConnection<_NoConnection>) {
    }
    /// What is there where no callback borrows; never called.
    public mutating func onPong(_ payload: RawSpan, from peer: borrowing WebSocketConnection<_NoConnection>) {
    }
}

extension _WebSocketHandlerBorrowing where Self: ~Copyable, _Borrowed == _NoConnection {
    /// What is there where no callback borrows.
    public static var _borrowed: Void { () }
}
