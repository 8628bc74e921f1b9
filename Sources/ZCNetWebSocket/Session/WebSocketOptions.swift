public import ZCNet

/// What one kind of WebSocket connection may use and how it keeps itself alive. Every default says why.
public struct WebSocketOptions: Sendable {
    /// The longest message. 1 MiB is more than nearly all messages of the field, and an attacker with a
    /// thousand connections still finds a bound.
    public var messageBytesMax = 1 << 20
    /// The longest frame; nil takes `messageBytesMax`. Frames longer than a receive chunk are gathered, so
    /// this bounds what a connection in the midst of a frame occupies.
    public var frameBytesMax: Int?
    /// Whether `onFragment` gets a message's frames as they come, instead of `onMessage` the whole of it.
    /// Then only `frameBytesMax` bounds memory, and messages may be of any length.
    public var deliversFragments = false
    /// Nothing received for so long is answered with a ping; nil sends none. Thirty seconds keep most NAT
    /// tables and proxies awake.
    public var pingInterval: Duration? = .seconds(30)
    /// Nothing received for so long after that ping ends the connection.
    public var pongTimeout: Duration = .seconds(20)
    /// How long the peer may take to answer a close frame.
    public var closeTimeout: Duration = .seconds(5)
    /// Whether and how messages are compressed with clients that offer it; nil (the default) never does.
    /// Compression costs tens of times the echo of a message, and memory: see ``DeflateOptions``.
    public var deflate: DeflateOptions?
    /// What the connection may use beside: output, policies, age. The idle limit is off, as pings find dead
    /// peers sooner; bytes left unread and waiting output are at least what the largest message takes.
    public var connection: ConnectionLimits

    /// The defaults.
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
        let times = Duration.milliseconds(10)...Duration.seconds(86_400)
        try ConfigurationError.check("\(name).pingInterval", pingInterval, in: times)
        try ConfigurationError.check("\(name).pongTimeout", pongTimeout, in: times)
        try ConfigurationError.check("\(name).closeTimeout", closeTimeout, in: times)
    }

    /// The limits of the connection underneath: it must be able to hold an unfinished frame, and what a
    /// paused handler has not looked at.
    func connectionLimits(chunkBytes: Int) -> ConnectionLimits {
        var limits = connection
        limits.unreadBytesMax = max(limits.unreadBytesMax, frameLimit + 14, chunkBytes)
        // A message of the greatest size can be sent back.
        limits.outboundBytesMax = max(limits.outboundBytesMax, messageBytesMax + 14)
        return limits
    }
}
