public import ZCNet

/// What a client is told about its servers and itself. Every default says why it is what it is.
public struct NATSOptions: Sendable {
    /// Where servers are: `nats://HOST:PORT`, `tls://HOST:PORT`, `nats://USER:PASSWORD@HOST`,
    /// `nats://TOKEN@HOST` or `HOST:PORT`. One of a cluster is enough, as it names the others.
    public var servers = ["nats://127.0.0.1:4222"]
    /// What the server's monitoring calls the client.
    public var name = ""
    /// Who the client is; what stands in a server's address goes before.
    public var credentials = NATSCredentials.none
    /// What secures the connection, as `TCPClient` has it; nil leaves it in the clear. With it, a server
    /// without TLS is not talked to.
    public var security: ClientSecurity?
    /// Whether TLS begins before the server's first word, for servers that are told so.
    public var beginsWithTLS = false
    /// Whether the client's own subscriptions hear what it publishes.
    public var hearsItself = true
    /// Whether servers are tried in random order, so that clients spread over a cluster.
    public var picksServersAtRandom = true
    /// Whether servers that others name are tried too.
    public var discoversServers = true
    /// How long a connection may take, from the first packet to the server's consent. Five seconds cover two
    /// lost packets and a slow handshake.
    public var connectTimeout = Duration.seconds(5)
    /// How often the server is asked whether it is there. Half a minute finds a dead one in about a minute,
    /// and costs nothing.
    public var pingInterval = Duration.seconds(30)
    /// How many of these may be unanswered before the connection is given up.
    public var pingsOutstandingMax = 2
    /// The longest wait before the first round of attempts after a loss. A quarter of a second is short for a
    /// restart, and spreads the clients of a server that failed.
    public var reconnectDelay = Duration.milliseconds(250)
    /// The longest that this grows to, by doubling.
    public var reconnectDelayMax = Duration.seconds(10)
    /// How many rounds over all servers may fail in a row before the client closes; nil goes on for ever.
    public var reconnectRoundsMax: Int?
    /// How many bytes may wait for the connection, or for its return. 8 MiB is what other clients take.
    public var pendingBytesMax = 8 << 20
    /// How long what other threads publish is gathered before it is sent; what is said on the loop leaves at
    /// once. Zero is fastest for the single message; a millisecond, which the C client takes, makes long rows
    /// of small messages about half as dear.
    public var gatherDelay = Duration.zero
    /// The largest message that is taken from a server. 8 MiB is what servers advise as the most.
    public var messageBytesMax = 8 << 20
    /// The most subscriptions at a time. A million take about 200 MB.
    public var subscriptionsMax = 1 << 20
    /// The most requests that wait for answers at a time. 65,536 are more than a server answers in a second.
    public var requestsMax = 1 << 16
    /// How long an answer is waited for where nothing else is said.
    public var requestTimeout = Duration.seconds(5)
    /// What the subjects of answers begin with; accounts may be bound to one.
    public var inboxPrefix: NATSSubject = "_INBOX"

    /// Where delays, orders and names are drawn from.
    package var generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()

    /// Options with all of the defaults.
    public init() {}

    /// Checks every setting against its limits.
    public func validate() throws {
        guard !servers.isEmpty else {
            throw ConfigurationError(field: "servers", expected: "at least one", got: "none")
        }
        for server in servers { _ = try ServerAddress(parsing: server) }
        let times = Duration.milliseconds(1)...Duration.seconds(86_400)
        try ConfigurationError.check("connectTimeout", connectTimeout, in: times)
        try ConfigurationError.check("pingInterval", pingInterval, in: times)
        try ConfigurationError.check("requestTimeout", requestTimeout, in: times)
        try ConfigurationError.check("gatherDelay", gatherDelay, in: .zero...Duration.seconds(10))
        try ConfigurationError.check("pingsOutstandingMax", pingsOutstandingMax, in: 1...1000)
        try ConfigurationError.check("reconnectRoundsMax", reconnectRoundsMax, in: 0...1 << 30)
        try ConfigurationError.check("pendingBytesMax", pendingBytesMax, in: 1024...1 << 31)
        try ConfigurationError.check("messageBytesMax", messageBytesMax, in: 1024...64 << 20)
        try ConfigurationError.check("subscriptionsMax", subscriptionsMax, in: 1...1 << 20)
        try ConfigurationError.check("requestsMax", requestsMax, in: 1...1 << 20)
        try backoff.validate("reconnect")
    }

    var backoff: Backoff {
        Backoff(initialDelay: reconnectDelay, multiplier: 2, delayMax: reconnectDelayMax)
    }

    var frameLimits: NATSFrameLimits {
        var limits = NATSFrameLimits()
        limits.messageBytesMax = messageBytesMax
        return limits
    }

    /// What the connection may use: as much as one message takes, and what may wait to be sent.
    func limits(_ base: ConnectionLimits) -> ConnectionLimits {
        let frames = frameLimits
        var limits = base
        limits.unreadBytesMax = frames.messageBytesMax + frames.infoBytesMax
        limits.outboundBytesMax = max(pendingBytesMax, 1 << 20) + (1 << 16)
        limits.outboundHighWatermarkBytes = min(base.outboundHighWatermarkBytes, limits.outboundBytesMax)
        limits.outboundLowWatermarkBytes = min(
            base.outboundLowWatermarkBytes, limits.outboundHighWatermarkBytes)
        limits.overflowPolicy = .signal
        // What is sent is bounded by itself, and a server that waits for this side's PONG must get it.
        limits.pausesReadingUnderPressure = false
        // Pings see to a server that is gone.
        limits.idleTimeout = nil
        return limits
    }
}

/// What happens to a client, in order.
public enum NATSEvent: Sendable {
    /// Connected, for the first time or again; subscriptions are set up, and what waited is on its way.
    case connected(NATSServerInfo)
    /// The connection is lost. Messages that were published meanwhile are gone for the client's
    /// subscriptions; what it publishes waits, as far as it may.
    case away(NATSError)
    /// The next round of attempts comes after this delay.
    case waiting(Duration, NATSError)
    /// The server will go soon; another one will be connected to.
    case lameDuck
    /// Servers of the cluster that were not known.
    case discovered([String])
    /// The server says that something was wrong, such as a subject that the account may not use.
    case serverError(NATSError)
    /// A subscription did not keep up; told once for each time that it begins.
    case slowConsumer(NATSSubscription)
    /// Over for good: by `close` (nil), or because no server could be reached any more.
    case closed(NATSError?)
}
