public import ZCNet

/// Servers whose conversations are links.
extension WebSocketRoutes {
    /// Serves WebSocket connections at a path, each by a task of its own.
    ///
    /// ```swift
    /// let routes = WebSocketRoutes { routes in
    ///     routes.link("/echo") { link in
    ///         try await link.forEach { link.trySend($0); return .next }
    ///     }
    /// }
    /// ```
    /// - Parameters:
    ///   - path: the request's path, compared whole; nil serves every path that nothing else does.
    ///   - options: nil takes the server's. Links get whole messages, so `deliversFragments` must be off.
    ///   - subprotocols: what the server speaks, best first; the first that the client offers is chosen.
    ///   - policy: who may come in.
    ///   - queueBytesMax: how much may wait for a task that is busy elsewhere, before its peer is not read
    ///     from any more. 64 KiB keep a sender going for the time of a look into a database.
    ///   - body: the conversation, on the connection's loop. Where it ends, that ends.
    public mutating func link(
        _ path: String? = nil, options: WebSocketOptions? = nil, subprotocols: [String] = [],
        policy: UpgradePolicy = .open, queueBytesMax: Int = 64 << 10,
        _ body: @escaping @Sendable (WebSocketLink) async throws -> Void
    ) {
        addLinks(path, options, subprotocols, policy, queueBytesMax) {
            { WebSocketLinkCore.begin($0, body) }
        }
    }

    /// The same with a value for each loop, which the bodies on that loop have together; see `LoopState`.
    ///
    /// ```swift
    /// routes.link("/orders", loopState: { Table() }) { link, table in
    ///     while let order = try await link.next() { table.value.insert(order) }
    /// }
    /// ```
    /// - Parameter makeState: makes a loop's value, on that loop's thread, for its first conversation.
    public mutating func link<Value>(
        _ path: String? = nil, options: WebSocketOptions? = nil, subprotocols: [String] = [],
        policy: UpgradePolicy = .open, queueBytesMax: Int = 64 << 10,
        loopState makeState: @escaping @Sendable () -> Value,
        _ body: @escaping @Sendable (WebSocketLink, LoopState<Value>) async throws -> Void
    ) {
        addLinks(path, options, subprotocols, policy, queueBytesMax) {
            let place = LoopBound(LoopStatePlace(makeState))
            return { core in
                place.value.begin(core.link.lane)
                WebSocketLinkCore.begin(core) { try await body($0, LoopState(place.value)) }
            }
        }
    }

    /// - Parameter makeOpened: makes what is done about each link of one loop that has opened.
    private mutating func addLinks(
        _ path: String?, _ options: WebSocketOptions?, _ subprotocols: [String], _ policy: UpgradePolicy,
        _ queueBytesMax: Int, _ makeOpened: @escaping @Sendable () -> (WebSocketLinkCore) -> Void
    ) {
        add(path, options, subprotocols, policy) { host, options, admission, services in
            precondition(!options.deliversFragments, "links get whole messages, not fragments")
            return WebSocketLinkAdapter.install(
                WebSocketCore(options, services), on: host, admission, isClient: false,
                queueBytesMax: queueBytesMax, opened: makeOpened())
        }
    }
}

extension WebSocketServer {
    /// Listens on `address` and serves every path by links, as `WebSocketRoutes.link` does one.
    public convenience init(
        on address: String, configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        link body: @escaping @Sendable (WebSocketLink) async throws -> Void
    ) throws {
        let routes = WebSocketRoutes { $0.link(nil, body) }
        try self.init(on: address, configuration: configuration, group: group, routes: routes)
    }

    /// Serves until `shutdown` is called from elsewhere, or the calling task is cancelled, and everything has
    /// drained, for at most `grace`. Holds no thread.
    public func serve(grace: Duration = .seconds(10)) async throws { try await group.serve(grace: grace) }
}

extension Rooms {
    /// Makes a link a member of a room: what is published from now on is sent to it. Ends by itself with the
    /// link. False when it was one already, or is closing.
    @discardableResult
    public func join(_ key: Key, _ link: WebSocketLink, as name: String? = nil) -> Bool {
        link.core.withOpen { join(key, $0, as: name) } ?? false
    }

    /// Ends a link's membership. O(1). False when it was no member.
    @discardableResult
    public func leave(_ key: Key, _ link: WebSocketLink) -> Bool {
        link.core.withOpen { leave(key, $0) } ?? false
    }
}
