public import ZCNet

/// What an application does with its connections to goim servers: one value per loop and transport, called on
/// the loop's thread only.
///
/// ```swift
/// struct Reader: GoimClientHandler {
///     mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
///         print(proto.operation, proto.text)
///     }
/// }
/// ```
/// **Order.** `onOpen` once the server has let the client in, then any of the others, then `onClose` exactly
/// once. A connection that is not let in is reported to whoever asked for it, and not here.
///
/// **Ownership.** Proto and connection are lent for the callback; the compiler refuses to let them out.
public protocol GoimClientHandler: ~Copyable {
    /// What the handler keeps for each connection.
    associatedtype State = Void

    /// Makes the state of a new connection, before anything else.
    mutating func makeState() -> State

    /// The server has let the client in.
    mutating func onOpen(_ peer: inout GoimConnection<State>)

    /// A push, or an answer to a message. Batches come as the protos that are in them, in order.
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<State>)

    /// The server answered a heartbeat: so many are in the room.
    mutating func onHeartbeat(online: Int, _ peer: inout GoimConnection<State>)

    /// Output that was at its limit, or above the high watermark, has fallen to the low one.
    mutating func onWritable(_ peer: inout GoimConnection<State>)

    /// A timer that `peer.schedule(after:tag:)` armed is due.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<State>)

    /// The connection is over.
    mutating func onClose(_ peer: inout GoimConnection<State>, _ reason: GoimCloseReason)
}

extension GoimClientHandler where Self: ~Copyable {
    /// Does nothing.
    public mutating func onOpen(_ peer: inout GoimConnection<State>) {}
    /// Does nothing.
    public mutating func onHeartbeat(online: Int, _ peer: inout GoimConnection<State>) {}
    /// Does nothing.
    public mutating func onWritable(_ peer: inout GoimConnection<State>) {}
    /// Does nothing.
    public mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<State>) {}
    /// Does nothing.
    public mutating func onClose(_ peer: inout GoimConnection<State>, _ reason: GoimCloseReason) {}
}

extension GoimClientHandler where Self: ~Copyable, State == Void {
    /// Nothing to make.
    public mutating func makeState() {}
}
