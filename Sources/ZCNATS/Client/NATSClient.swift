public import ZCNet

/// A client of NATS on one loop: publishes, subscribes, asks and answers, and comes back when its server is
/// lost.
///
/// ```swift
/// let client = try NATSClient(options) { event in log(event) }
/// try client.start()
/// try await client.connect()
/// try client.subscribe("orders.>") { message, connection in
///     connection.respond(to: message, message.payload.bytes)
/// }
/// client.publish("orders.new", "7")
/// ```
/// **Delivery.** At most once: what was published while no connection was there waits, as far as it may;
/// what was on its way when a connection was lost may be lost. JetStream acknowledges.
///
/// **Order.** What one thread says comes to the server in that order, subscriptions included.
///
/// **Threads.** Any. Handlers, events and completions come on the loop. `start` begins one thread unless the
/// client shares a group that is started elsewhere.
///
/// **Ownership.** Keep it as long as it is wanted: what nobody keeps closes.
public final class NATSClient: Sendable {
    let core: NATSCore
    private let tcp: TCPClient

    /// Builds a client; nothing is connected before ``connect()``.
    ///
    /// - Parameters:
    ///   - tcp: loops and sockets; of its `connection` only what concerns closing.
    ///   - group: loops to share with servers and other clients, not yet started; nil makes one of its own.
    ///   - loop: the loop of the group that serves the client.
    ///   - onEvent: told in order of what happens to the client, on the loop.
    /// - Throws: `ConfigurationError` and `AddressError` for what cannot be.
    public init(
        _ options: NATSOptions = NATSOptions(), tcp: TCPClient.Configuration = TCPClient.Configuration(),
        group: EventLoopGroup? = nil, onLoop loop: Int = 0,
        onEvent: @escaping @Sendable (NATSEvent) -> Void = { _ in }
    ) throws {
        try options.validate()
        var tcp = tcp
        if group == nil { tcp.group.loops = 1 }
        tcp.connectTimeout = options.connectTimeout
        tcp.connection = options.limits(tcp.connection)
        tcp.security = nil
        let group = try group ?? EventLoopGroup(tcp.group)
        guard group.loops.indices.contains(loop) else {
            throw ConfigurationError(
                field: "onLoop", expected: "0...\(group.loops.count - 1)", got: "\(loop)")
        }
        let host = group.hosts[loop]
        let core = NATSCore(
            options, servers: try options.servers.map { try ServerAddress(parsing: $0) },
            loop: group.loops[loop], host: host, onEvent: onEvent)
        let limits = tcp.connection
        let roles = OwnedCell<[UInt16]>([])
        self.core = core
        self.tcp = try TCPClient(tcp, group: group) { host in
            // Other loops have the role too, and never a connection of it.
            let role = host.add(
                host.loopIndex == loop
                    ? ConnectionRole.serving(limits, nil) { NATSAdapter(core: core) }
                    : ConnectionRole.serving(limits, nil) { NobodysHandler() })
            roles[].append(role)
            return role
        }
        core.state[].tcp = self.tcp
        if let security = options.security {
            core.state[].secureRole = try security.install(host, roles[][loop])
        }
    }

    deinit { close() }

    /// The loops that serve.
    public var group: EventLoopGroup { tcp.group }

    /// The loop that the client lives on.
    public var loop: EventLoop { core.loop }

    /// Begins to serve; returns at once. Not for a group that others start.
    public func start() throws(SystemError) { try tcp.start() }

    /// Connects to the first server that answers; `completion` comes once, when all were tried in vain or
    /// one consents. Later losses are made good by itself.
    public func connect(completion: @escaping @Sendable (NATSError?) -> Void) {
        if !core.perform({ $0.start(completion) }) { completion(.ended) }
    }

    /// Connects, and waits for it without holding a thread.
    public func connect() async throws(NATSError) {
        try await Self.wait { done in connect(completion: done) }
    }

    // MARK: Publishing

    /// Publishes from any thread; the bytes are copied when this returns.
    ///
    /// `queued` says that it waits for the loop or for the connection, `full` that too much waits.
    @discardableResult
    public func publish(_ subject: NATSSubject, _ payload: RawSpan) -> SendResult {
        core.publishAnywhere(subject.bytes.bytes, reply: RawSpan(), headers: RawSpan(), payload)
    }

    /// Publishes shared bytes from any thread.
    @discardableResult
    public func publish(
        _ subject: NATSSubject, _ payload: SharedBytes, headers: NATSHeaders = NATSHeaders(),
        reply: NATSSubject? = nil
    ) -> SendResult {
        let reply = reply?.bytes ?? SharedBytes()
        return headers.encoded.withBytes { block in
            core.publishAnywhere(
                subject.bytes.bytes, reply: reply.bytes, headers: block, payload.bytes)
        }
    }

