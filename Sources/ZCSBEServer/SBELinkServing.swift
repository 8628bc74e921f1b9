public import ZCNet
public import ZCNetWebSocket
public import ZCSBE

/// Gateways whose connections are links.
extension SBEServer {
    /// Listens on `address`, and serves each connection on every path by a task of its own; see ``SBELink``.
    ///
    /// - Parameters:
    ///   - address: `IPV4:PORT`, `[IPV6]:PORT`, `localhost:PORT`, `*:PORT` or `unix:PATH`.
    ///   - configuration: its `gateway.faultPolicy` is for handlers: a link's body is thrown the fault.
    ///   - group: loops to share with other servers and clients, not yet started; nil makes the server's own.
    ///   - schema: the schema whose messages come.
    ///   - body: the conversation, on the connection's loop. Where it ends, that ends.
    public convenience init<Schema: SBESchema & SendableMetatype>(
        on address: String, configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        schema: Schema.Type, link body: @escaping @Sendable (SBELink<Schema>) async throws -> Void
    ) throws {
        let figures = GatewayFigures()
        let versions = configuration.gateway.versions
        let routes = WebSocketRoutes { $0.messages(nil, figures, versions, link: body) }
        try self.init(address, configuration, group, figures, routes)
    }

    /// The same with a value for each loop, which the bodies on that loop have together; see `LoopState`.
    ///
    /// - Parameter makeState: makes a loop's value, on that loop's thread, for its first connection.
    public convenience init<Schema: SBESchema & SendableMetatype, Value>(
        on address: String, configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        schema: Schema.Type, loopState makeState: @escaping @Sendable () -> Value,
        link body: @escaping @Sendable (SBELink<Schema>, LoopState<Value>) async throws -> Void
    ) throws {
        let figures = GatewayFigures()
        let versions = configuration.gateway.versions
        let routes = WebSocketRoutes { $0.messages(nil, figures, versions, loopState: makeState, link: body) }
        try self.init(address, configuration, group, figures, routes)
    }

    /// Serves until `shutdown` is called from elsewhere, or the calling task is cancelled, and everything has
    /// drained, for at most `grace`. Holds no thread.
    public func serve(grace: Duration = .seconds(10)) async throws { try await group.serve(grace: grace) }
}

extension WebSocketRoutes {
    /// Serves the messages of a schema at a path by links, beside other things.
    ///
    /// - Parameters:
    ///   - path: the request's path, compared whole; nil serves every path that nothing else does.
    ///   - schema: the schema whose messages come.
    ///   - versions: those of the schema that are taken.
    ///   - options: nil takes the server's.
    ///   - subprotocols: what the server speaks, best first; the first that the client offers is chosen.
    ///   - policy: who may come in.
    ///   - queueBytesMax: how much may wait for a task that is busy elsewhere; see `link`.
    ///   - body: the conversation, on the connection's loop. Where it ends, that ends.
    public mutating func messages<Schema: SBESchema & SendableMetatype>(
        _ path: String? = nil, schema: Schema.Type, versions: ClosedRange<Int> = 0...Int.max,
        options: WebSocketOptions? = nil, subprotocols: [String] = [], policy: UpgradePolicy = .open,
        queueBytesMax: Int = 64 << 10, link body: @escaping @Sendable (SBELink<Schema>) async throws -> Void
    ) {
        messages(
            path, GatewayFigures(), versions, options: options, subprotocols: subprotocols, policy: policy,
            queueBytesMax: queueBytesMax, link: body)
    }

    /// The same with a value for each loop, which the bodies on that loop have together; see `LoopState`.
    ///
    /// ```swift
    /// routes.messages("/orders", schema: Trade.Schema.self, loopState: { Book() }) { link, book in
    ///     while try await link.receive({ book.value.take(try $0.next(Trade.self)) }) != nil {}
    /// }
    /// ```
    /// - Parameter makeState: makes a loop's value, on that loop's thread, for its first conversation.
    public mutating func messages<Schema: SBESchema & SendableMetatype, Value>(
        _ path: String? = nil, schema: Schema.Type, versions: ClosedRange<Int> = 0...Int.max,
        options: WebSocketOptions? = nil, subprotocols: [String] = [], policy: UpgradePolicy = .open,
        queueBytesMax: Int = 64 << 10, loopState makeState: @escaping @Sendable () -> Value,
        link body: @escaping @Sendable (SBELink<Schema>, LoopState<Value>) async throws -> Void
    ) {
        messages(
            path, GatewayFigures(), versions, options: options, subprotocols: subprotocols, policy: policy,
            queueBytesMax: queueBytesMax, loopState: makeState, link: body)
    }

    fileprivate mutating func messages<Schema: SBESchema & SendableMetatype>(
        _ path: String?, _ figures: GatewayFigures, _ versions: ClosedRange<Int>,
        options: WebSocketOptions? = nil, subprotocols: [String] = [], policy: UpgradePolicy = .open,
        queueBytesMax: Int = 64 << 10, link body: @escaping @Sendable (SBELink<Schema>) async throws -> Void
    ) {
        messages(
            path, figures, versions, options: options, subprotocols: subprotocols, policy: policy,
            queueBytesMax: queueBytesMax, loopState: {}
        ) { link, _ in try await body(link) }
    }

    /// - Parameter figures: where frames and faults are counted, by a block for each loop.
    fileprivate mutating func messages<Schema: SBESchema & SendableMetatype, Value>(
        _ path: String?, _ figures: GatewayFigures, _ versions: ClosedRange<Int>,
        options: WebSocketOptions? = nil, subprotocols: [String] = [], policy: UpgradePolicy = .open,
        queueBytesMax: Int = 64 << 10, loopState makeState: @escaping @Sendable () -> Value,
        link body: @escaping @Sendable (SBELink<Schema>, LoopState<Value>) async throws -> Void
    ) {
        link(
            path, options: options, subprotocols: subprotocols, policy: policy,
            queueBytesMax: queueBytesMax,
            loopState: { SBELoopState(block: figures.makeBlock(), place: LoopStatePlace(makeState)) }
        ) { link, loop in
            let (block, place) = (loop.value.block, loop.value.place)
            place.begin(link.lane)
            try await body(SBELink(link, versions, block), LoopState(place))
        }
    }
}

/// What a loop has for the links of one route: where their frames are counted, and the application's value.
private struct SBELoopState<Value> {
    let block: GatewayFigures.Block
    let place: LoopStatePlace<Value>
}

extension WebSocketLinkClient {
    /// Connects, and lends the link to `body` as one of a schema's messages; otherwise as
    /// ``withLink(to:headers:onLoop:_:)``.
    public func withLink<Schema: SBESchema & SendableMetatype, Result: Sendable>(
        to url: String, schema: Schema.Type, headers: HTTPHeaders = HTTPHeaders(), onLoop loop: Int? = nil,
        _ body: @Sendable (SBELink<Schema>) async throws -> Result
    ) async throws -> Result {
        try await withLink(to: url, headers: headers, onLoop: loop) { link in
            try await body(SBELink(link, schema: schema))
        }
    }
}
