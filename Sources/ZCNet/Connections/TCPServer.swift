/// Serves connections over TCP or a Unix domain socket with a handler per loop.
///
/// ```swift
/// struct Echo: ConnectionHandler {
///     mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) { peer.send(data) }
/// }
/// try TCPServer(on: "127.0.0.1:9000") { Echo() }.run()
/// ```
/// **Threads.** `run` and `start` begin one thread per loop; every method may be called from any thread.
public final class TCPServer: Sendable {
    /// How a server is built.
    public struct Configuration: Sendable {
        /// Its loops, unless it joins a group that exists.
        public var group = EventLoopGroup.Configuration()
        /// What each connection may use.
        public var connection = ConnectionLimits()
        /// What is set on the listening socket.
        public var listener = ListenerOptions()
        /// What is set on every connection's socket.
        public var socket = SocketOptions()
        /// How connections come to their loops; nil takes `perLoop` for TCP and `roundRobin` for Unix
        /// sockets.
        public var acceptStrategy: AcceptStrategy?
        /// The most connections at a time; more wait in the kernel's backlog. By default what the process may
        /// have open leaves room for, see ``connectionsMaxByDescriptors``; nil sets no limit but descriptors.
        public var connectionsMax: Int? = Self.connectionsMaxByDescriptors
        /// The most connections of one IP address at a time, or of one IPv6 network of 64 bits; more are
        /// reset. Nil (the default) sets no limit: behind a proxy, and where carriers translate addresses,
        /// thousands of honest people have one.
        public var perAddressMax: Int?
        /// What connections are secured by; nil (the default) serves them in the clear.
        public var security: ConnectionSecurity?

        /// The defaults of each setting.
        public init() {}

        /// Seven eighths of the descriptors that the process may have open now (RLIMIT_NOFILE), and at least
        /// 64 fewer than all of them, or half where there are fewer than 128: the rest is the application's,
        /// for its files and its own connections. At most 2^20.
        ///
        /// Servers of one process each take so many, so where there are several they have to share by hand; a
        /// limit that is raised later is not seen by configurations that exist already.
        public static var connectionsMaxByDescriptors: Int {
            connectionsMax(ofDescriptors: Descriptor.countMax)
        }

        static func connectionsMax(ofDescriptors limit: Int?) -> Int {
            let limit = min(limit ?? 1024, 1 << 21)
            return min(max(limit - max(64, limit / 8), limit / 2, 1), 1 << 20)
        }

        /// Checks every setting against its limits.
        public func validate() throws(ConfigurationError) {
            try ConfigurationError.within("group", group.validate)
            try connection.validate("connection")
            try listener.validate("listener")
            try socket.validate("socket")
            try ConfigurationError.check("connectionsMax", connectionsMax, in: 1...1 << 30)
            try ConfigurationError.check("perAddressMax", perAddressMax, in: 1...1 << 30)
        }
    }

    /// The loops that serve.
    public let group: EventLoopGroup
    /// Where the server really listens: a port of 0 has become a number.
    public let address: SocketAddress
    private let admission: Admission

    /// Listens on `address`; connections are served from `start` on, and wait in the backlog until then.
    ///
    /// - Parameters:
    ///   - address: `IPV4:PORT`, `[IPV6]:PORT`, `localhost:PORT`, `*:PORT`, `unix:PATH`, or `fd:NUMBER` for a
    ///     listening socket that the process was given, see ``InheritedSockets``.
    ///   - group: loops to share with other servers and clients, not yet started; nil makes the server's own.
    ///   - makeHandler: makes one handler per loop, on that loop's thread.
    @inlinable
    public convenience init<Handler: ConnectionHandler & SendableMetatype & ~Copyable>(
        on address: String, configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) throws {
        let limits = configuration.connection
        try self.init(on: address, configuration: configuration, group: group) { host, admission in
            host.add(ConnectionRole.serving(limits, admission, makeHandler))
        }
    }

    /// For protocol layers: `install` brings roles to each loop and answers the one that connections begin
    /// with; `handshakes` is what they count connections without a conversation by.
    @usableFromInline
    package init(
        on text: String, configuration: Configuration, group: EventLoopGroup?,
        handshakes: HandshakeAdmission? = nil,
        install: @escaping @Sendable (ConnectionHost, Admission) throws -> UInt16
    ) throws {
        try configuration.validate()
        let wanted = try ListenTarget(parsing: text)
        let group = try group ?? EventLoopGroup(configuration.group)
        let admission = Admission(
            connectionsMax: configuration.connectionsMax, perAddressMax: configuration.perAddressMax,
            handshakes: handshakes)
        self.group = group
        self.admission = admission
        address = try ServerSetup(
            group: group, configuration: configuration, admission: admission, install: install
        )
        .listen(on: wanted)
    }

    /// Begins to serve; returns at once.
    public func start() throws(SystemError) { try group.start() }

    /// Serves until `shutdown` is called from elsewhere and everything has drained.
    public func run() throws(SystemError) { try group.run() }

    /// Serves until one of the signals comes, and then shuts down in good order within `grace`, or until
    /// `shutdown` is called from elsewhere. See ``EventLoopGroup/run(until:grace:)``.
    /// - Returns: the signal that came; nil where the end had another reason.
    @discardableResult
    public func run(until signals: StopSignals, grace: Duration = .seconds(10)) throws -> Int32? {
        try group.run(until: signals, grace: grace)
    }

    /// Stops accepting, handles what was received, lets output drain for at most `grace`, and ends the loops.
    ///
    /// Returns at once; `stop` waits for the end. Handlers see each connection's `onClose` with `shutdown`.
    public func shutdown(grace: Duration = .seconds(10)) { group.shutdown(grace: grace) }

    /// The same as `shutdown`, and suspends until the server has ended: what was sent before has gone
    /// out, or its connection had its time. See ``EventLoopGroup/stop(grace:)``.
    public func stop(grace: Duration = .seconds(10)) async { await group.stop(grace: grace) }

    /// Waits until the server has ended. Blocks the calling thread; in a task, `stop` is what waits.
    public func wait() { group.wait() }

    /// How many connections the server has.
    public var connectionCount: Int { admission.count }

    /// Counters and gauges of the server's loops.
    public func snapshot() -> MetricsSnapshot { group.snapshot() }
}
