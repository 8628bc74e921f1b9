/// What happens to connections, for logs and alarms: a handful of events, none of them per message.
///
/// Called on the loop that the event belongs to; the same observer may be called by several loops at a time.
/// Keep it short: it runs between two callbacks of a handler.
public protocol Observer: Sendable {
    /// A connection was accepted or has come up.
    func connectionOpened(_ id: ConnectionID, peer: SocketAddress)
    /// A connection is over; `droppedBytes` were accepted for sending and did not leave.
    func connectionClosed(_ id: ConnectionID, reason: CloseReason, droppedBytes: Int)
    /// A connection was turned away.
    func connectionRejected(from peer: SocketAddress, reason: RejectionReason)
    /// The kernel could not give a connection; accepting goes on, after a pause if resources ran out.
    func acceptFailed(errno: Errno)
    /// Output of a connection met its limit.
    func connectionOverflowed(_ id: ConnectionID, bytes: Int, policy: OverflowPolicy)
    /// The loop's memory was short, and a connection that held so many bytes of it is ended for that.
    func connectionEvicted(_ id: ConnectionID, bytes: Int)
    /// A peer broke a rule of its protocol; the connection is being closed.
    func protocolRuleBroken(_ id: ConnectionID, rule: ProtocolRule)
    /// A callback kept its loop from everything else for longer than the configured time.
    func callbackWasSlow(_ id: ConnectionID?, loop: Int, took: Duration)
    /// The loop could not go on; its connections are closed.
    func loopFailed(_ loop: Int, error: SystemError)
}

extension Observer {
    /// Does nothing.
    public func connectionOpened(_ id: ConnectionID, peer: SocketAddress) {}
    /// Does nothing.
    public func connectionClosed(_ id: ConnectionID, reason: CloseReason, droppedBytes: Int) {}
    /// Does nothing.
    public func connectionRejected(from peer: SocketAddress, reason: RejectionReason) {}
    /// Does nothing.
    public func acceptFailed(errno: Errno) {}
    /// Does nothing.
    public func connectionOverflowed(_ id: ConnectionID, bytes: Int, policy: OverflowPolicy) {}
    /// Does nothing.
    public func connectionEvicted(_ id: ConnectionID, bytes: Int) {}
    /// Does nothing.
    public func protocolRuleBroken(_ id: ConnectionID, rule: ProtocolRule) {}
    /// Does nothing.
    public func callbackWasSlow(_ id: ConnectionID?, loop: Int, took: Duration) {}
    /// Does nothing.
    public func loopFailed(_ loop: Int, error: SystemError) {}
}

/// Why a connection was turned away.
public enum RejectionReason: String, Hashable, Sendable, CaseIterable {
    /// The server serves as many connections as it may.
    case connectionsMax
    /// The peer's address has as many connections as it may.
    case perAddressMax
}
