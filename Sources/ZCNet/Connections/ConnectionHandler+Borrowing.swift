/// What makes a callback of a ``ConnectionHandler`` that borrows its connection an error: it would be a
/// method of its own, which is never called. Nobody calls any of these either. One type serves all callbacks
/// here, since there is one right answer for all of them: none borrows.
public protocol _ConnectionHandlerBorrowing: ~Copyable {
    /// The state of a connection that a callback borrows; none is to.
    associatedtype _Borrowed = _NoConnection
    /// There where no callback borrows its connection.
    static var _borrowed: Void { get }

    /// An `onOpen` that borrows.
    mutating func onOpen(_ peer: borrowing Connection<_Borrowed>)
    /// An `onWritable` that borrows.
    mutating func onWritable(_ peer: borrowing Connection<_Borrowed>)
    /// An `onPeerEnded` that borrows.
    mutating func onPeerEnded(_ peer: borrowing Connection<_Borrowed>)
    /// An `onTimer` that borrows.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: borrowing Connection<_Borrowed>)
    /// An `onClose` that borrows.
    mutating func onClose(_ peer: borrowing Connection<_Borrowed>, _ reason: CloseReason)
}

extension _ConnectionHandlerBorrowing where Self: ~Copyable {
    /// What the compiler finds where a callback borrows.
    @available(*, unavailable, message: "callbacks take `inout Connection<State>`")
    public static var _borrowed: Void { () }
    /// What is there where no callback borrows; never called.
    public mutating func onOpen(_ peer: borrowing Connection<_NoConnection>) {}
    /// What is there where no callback borrows; never called.
    public mutating func onWritable(_ peer: borrowing Connection<_NoConnection>) {}
    /// What is there where no callback borrows; never called.
    public mutating func onPeerEnded(_ peer: borrowing Connection<_NoConnection>) {}
    /// What is there where no callback borrows; never called.
    public mutating func onTimer(_ tag: ConnectionTimerTag, of peer: borrowing Connection<_NoConnection>) {}
    /// What is there where no callback borrows; never called.
    public mutating func onClose(_ peer: borrowing Connection<_NoConnection>, _ reason: CloseReason) {}
}

extension _ConnectionHandlerBorrowing where Self: ~Copyable, _Borrowed == _NoConnection {
    /// What is there where no callback borrows.
    public static var _borrowed: Void { () }
}
