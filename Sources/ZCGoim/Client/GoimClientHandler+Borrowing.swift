public import ZCNet

/// What makes a callback of a ``GoimClientHandler`` that borrows its connection an error, as of a
/// `ConnectionHandler`: it would be a method of its own, which is never called.
///
/// A ``GoimHandler`` has no such check. It may be without any callback, and so the compiler settles for what
/// is there where none borrows.
public protocol _GoimClientHandlerBorrowing: ~Copyable {
    /// The state of a connection that a callback borrows; none is to.
    associatedtype _Borrowed = _NoConnection
    /// There where no callback borrows its connection.
    static var _borrowed: Void { get }

    /// An `onOpen` that borrows.
    mutating func onOpen(_ peer: borrowing GoimConnection<_Borrowed>)
    /// An `onWritable` that borrows.
    mutating func onWritable(_ peer: borrowing GoimConnection<_Borrowed>)
    /// An `onTimer` that borrows.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: borrowing GoimConnection<_Borrowed>)
    /// An `onClose` that borrows.
    mutating func onClose(_ peer: borrowing GoimConnection<_Borrowed>, _ reason: GoimCloseReason)
    /// An `onMessage` that borrows.
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: borrowing GoimConnection<_Borrowed>)
    /// An `onHeartbeat` that borrows.
    mutating func onHeartbeat(online: Int, _ peer: borrowing GoimConnection<_Borrowed>)
}

extension _GoimClientHandlerBorrowing where Self: ~Copyable {
    /// What the compiler finds where a callback borrows.
    @available(*, unavailable, message: "callbacks take `inout GoimConnection<State>`")
    public static var _borrowed: Void { () }
    /// What is there where no callback borrows; never called.
    public mutating func onOpen(_ peer: borrowing GoimConnection<_NoConnection>) {}
    /// What is there where no callback borrows; never called.
    public mutating func onWritable(_ peer: borrowing GoimConnection<_NoConnection>) {}
    /// What is there where no callback borrows; never called.
    public mutating func onTimer(
        _ tag: ConnectionTimerTag, of peer: borrowing GoimConnection<_NoConnection>
    ) {}
    /// What is there where no callback borrows; never called.
    public mutating func onClose(
        _ peer: borrowing GoimConnection<_NoConnection>, _ reason: GoimCloseReason
    ) {}
    /// What is there where no callback borrows; never called.
    public mutating func onMessage(
        _ proto: borrowing GoimProto, from peer: borrowing GoimConnection<_NoConnection>
    ) {}
    /// What is there where no callback borrows; never called.
    public mutating func onHeartbeat(online: Int, _ peer: borrowing GoimConnection<_NoConnection>) {}
}

extension _GoimClientHandlerBorrowing where Self: ~Copyable, _Borrowed == _NoConnection {
    /// What is there where no callback borrows.
    public static var _borrowed: Void { () }
}
