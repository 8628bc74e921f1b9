/// What happens to connections, for logs and alarms: a handful of events, none of them per message.
///
/// Called on the loop that the event belongs to; the same observer may be called by several loops at a time.
/// Keep it short: it runs between two callbacks of a handler.
public protocol Observer: Sendable {
    /// A connection was accepted or has come up.
    func connectionOpened(_ id: ConnectionID, peer: SocketAddress)
    /// A connection is over; `droppedBytes` were accepted for sending and did not leave.
    func connectionClosed(_ id: ConnectionID, reason: CloseReason, droppedBytes: Int)
    /// A connection was turned away, or what it asked for; every one of them is told, so that a hostile crowd
    /// makes a long log. For alarms and logs there is ``limitReached(_:count:loop:)``.
    func connectionRejected(from peer: SocketAddress, reason: RejectionReason)
    /// A limit of a server turned somebody away, or made them wait. Told of a loop the first time, and then
    /// at most once a minute for each limit; `count` is how often since it was last told, this time included.
    func limitReached(_ limit: RejectionReason, count: Int, loop: Int)
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
    /// Does nothing by default.
    public func connectionOpened(_ id: ConnectionID, peer: SocketAddress) {}
    /// Does nothing by default.
    public func connectionClosed(_ id: ConnectionID, reason: CloseReason, droppedBytes: Int) {}
    /// Does nothing by default.
    public func connectionRejected(from peer: SocketAddress, reason: RejectionReason) {}
    /// Does nothing by default.
    public func limitReached(_ limit: RejectionReason, count: Int, loop: Int) {}
    /// Does nothing by default.
    public func acceptFailed(errno: Errno) {}
    /// Does nothing by default.
    public func connectionOverflowed(_ id: ConnectionID, bytes: Int, policy: OverflowPolicy) {}
    /// Does nothing by default.
    public func connectionEvicted(_ id: ConnectionID, bytes: Int) {}
    /// Does nothing by default.
    public func protocolRuleBroken(_ id: ConnectionID, rule: ProtocolRule) {}
    /// Does nothing by default.
    public func callbackWasSlow(_ id: ConnectionID?, loop: Int, took: Duration) {}
    /// Does nothing by default.
    public func loopFailed(_ loop: Int, error: SystemError) {}
}

/// Why a connection, or what it asked for, was turned away: the limit that it met.
public enum RejectionReason: String, Hashable, Sendable, CaseIterable {
    /// The server serves as many connections as it may; further ones wait in the kernel's backlog.
    case connectionsMax
    /// The peer's address has as many connections as it may.
    case perAddressMax
    /// As many connections as may be have not begun a conversation: the oldest of them had to go, or where
    /// the application decides about all of them, the newcomer. Or the server serves as many connections as
    /// it may, and one of them had been without a conversation for a second or more.
    case handshakesMax
    /// The server has as many conversations as it may.
    case conversationsMax
    /// The client has as many conversations as it may.
    case conversationsPerClientMax
    /// So much output waits that no conversation may begin.
    case queuedBytesMax
    /// A page of a browser may not connect: the server's origins do not admit it.
    case origins
}

/// Sees every callback with its duration, for profiling a handler in place.
///
/// Off unless configured, and then the price is a test of a constant per received chunk. On, it reads the
/// clock twice per callback and fills the histogram of callback times. Called on the loop's thread; several
/// loops may call the same tracer at a time.
public protocol Tracer: Sendable {
    /// A callback of a handler has returned.
    func callbackRan(_ id: ConnectionID, _ kind: CallbackKind, bytes: Int, took: Duration)
}

/// What a handler was called for.
public enum CallbackKind: String, Hashable, Sendable, CaseIterable {
    /// A call of `onData`.
    case data
    /// A call of `onOpen`.
    case open
    /// A call of `onWritable`.
    case writable
    /// A call of `onPeerEnded`.
    case peerEnded
    /// A call of `onTimer`.
    case timer
    /// A call of `onClose`.
    case close
}
