public import ZCNet

/// What one goim connection may use and how it is kept alive. Every default says why.
public struct GoimOptions: Sendable {
    /// Which header connections speak.
    public enum Headers: Hashable, Sendable {
        /// Every connection speaks this header.
        case only(GoimHeaderFormat)
        /// Each the one that its first proto has.
        case detected
    }

    /// How messages reach the application.
    public enum Mode: Hashable, Sendable {
        /// `onMessage`, on the loop: the fast path, for handlers that do not wait.
        case loop
        /// A ``GoimConsumer`` for each connection, with a ring of so many slots (rounded up to a power of
        /// two), for work that is slow. goim's own ring has 5, so 8.
        case consumer(slots: Int)
    }

    /// Which header connections speak; goim's own.
    public var headers = Headers.only(.plain)
    /// How messages reach the application.
    public var mode = Mode.loop
    /// How large protos may be.
    public var limits = GoimLimits()
    /// How long a client may take to authenticate, a decision elsewhere included. Five seconds, as goim has.
    public var handshakeTimeout: Duration = .seconds(5)
    /// How long a proto may take over TCP from its first byte to its last, while the connection is read from;
    /// nil sets no limit. Longer closes with `timeout: message`: whoever begins protos and does not end them
    /// keeps memory from others. A minute, as WebSocket messages have (`webSocket.options.messageTimeout`).
    /// `connection.unreadTimeout` goes first where it is set.
    public var messageTimeout: Duration? = .seconds(60)
    /// How often heartbeats are expected, unless the application says otherwise for a connection. Four
    /// minutes, as goim has: phones sleep.
    public var heartbeat: Duration = .seconds(240)
    /// How many heartbeats may be missed.
    public var heartbeatsMissedMax = 2
    /// Whether a message that the handler has not answered is answered with its own operation and no body, as
    /// goim does.
    public var acknowledgesMessages = true
    /// The most operations that one connection may subscribe to.
    public var acceptsMax = 256
    /// The longest name of a room or key, in bytes. 256 hold any that people choose.
    public var nameBytesMax = 256
    /// Whether and how pushes to a room are merged; off.
    public var merging: GoimMerging?
    /// What each connection may use beside. Pushes to a receiver that does not keep up are dropped and
    /// counted, once a mebibyte waits for it; `overflowPolicy` says what else may happen. The idle limit is
    /// off, as heartbeats are watched.
    public var connection: ConnectionLimits

    /// The defaults of each setting.
    public init() {
        connection = ConnectionLimits()
        connection.idleTimeout = nil
        connection.outboundBytesMax = 1 << 20
        connection.overflowPolicy = .dropNewest
    }

    /// Checks every option against its limits.
    public func validate(_ name: String = "options") throws(ConfigurationError) {
        try limits.validate("\(name).limits")
        try connection.validate("\(name).connection")
        try merging?.validate("\(name).merging")
        let times = Duration.milliseconds(10)...Duration.seconds(86_400)
        try ConfigurationError.check("\(name).messageTimeout", messageTimeout, in: times)
        try ConfigurationError.check("\(name).handshakeTimeout", handshakeTimeout, in: times)
        try ConfigurationError.check("\(name).heartbeat", heartbeat, in: times)
        try ConfigurationError.check("\(name).heartbeatsMissedMax", heartbeatsMissedMax, in: 1...1000)
        try ConfigurationError.check("\(name).acceptsMax", acceptsMax, in: 1...1 << 16)
        try ConfigurationError.check("\(name).nameBytesMax", nameBytesMax, in: 1...1 << 16)
        if case .consumer(let slots) = mode {
            try ConfigurationError.check("\(name).mode.slots", slots, in: 1...1 << 16)
        }
    }

    /// The limits of a connection that is read as a stream: it must hold an unfinished proto, and what a full
    /// ring has not taken.
    func streamLimits(chunkBytes: Int) -> ConnectionLimits {
        var limits = connection
        let proto = 32 + max(self.limits.bodyBytesMax, self.limits.batchBytesMax)
        limits.unreadBytesMax = max(limits.unreadBytesMax, proto, chunkBytes)
        limits.unreadTimeout = limits.unreadTimeout ?? messageTimeout
        return limits
    }
}

/// How pushes to a room are merged: members get several in one raw batch (op 9), in order.
public struct GoimMerging: Hashable, Sendable {
    /// So many are sent at once. goim has 20.
    public var count: Int
    /// The first of a batch waits at most so long. goim has a second.
    public var delay: Duration
    /// So many bytes are sent at once, whatever their number, which keeps batches within what clients take.
    public var bytes: Int

    /// Merges by number, time and bytes.
    public init(count: Int = 20, delay: Duration = .seconds(1), bytes: Int = 64 << 10) {
        self.count = count
        self.delay = delay
        self.bytes = bytes
    }

    func validate(_ name: String) throws(ConfigurationError) {
        try ConfigurationError.check("\(name).count", count, in: 1...10_000)
        try ConfigurationError.check(
            "\(name).delay", delay, in: .milliseconds(1)...Duration.seconds(3600))
        try ConfigurationError.check("\(name).bytes", bytes, in: 1...1 << 24)
    }
}

extension GoimSession.Flags {
    /// What connections begin with.
    init(_ headers: GoimOptions.Headers) {
        switch headers {
        case .only(.plain): self = .formatKnown
        case .only(.extended): self = [.formatKnown, .extended]
        case .detected: self = []
        }
    }
}
