/// What an application does with its connections: one value per loop, called on that loop's thread only.
///
/// ```swift
/// struct Echo: ConnectionHandler {
///     mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
///         peer.send(data)
///     }
/// }
/// ```
/// Structs, classes and noncopyable structs conform alike; none needs a lock or `Sendable`. What belongs to
/// one connection is its `State`, kept beside the connection and reached as `peer.state`:
///
/// ```swift
/// struct Counter: ConnectionHandler {
///     func makeState() -> Int { 0 }
///     mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Int>) {
///         peer.state += data.count
///     }
/// }
/// ```
/// **Order.** `onOpen` comes first, then any of the others, then `onClose` exactly once. Callbacks never
/// nest: what a callback causes (a close, an overflow) is reported after it has returned. Behind a handler's
/// `close` or `abort` nothing but `onClose` comes.
///
/// **Ownership.** Data and connection are lent for the callback; the compiler refuses to let them out. Keep
/// `data.retain()`, `data.copy()`, `peer.id` or `peer.remote` instead. The connection is the callback's
/// alone, so that its state can be changed in one place at a time; `peer.withState` is for sending meanwhile,
/// and helpers that do not change the state may take a `borrowing Connection<State>`.
///
/// **Time.** A callback that takes long delays every other connection of its loop, and is observed as slow.
///
/// **Slips.** A callback that throws, borrows its connection or has one of another state does not compile.
/// One with another name or label is a method of its own, which the compiler warns of at best where the
/// type conforms in an extension.
public protocol ConnectionHandler: _ConnectionHandlerMistakes, _ConnectionHandlerBorrowing, ~Copyable {
    /// What the handler keeps for each connection.
    associatedtype State = Void

    /// Makes the state of a new connection, before `onOpen`.
    mutating func makeState() -> State

    /// The connection is open. Nothing has been received yet.
    mutating func onOpen(_ peer: inout Connection<State>)

    /// Bytes came. All count as read unless `peer.leaveUnread(_:)` says otherwise.
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<State>)

    /// Output that was at its limit, or above the high watermark, has fallen to the low one.
    mutating func onWritable(_ peer: inout Connection<State>)

    /// The peer will send no more, and `allowsHalfClose` is set; without it the connection closes by itself.
    mutating func onPeerEnded(_ peer: inout Connection<State>)

    /// A timer that `peer.schedule(after:tag:)` armed is due.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout Connection<State>)

    /// The connection is over. What is sent now is answered `closed`; id, addresses and state are still
    /// there.
    mutating func onClose(_ peer: inout Connection<State>, _ reason: CloseReason)

    /// The loop is up and serves this handler; the first call it gets.
    mutating func onStart(_ loop: borrowing LoopContext)

    /// The loop ends; the last call the handler gets.
    mutating func onStop(_ loop: borrowing LoopContext)
}

extension ConnectionHandler where Self: ~Copyable {
    /// Does nothing by default.
    public mutating func onOpen(_ peer: inout Connection<State>) {}
    /// Does nothing by default.
    public mutating func onWritable(_ peer: inout Connection<State>) {}
    /// Closes the connection once its output is out.
    public mutating func onPeerEnded(_ peer: inout Connection<State>) { peer.close() }
    /// Does nothing by default.
    public mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout Connection<State>) {}
    /// Does nothing by default.
    public mutating func onClose(_ peer: inout Connection<State>, _ reason: CloseReason) {}
    /// Does nothing by default.
    public mutating func onStart(_ loop: borrowing LoopContext) {}
    /// Does nothing by default.
    public mutating func onStop(_ loop: borrowing LoopContext) {}
}
