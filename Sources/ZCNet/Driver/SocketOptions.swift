/// What is set on every connection's socket.
public struct SocketOptions: Hashable, Sendable {
    /// Small writes leave at once (`TCP_NODELAY`). On by default: replies are corked by the library, so
    /// Nagle's delay would only add latency.
    public var noDelay = true

    /// Probes on idle connections so that a vanished peer is noticed; nil sends none (the default: idle
    /// timeouts and pings of the protocol above notice sooner).
    public var keepAlive: KeepAlive?

    /// The kernel's receive buffer in bytes; nil leaves it to the kernel's tuning, which is better nearly
    /// always.
    public var receiveBufferBytes: Int?

    /// The kernel's send buffer in bytes; nil leaves it to the kernel's tuning.
    public var sendBufferBytes: Int?

    /// The defaults of each setting.
    public init() {}

    /// When and how often to probe a silent peer.
    public struct KeepAlive: Hashable, Sendable {
        /// Silence before the first probe, in seconds.
        public var idleSeconds: Int
        /// Time between probes, in seconds.
        public var intervalSeconds: Int
        /// Probes without an answer before the connection counts as broken.
        public var probesMax: Int

        /// One minute of silence, then up to four probes 15 seconds apart: a vanished peer is noticed in two
        /// minutes.
        public init(idleSeconds: Int = 60, intervalSeconds: Int = 15, probesMax: Int = 4) {
            self.idleSeconds = idleSeconds
            self.intervalSeconds = intervalSeconds
            self.probesMax = probesMax
        }
    }

    func validate(_ name: String) throws(ConfigurationError) {
        try ConfigurationError.check("\(name).receiveBufferBytes", receiveBufferBytes, in: 1024...1 << 30)
        try ConfigurationError.check("\(name).sendBufferBytes", sendBufferBytes, in: 1024...1 << 30)
        guard let keepAlive else { return }
        try ConfigurationError.check("\(name).keepAlive.idleSeconds", keepAlive.idleSeconds, in: 1...32767)
        try ConfigurationError.check(
            "\(name).keepAlive.intervalSeconds", keepAlive.intervalSeconds, in: 1...32767)
        try ConfigurationError.check("\(name).keepAlive.probesMax", keepAlive.probesMax, in: 1...127)
    }
}

/// What is set on a listening socket.
public struct ListenerOptions: Hashable, Sendable {
    /// How many connections may wait to be accepted; the kernel caps it at `net.core.somaxconn`.
    public var backlog = 4096

    /// Whether several loops bind the same port, each with a queue of its own (`SO_REUSEPORT`).
    package var sharesPort = false

    /// Whether an IPv6 wildcard address takes IPv4 connections too.
    public var acceptsIPv4OnIPv6 = true

    /// Whether the file of a Unix domain socket that nobody listens on any more is replaced.
    public var replacesStaleUnixPath = true

    /// The defaults of each setting.
    public init() {}

    func validate(_ name: String) throws(ConfigurationError) {
        try ConfigurationError.check("\(name).backlog", backlog, in: 1...65535)
    }
}
