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
