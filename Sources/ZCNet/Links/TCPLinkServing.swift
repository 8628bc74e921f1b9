extension TCPServer {
    /// Listens on `address`, and serves each connection by a task of its own; see ``TCPLink``.
    ///
    /// - Parameters:
    ///   - address: `IPV4:PORT`, `[IPV6]:PORT`, `localhost:PORT`, `*:PORT` or `unix:PATH`.
    ///   - group: loops to share with other servers and clients, not yet started; nil makes the server's own.
    ///   - body: what is done with a connection, on its loop. Where it ends, the connection does.
    public convenience init(
        on address: String, configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        link body: @escaping @Sendable (TCPLink) async throws -> Void
    ) throws {
        let limits = configuration.connection
        try self.init(on: address, configuration: configuration, group: group) { host, admission in
            TCPLinkAdapter.install(limits, on: host, admission) { TCPLinkCore.begin($0, body) }
        }
    }

    /// The same with a value for each loop, which the bodies on that loop have together; see ``LoopState``.
    ///
    /// - Parameter makeState: makes a loop's value, on that loop's thread, for its first connection.
    public convenience init<Value>(
        on address: String, configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        loopState makeState: @escaping @Sendable () -> Value,
        link body: @escaping @Sendable (TCPLink, LoopState<Value>) async throws -> Void
    ) throws {
        let limits = configuration.connection
        try self.init(on: address, configuration: configuration, group: group) { host, admission in
            let place = LoopBound(LoopStatePlace(makeState))
            return TCPLinkAdapter.install(limits, on: host, admission) { core in
                place.value.begin(core.link.lane)
                TCPLinkCore.begin(core) { try await body($0, LoopState(place.value)) }
            }
        }
    }

    /// Serves until `shutdown` is called from elsewhere, or the calling task is cancelled, and everything has
    /// drained, for at most `grace`. Holds no thread.
    public func serve(grace: Duration = .seconds(10)) async throws { try await group.serve(grace: grace) }
}

/// Connects to servers for tasks that have the connections as links.
///
/// ```swift
/// let client = try TCPLinkClient()
/// try client.start()
/// let line = try await client.withLink(to: "127.0.0.1:9000") { link in
///     try await link.send("time?\n")
///     return try await link.next()
/// }
/// ```
/// **Threads.** Any. The body runs on the connection's loop: it is the caller's own task that goes there and
/// comes back, with its priority, its task-locals and its cancellation.
public final class TCPLinkClient: Sendable {
    private let client: TCPClient

    /// Builds a client; links may be asked for once it has started.
    ///
    /// - Parameter group: loops to share with servers and other clients, not yet started; nil makes the
    ///   client's own.
    public init(
        _ configuration: TCPClient.Configuration = TCPClient.Configuration(), group: EventLoopGroup? = nil
    ) throws {
        let limits = configuration.connection
        client = try TCPClient(configuration, group: group) { host in
            TCPLinkAdapter.install(limits, on: host, nil) { _ in }
        }
    }

    /// The loops that serve.
    public var group: EventLoopGroup { client.group }

    /// Begins to serve; returns at once.
    public func start() throws(SystemError) { try client.start() }

    /// Connects, lends the link to `body`, and returns what that returns once all it sent has been taken and
    /// the peer has ended the connection too, or its time to do so has passed.
    ///
    /// - Parameters:
    ///   - endpoint: `IPV4:PORT`, `[IPV6]:PORT`, `NAME:PORT` or `unix:PATH`.
    ///   - loop: the loop to serve the connection; nil takes them in turn.
    ///   - body: what is done with the connection, on its loop.
    /// - Throws: ``ConnectError``; what `body` throws; a ``LinkError`` when `body` has returned and the
    ///   connection did not end in good order, so that what was sent may not have arrived.
    public func withLink<Result: Sendable>(
        to endpoint: String, onLoop loop: Int? = nil,
        _ body: @Sendable (TCPLink) async throws -> Result
    ) async throws -> Result {
        let isSecure = client.isSecure
        let connected: Swift.Result<OpenedLink<TCPLinkCore>, ConnectError> =
            await withCheckedContinuation { continuation in
                client.connect(to: endpoint, isSecure: isSecure, onLoop: loop) { base, place in
                    // The connection has just come up as the adapter's, so its state is what lies there.
                    let state = place.beginning(with: TCPLinkAdapter.State.self)
                    guard let link = state[].link?.object else {
                        preconditionFailure("a connection of this client has a link")
                    }
                    LoopLane.pass()
                    continuation.resume(
                        returning: .success(OpenedLink(core: LoopBound(link), lane: link.link.lane)))
                } failed: { error in
                    continuation.resume(returning: .failure(error))
                }
            }
        let opened = try connected.get()
        LoopLane.pass()
        return try await withTaskExecutorPreference(opened.lane) {
            try await opened.core.value.visit(body)
        }
    }

    /// Ends the client's connections in good order within `grace`, and its loops. At once; `wait` waits.
    public func shutdown(grace: Duration = .seconds(10)) { client.shutdown(grace: grace) }

    /// Waits until the client has ended. Not from a loop's own thread, and so not within a link's body.
    public func wait() { client.wait() }
}

extension EventLoopGroup {
    /// Starts the loops and waits for their end without holding a thread; a task that is cancelled shuts them
    /// down.
    ///
    /// - Throws: what kept a loop from starting, or from going on.
    package func serve(grace: Duration) async throws {
        try start()
        await withTaskCancellationHandler {
            await end.wait()
        } onCancel: {
            shutdown(grace: grace)
        }
        // The threads have done their work: this only takes them back.
        wait()
        if let failure { throw failure }
    }
}
