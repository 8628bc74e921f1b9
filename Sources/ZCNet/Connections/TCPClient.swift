import Synchronization

/// Connects to servers over TCP or Unix domain sockets, with a handler per loop.
///
/// ```swift
/// let client = try TCPClient(loops: 1) { Reader() }
/// try client.start()
/// let connection = try await client.connect(to: "127.0.0.1:9000")
/// connection.send("hello")
/// ```
/// **Threads.** Any. The handler's callbacks come on the loops, `onOpen` before `connect` answers.
public final class TCPClient: Sendable {
    /// How a client is built.
    public struct Configuration: Sendable {
        /// Its loops, unless it joins a group that exists.
        public var group = EventLoopGroup.Configuration()
        /// What each connection may use.
        public var connection = ConnectionLimits()
        /// What is set on every connection's socket.
        public var socket = SocketOptions()
        /// How long a connection may take to come up, name resolution and what secures it included.
        /// Ten seconds cover three lost handshake packets.
        public var connectTimeout: Duration = .seconds(10)
        /// What connections are secured by; nil (the default) leaves them in the clear. A `WebSocketClient`
        /// takes it for `wss` alone.
        public var security: ClientSecurity?

        /// The defaults of each setting.
        public init() {}

        /// Checks every setting against its limits.
        public func validate() throws(ConfigurationError) {
            try ConfigurationError.within("group", group.validate)
            try connection.validate("connection")
            try socket.validate("socket")
            let times = Duration.milliseconds(1)...Duration.seconds(3600)
            try ConfigurationError.check("connectTimeout", connectTimeout, in: times)
        }
    }

    /// The loops that serve.
    public let group: EventLoopGroup
    private let configuration: Configuration
    private let roles: [UInt16]
    /// What begins secured connections, per loop; empty without security.
    private let secureRoles: [UInt16]
    private let nextLoop = Atomic<Int>(0)

    /// Builds a client; connections may be asked for once it has started.
    @inlinable
    public convenience init<Handler: ConnectionHandler & SendableMetatype & ~Copyable>(
        _ configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) throws {
        let limits = configuration.connection
        try self.init(configuration, group: group) { host in
            host.add(ConnectionRole.serving(limits, nil, makeHandler))
        }
    }

    /// For protocol layers: `install` brings roles to each loop and answers the one that connections begin
    /// with.
    @usableFromInline
    package init(
        _ configuration: Configuration, group: EventLoopGroup?,
        install: @escaping @Sendable (ConnectionHost) -> UInt16
    ) throws {
        try configuration.validate()
        let group = try group ?? EventLoopGroup(configuration.group)
        try group.checkNotStarted()
        self.group = group
        self.configuration = configuration
        let roles = group.siblings.all.map(install)
        self.roles = roles
        secureRoles =
            try configuration.security.map { security in
                try zip(group.siblings.all, roles).map { try security.install($0, $1) }
            } ?? []
    }

    /// Whether connections are secured unless somebody says otherwise.
    var isSecure: Bool { configuration.security != nil }

    /// Begins to serve; returns at once.
    public func start() throws(SystemError) { try group.start() }

    /// Connects to `IPV4:PORT`, `[IPV6]:PORT`, `NAME:PORT` or `unix:PATH`; `completion` comes once, on the
    /// loop.
    ///
    /// - Parameters:
    ///   - timeout: nil takes the configured one.
    ///   - loop: the loop to serve the connection; nil takes them in turn.
    public func connect(
        to endpoint: String, timeout: Duration? = nil, onLoop loop: Int? = nil,
        completion: @escaping @Sendable (Result<RemoteConnection, ConnectError>) -> Void
    ) {
        let siblings = group.siblings
        let isSecure = configuration.security != nil
        connector(to: endpoint, timeout, onLoop: loop, isSecure: isSecure) { result, _ in
            completion(result.map { RemoteConnection(id: $0, siblings: siblings) })
        }.start()
    }

    /// For protocol layers: `opened` runs on the loop, with the state of a connection that has just come up,
    /// before a byte of it is read; `failed` as `connect`'s completion does. One of them comes, once.
    ///
    /// - Precondition: `isSecure` needs `security` in the configuration.
    package func connect(
        to endpoint: String, isSecure: Bool = false, onLoop loop: Int?,
        opened: @escaping @Sendable (ConnectionBase, StatePlace) -> Void,
        failed: @escaping @Sendable (ConnectError) -> Void
    ) {
        connector(to: endpoint, nil, onLoop: loop, isSecure: isSecure) { result, host in
            switch result {
            case .failure(let error): failed(error)
            case .success(let id):
                guard let host, let slot = host.find(id) else {
                    return failed(ConnectError(endpoint: endpoint, cause: .stopped, attempts: []))
                }
                host.withState(slot, opened)
            }
        }.start()
    }

    private func connector(
        to endpoint: String, _ timeout: Duration?, onLoop loop: Int?, isSecure: Bool,
        completion: @escaping Connector.Completion
    ) -> Connector {
        let turn = nextLoop.wrappingAdd(1, ordering: .relaxed).oldValue & Int.max
        let index = loop ?? turn % group.loops.count
        precondition(group.loops.indices.contains(index), "loop \(index) of \(group.loops.count)")
        return Connector(
            to: endpoint, options: configuration.socket, role: (isSecure ? secureRoles : roles)[index],
            security: isSecure ? configuration.security : nil, loop: index, siblings: group.siblings,
            timeout: timeout ?? configuration.connectTimeout, completion: completion)
    }

    /// Connects, and waits for the answer without holding a thread.
    ///
    /// When the calling task is cancelled the attempt goes on to its end, and a connection that comes up is
    /// closed.
    public func connect(
        to endpoint: String, timeout: Duration? = nil, onLoop loop: Int? = nil
    ) async throws(ConnectError) -> RemoteConnection {
        let result = await awaitedAnswer { answer in
            connect(to: endpoint, timeout: timeout, onLoop: loop) { answer.give($0) }
        }
        let connection = try result.get()
        if Task.isCancelled {
            connection.close()
            throw ConnectError(endpoint: endpoint, cause: .stopped, attempts: [])
        }
        return connection
    }

    /// Ends the client's connections in good order within `grace`, and its loops. At once; `stop` waits.
    public func shutdown(grace: Duration = .seconds(10)) { group.shutdown(grace: grace) }

    /// The same as `shutdown`, and suspends until the client has ended: what was sent before has gone
    /// out, or its connection had its time. See ``EventLoopGroup/stop(grace:)``.
    public func stop(grace: Duration = .seconds(10)) async { await group.stop(grace: grace) }

    /// Waits until the client has ended. Blocks the calling thread; in a task, `stop` is what waits.
    public func wait() { group.wait() }
}
