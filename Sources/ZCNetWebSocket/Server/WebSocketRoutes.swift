public import ZCNet

/// What a server serves at which path.
///
/// ```swift
/// let routes = WebSocketRoutes { routes in
///     routes.webSocket("/chat") { Chat() }
///     routes.get("/health") { _ in HTTPResponse(status: 200, text: "fine\n") }
///     routes.page("/", "<!doctype html><title>Chat</title>…")
///     routes.metrics()
/// }
/// try WebSocketServer(on: "127.0.0.1:9001", routes: routes).run()
/// ```
public struct WebSocketRoutes: Sendable {
    /// One kind of connection at one path.
    struct Conversations: Sendable {
        /// Nil serves every path that nothing else does.
        let path: String?
        let options: WebSocketOptions?
        let subprotocols: [String]
        let policy: UpgradePolicy
        let install:
            @Sendable (ConnectionHost, WebSocketOptions, Admission, LoopServices) ->
                InstalledRoute
    }

    /// A plain answer at one path.
    struct Page: Sendable {
        let path: String
        let methods: [String]
        let content: Content

        enum Content: Sendable {
            case made(@Sendable (HTTPRequestHead) -> HTTPResponse)
            case fixed(HTTPResponse)
            case metrics
            case varz
        }
    }

    var conversations: [Conversations] = []
    var pages: [Page] = []

    /// Collects what `declare` declares.
    public init(_ declare: (inout WebSocketRoutes) -> Void) { declare(&self) }

    /// Serves WebSocket connections at a path.
    ///
    /// - Parameters:
    ///   - path: the request's path, compared whole; nil serves every path that nothing else does.
    ///   - options: nil takes the server's.
    ///   - subprotocols: what the server speaks, best first; the first that the client offers is chosen.
    ///   - policy: who may come in.
    ///   - makeHandler: makes one handler per loop, on that loop's thread.
    @inlinable
    public mutating func webSocket<Handler: WebSocketHandler & SendableMetatype & ~Copyable>(
        _ path: String? = nil, options: WebSocketOptions? = nil, subprotocols: [String] = [],
        policy: UpgradePolicy = .open, _ makeHandler: @escaping @Sendable () -> Handler
    ) {
        add(path, options, subprotocols, policy) { host, options, admission, services in
            InstalledRoute(
                WebSocketCore(options, services), on: host, admission, isClient: false, makeHandler)
        }
    }

    /// The same for a session above that has a word to say when somebody outside wants a conversation to end.
    ///
    /// - Parameter farewell: see `InstalledRoute`.
    @inlinable
    package mutating func webSocket<Handler: WebSocketHandler & SendableMetatype & ~Copyable>(
        _ path: String?,
        farewell: @escaping @Sendable (borrowing WebSocketConnection<Handler.State>, CloseReason) -> Bool,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) {
        add(path, nil, [], .open) { host, options, admission, services in
            InstalledRoute(
                WebSocketCore(options, services), on: host, admission, isClient: false, farewell: farewell,
                makeHandler)
        }
    }

    @usableFromInline
    mutating func add(
        _ path: String?, _ options: WebSocketOptions?, _ subprotocols: [String], _ policy: UpgradePolicy,
        _ install:
            @escaping @Sendable (ConnectionHost, WebSocketOptions, Admission, LoopServices) ->
            InstalledRoute
    ) {
        conversations.append(
            Conversations(
                path: path, options: options, subprotocols: subprotocols, policy: policy, install: install))
    }

    /// Answers GET and HEAD requests for a path. `respond` runs on the loops: it must not take long.
    public mutating func get(_ path: String, _ respond: @escaping @Sendable (HTTPRequestHead) -> HTTPResponse)
    {
        add(path, .made(respond))
    }

    /// Serves a page that never changes, such as a client's script, to GET and HEAD requests.
    public mutating func page(_ path: String, _ text: String, type: String = "text/html; charset=utf-8") {
        add(path, .fixed(HTTPResponse(status: 200, text: text, type: type)))
    }

    /// Serves bytes that never change to GET and HEAD requests.
    public mutating func page(_ path: String, _ bytes: [UInt8], type: String) {
        var response = HTTPResponse(status: 200, body: bytes)
        response.headers.set("Content-Type", to: type)
        add(path, .fixed(response))
    }

    /// Serves the figures of the server and its loops for Prometheus. Everybody who can connect can read
    /// them: give the path to a server of its own, on the same group and an inner address, where that is not
    /// wanted.
    public mutating func metrics(_ path: String = "/metrics") { add(path, .metrics) }

    /// Serves the same figures as one JSON object; see ``metrics(_:)``.
    public mutating func varz(_ path: String = "/varz") { add(path, .varz) }

    private mutating func add(_ path: String, _ content: Page.Content) {
        pages.append(Page(path: path, methods: ["GET", "HEAD"], content: content))
    }

    /// Refuses what no request could reach: a path that is none, or one that is taken. A WebSocket route and
    /// a page may share a path, as requests tell which of the two they want.
    func validate() throws(ConfigurationError) {
        for route in conversations { try route.options?.validate() }
        try Self.check("webSocket", conversations.map(\.path))
        try Self.check("page", pages.map(\.path))
    }

    private static func check(_ kind: String, _ paths: [String?]) throws(ConfigurationError) {
        var seen: Set<String?> = []
        for path in paths {
            if let path, !path.hasPrefix("/") || path.contains("?") || path.contains("#") {
                throw ConfigurationError(
                    field: "routes.\(kind)", expected: "a path that begins with / and has neither ? nor #",
                    got: "\"\(path)\"")
            }
            guard seen.insert(path).inserted else {
                throw ConfigurationError(
                    field: "routes.\(kind)", expected: "each path once",
                    got: "\(path.map { "\"\($0)\"" } ?? "every path") twice")
            }
        }
    }
}

/// Who may begin a conversation on a route.
public enum UpgradePolicy: Sendable {
    /// Everybody whose origin the server's ``OriginPolicy`` admits.
    case open
    /// Decided at once, on the loop.
    case decide(@Sendable (UpgradeRequest) -> UpgradeDecision)
    /// Decided elsewhere and later; the connection waits, unread and without holding its loop, until
    /// ``UpgradePromise/answer(_:)`` is called or the handshake timeout has passed.
    case later(@Sendable (UpgradeRequest, UpgradePromise) -> Void)
}

extension UpgradePolicy {
    /// Decided by an asynchronous function, in a task of its own.
    public static func asynchronous(
        _ decide: @escaping @Sendable (UpgradeRequest) async -> UpgradeDecision
    ) -> UpgradePolicy {
        .later { request, promise in Task { promise.answer(await decide(request)) } }
    }
}

/// The answer that a waiting handshake is owed. Any thread; the first answer counts, and one that comes after
/// the connection has ended is dropped.
public struct UpgradePromise: Sendable {
    let remote: RemoteConnection
    let deliver: @Sendable (ConnectionBase, StatePlace, UpgradeDecision) -> Void

    /// Lets the client in, or turns it away.
    public func answer(_ decision: UpgradeDecision) {
        let deliver = deliver
        remote.perform(isControl: true) { base, place in deliver(base, place, decision) }
    }
}
