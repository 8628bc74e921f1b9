public import ZCNet

/// What one kind of WebSocket connection may use and how it keeps itself alive. Every default says why.
public struct WebSocketOptions: Sendable {
    /// The longest message. 1 MiB is more than nearly all messages of the field, and an attacker with a
    /// thousand connections still finds a bound.
    public var messageBytesMax = 1 << 20
    /// The longest frame; nil takes `messageBytesMax`. Frames longer than a receive chunk are gathered, so
    /// this bounds what a connection in the midst of a frame occupies, unless they are handed out in pieces;
    /// see `deliversFragments`.
    public var frameBytesMax: Int?
    /// Whether `onFragment` gets messages in the pieces that they come in, instead of `onMessage` the whole
    /// of each. A piece is a frame, or the part of a frame that has come, so that a frame of any length needs
    /// no more memory than a reception. Messages may be of any length; only compressed ones are held to
    /// `messageBytesMax`, as their sender pays so little for theirs.
    public var deliversFragments = false
    /// How long a message may take from its first byte to its last, in one frame or in fragments, while the
    /// connection is read from; nil sets no limit. Longer is closed with 1008: a peer that begins messages
    /// and does not end them keeps memory from others. A minute gives a message of 1 MiB to whoever sends 18
    /// KiB per second, less than the slowest networks do; raise it along with `messageBytesMax`. Messages
    /// that are delivered as fragments may take as long as they like.
    public var messageTimeout: Duration? = .seconds(60)
    /// Nothing received for so long is answered with a ping, counted from the last byte; nil sends none. It
    /// goes out after 90 to 95 percent of the interval, drawn anew for each connection and ping, so that it
    /// is never late for whoever cuts on time, nor everybody's at once. Thirty seconds keep most NAT tables
    /// and proxies awake.
    public var pingInterval: Duration? = .seconds(30)
    /// Nothing received for so long after that ping ends the connection. A peer that still takes what was
    /// sent before the ping cannot have answered it, and has as long again.
    public var pongTimeout: Duration = .seconds(20)
    /// How long the peer may take to answer a close frame, and to go on taking what was sent before it: the
    /// time begins anew whenever it acknowledges some of that. `connection.drainTimeoutMax` bounds the whole.
    public var closeTimeout: Duration = .seconds(5)
    /// Whether and how messages are compressed with clients that offer it; nil (the default) never does.
    /// Compression costs tens of times the echo of a message, and memory: see ``DeflateOptions``.
    public var deflate: DeflateOptions?
    /// How much a peer may send on average; nil (the default) sets no limit, and costs nothing.
    public var receiveRate: ReceiveRate?
    /// What the connection may use beside: output, policies, age. The idle limit is off, as pings find dead
    /// peers sooner; bytes left unread and waiting output are at least what the largest message takes.
    public var connection: ConnectionLimits

    /// The defaults of each setting.
    public init() {
        connection = ConnectionLimits()
        connection.idleTimeout = nil
    }

    /// The longest frame in force.
    var frameLimit: Int { frameBytesMax ?? messageBytesMax }

    /// Checks every option against its limits.
    public func validate(_ name: String = "options") throws(ConfigurationError) {
        try ConfigurationError.check("\(name).messageBytesMax", messageBytesMax, in: 1...1 << 30)
        try ConfigurationError.check("\(name).frameBytesMax", frameBytesMax, in: 125...1 << 30)
        try connection.validate("\(name).connection")
        try deflate?.validate("\(name).deflate")
        try receiveRate?.validate("\(name).receiveRate")
        let times = Duration.milliseconds(10)...Duration.seconds(86_400)
        try ConfigurationError.check("\(name).messageTimeout", messageTimeout, in: times)
        try ConfigurationError.check("\(name).pingInterval", pingInterval, in: times)
        try ConfigurationError.check("\(name).pongTimeout", pongTimeout, in: times)
        try ConfigurationError.check("\(name).closeTimeout", closeTimeout, in: times)
    }

    /// The limits of the connection underneath: it must be able to hold an unfinished frame, and what a
    /// paused handler has not looked at.
    func connectionLimits(chunkBytes: Int) -> ConnectionLimits {
        var limits = connection
        // A frame that is handed out as it comes leaves no more unread than its header.
        let frameBytes = deliversFragments ? 0 : frameLimit
        limits.unreadBytesMax = max(limits.unreadBytesMax, frameBytes + 14, chunkBytes)
        // A message of the greatest size can be sent back.
        limits.outboundBytesMax = max(limits.outboundBytesMax, messageBytesMax + 14)
        limits.unreadTimeout = limits.unreadTimeout ?? messageTimeout
        return limits
    }
}
