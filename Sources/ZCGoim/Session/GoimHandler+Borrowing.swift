public import ZCNet

/// What makes a callback of a ``GoimHandler`` or a ``GoimClientHandler`` that borrows its connection an
/// error, as of a `ConnectionHandler`: it would be a method of its own, which is never called.
///
/// Why a type for each callback, where a `ConnectionHandler` has one for all: a handler of goim may be
/// without any callback of its own, and for one type of all the compiler would settle for `_NoConnection`,
/// whatever one callback has. Why the callbacks of servers and clients in one: all have the same shape in
/// both.
public protocol _GoimBorrowing: ~Copyable {
    /// There where no callback borrows its connection.
    static var _borrowed: Void { get }

    /// The state of a connection that `onOpen` borrows.
    associatedtype _OnOpenBorrows = _NoConnection
    /// An `onOpen` that borrows.
    mutating func onOpen(_ peer: borrowing GoimConnection<_OnOpenBorrows>)

    /// The state of a connection that `onWritable` borrows.
    associatedtype _OnWritableBorrows = _NoConnection
    /// An `onWritable` that borrows.
    mutating func onWritable(_ peer: borrowing GoimConnection<_OnWritableBorrows>)

    /// The state of a connection that `onTimer` borrows.
    associatedtype _OnTimerBorrows = _NoConnection
    /// An `onTimer` that borrows.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: borrowing GoimConnection<_OnTimerBorrows>)

    /// The state of a connection that `onClose` borrows.
    associatedtype _OnCloseBorrows = _NoConnection
    /// An `onClose` that borrows.
    mutating func onClose(_ peer: borrowing GoimConnection<_OnCloseBorrows>, _ reason: GoimCloseReason)

    /// The state of a connection that `onMessage` borrows.
    associatedtype _OnMessageBorrows = _NoConnection
    /// An `onMessage` that borrows.
    mutating func onMessage(
        _ proto: borrowing GoimProto, from peer: borrowing GoimConnection<_OnMessageBorrows>)

    /// The state of a connection that `onHeartbeat` borrows.
    associatedtype _OnHeartbeatBorrows = _NoConnection
    /// An `onHeartbeat` that borrows.
    mutating func onHeartbeat(online: Int, _ peer: borrowing GoimConnection<_OnHeartbeatBorrows>)

    /// The state of a connection that `authenticate` borrows.
    associatedtype _AuthenticateBorrows = _NoConnection
    /// An `authenticate` that borrows.
    mutating func authenticate(
        _ request: borrowing GoimProto, from peer: borrowing GoimConnection<_AuthenticateBorrows>
    ) -> GoimVerdict

    /// The state of a connection that `onConsumer` borrows.
    associatedtype _OnConsumerBorrows = _NoConnection
    /// An `onConsumer` that borrows.
    mutating func onConsumer(
        _ consumer: consuming GoimConsumer, of peer: borrowing GoimConnection<_OnConsumerBorrows>)

    /// The state of a connection that `mayEnter` borrows.
    associatedtype _MayEnterBorrows = _NoConnection
    /// A `mayEnter` that borrows.
    mutating func mayEnter(_ room: String?, _ peer: borrowing GoimConnection<_MayEnterBorrows>) -> Bool
}

extension _GoimBorrowing where Self: ~Copyable {
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
    /// What is there where no callback borrows; never called.
    public mutating func authenticate(
        _ request: borrowing GoimProto, from peer: borrowing GoimConnection<_NoConnection>
    ) -> GoimVerdict { .later }
    /// What is there where no callback borrows; never called.
    public mutating func onConsumer(
        _ consumer: consuming GoimConsumer, of peer: borrowing GoimConnection<_NoConnection>
    ) {}
    /// What is there where no callback borrows; never called.
    public mutating func mayEnter(
        _ room: String?, _ peer: borrowing GoimConnection<_NoConnection>
    ) -> Bool { false }
}

extension _GoimBorrowing
where
    Self: ~Copyable, _OnOpenBorrows == _NoConnection, _OnWritableBorrows == _NoConnection,
    _OnTimerBorrows == _NoConnection, _OnCloseBorrows == _NoConnection, _OnMessageBorrows == _NoConnection,
    _OnHeartbeatBorrows == _NoConnection, _AuthenticateBorrows == _NoConnection,
    _OnConsumerBorrows == _NoConnection, _MayEnterBorrows == _NoConnection
{
    /// What is there where no callback borrows.
    public static var _borrowed: Void { () }
}