    /// Publishes text from any thread.
    @discardableResult
    public func publish(_ subject: NATSSubject, _ text: String) -> SendResult {
        var text = text
        return text.withBytes { publish(subject, $0) }
    }

    /// Waits until the server has everything that this thread has published before.
    public func flush() async throws(NATSError) { try await Self.wait { done in flush(completion: done) } }

    /// Has `completion` called once, on the loop, when the server has everything that this thread has said
    /// before: publications, subscriptions and requests.
    public func flush(completion: @escaping @Sendable (NATSError?) -> Void) {
        if !core.inOrder({ $0.ping(completion) }) { completion(.ended) }
    }

    // MARK: Subscribing

    /// Listens to a pattern; what this thread publishes from here on is heard.
    ///
    /// - Parameters:
    ///   - queue: the group of which one member gets each message.
    ///   - slowPolicy: what becomes of messages while the subscription is held.
    ///   - messagesMax: after how many it ends by itself.
    @discardableResult
    public func subscribe(
        _ pattern: NATSPattern, queue: NATSSubject? = nil, slowPolicy: NATSSlowPolicy = .pause,
        messagesMax: Int? = nil, _ handler: @escaping NATSSubscription.Handler
    ) -> NATSSubscription {
        let subscription = NATSSubscription(
            pattern, queue: queue, slowPolicy, messagesMax: messagesMax, core: core, handler)
        core.inOrder { $0.begin(subscription) }
        return subscription
    }

    // MARK: Asking

    /// Asks, and waits for one answer without holding a thread.
    ///
    /// - Throws: ``NATSError`` with `noResponders`, `timedOut`, `payload`, `full`, `away` or `closed`.
    public func request(
        _ subject: NATSSubject, _ payload: SharedBytes, headers: NATSHeaders = NATSHeaders(),
        timeout: Duration? = nil
    ) async throws(NATSError) -> NATSReply {
        let result = await awaitedAnswer { answer in
            request(subject, payload, headers: headers, timeout: timeout) {
                answer.give($0)
            }
        }
        return try result.get()
    }

    /// Asks with text, and waits for one answer.
    public func request(
        _ subject: NATSSubject, _ text: String, timeout: Duration? = nil
    ) async throws(NATSError) -> NATSReply {
        try await request(subject, SharedBytes(text.utf8), timeout: timeout)
    }

    /// Asks from any thread; `completion` comes once, on the loop.
    public func request(
        _ subject: NATSSubject, _ payload: SharedBytes, headers: NATSHeaders = NATSHeaders(),
        timeout: Duration? = nil, completion: @escaping @Sendable (Result<NATSReply, NATSError>) -> Void
    ) {
        let isPosted = core.inOrder { core in
            headers.encoded.withBytes { block in
                _ = core.request(
                    subject.bytes.bytes, headers: block, payload.bytes,
                    timeout: timeout ?? core.options.requestTimeout, .once(completion))
            }
        }
        if !isPosted { completion(.failure(.ended)) }
    }

    /// Lends the client to a callback on its own loop, such as a handler of a server that shares the loop.
    ///
    /// - Precondition: called on the client's loop.
    public func withConnection<Result>(_ body: (borrowing NATSConnection) -> Result) -> Result {
        precondition(core.loop.isCurrent, "a client is lent on its own loop only")
        return core.inCallback { body(NATSConnection(core)) }
    }

    // MARK: Ending

    /// Ends subscriptions behind what has come for them, lets what waits leave, and closes.
    public func drain() async {
        await awaitedAnswer { (answer: AwaitedAnswer<Void>) in
            let isPosted = core.inOrder { core in core.drain { answer.give() } }
            if !isPosted { answer.give() }
        }
    }

    /// Closes at once; what waits is dropped. Any thread, more than once is harmless.
    public func close() { core.perform { $0.close(nil) } }

    /// Closes the client and ends its loops within `grace`. At once; `wait` waits.
    public func shutdown(grace: Duration = .seconds(10)) {
        close()
        group.shutdown(grace: grace)
    }

    /// Waits until the loops have ended.
    public func wait() { group.wait() }

    /// The client's figures as they are now.
    public func snapshot() -> NATSSnapshot { NATSSnapshot(core.figures) }

    static func wait(_ begin: (@escaping @Sendable (NATSError?) -> Void) -> Void) async throws(NATSError) {
        let error = await awaitedAnswer { answer in
            begin { answer.give($0) }
        }
        if let error { throw error }
    }
}

extension NATSError {
    static let ended = NATSError(.closed, expected: "a loop that runs", got: "one that has ended")
}

/// Has the client's role on loops that never get a connection of it.
private struct NobodysHandler: ConnectionHandler {
    func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) { peer.close() }
}
