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
        let path: RoutePattern?
        let options: WebSocketOptions?
        let subprotocols: [String]
        let policy: UpgradePolicy
        let install:
            @Sendable (ConnectionHost, WebSocketOptions, Admission, LoopServices) ->
                InstalledRoute
    }

    /// A plain answer at one path.
    struct Page: Sendable {
        let path: RoutePattern
        let methods: [String]
        let content: Content

        enum Content: Sendable {
            case made(@Sendable (HTTPRequestHead) -> HTTPResponse)
            case fixed(HTTPResponse)
            case metrics
            case varz
            case folder(StaticFolder)
            /// Answered by a task that has all of the body, of so many bytes at most.
            case handler(HTTPHandler, bodyBytesMax: Int?)
            /// Answered by a task that reads the body while it comes.
            case reader(HTTPBodyHandler, bodyBytesMax: Int)
        }

        init(_ path: String, _ methods: [String], _ content: Content) {
            self.path = RoutePattern(path)
            self.methods = methods.contains("GET") ? methods + ["HEAD"] : methods
            self.content = content
        }
    }

    var conversations: [Conversations] = []
    var pages: [Page] = []

    /// Collects what `declare` declares.
    public init(_ declare: (inout WebSocketRoutes) -> Void) { declare(&self) }

    /// Serves WebSocket connections at a path.
    ///
    /// - Parameters:
    ///   - path: the request's path, where `{name}` stands for any segment, told by
    ///     ``HTTPRequestHead/parameters``; nil serves every path that nothing else does.
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
                path: path.map { RoutePattern($0) }, options: options, subprotocols: subprotocols,
                policy: policy, install: install))
    }

    /// Answers GET and HEAD requests for a path. `respond` runs on the loops: it must not take long. A
    /// request's body is passed over. What has to wait for something is answered by
    /// ``on(_:_:bodyBytesMax:respond:)``.
    ///
    /// - Parameter path: in it, `{name}` stands for any segment and `{name...}` for all that follows, told by
    ///   ``HTTPRequestHead/parameters``. Where several routes match, literal segments go before names.
    public mutating func get(_ path: String, _ respond: @escaping @Sendable (HTTPRequestHead) -> HTTPResponse)
    {
        add(path, .made(respond))
    }

    /// Answers requests of a method for a path by a task, which is given all of the body and may wait.
    ///
    /// ```swift
    /// routes.on("POST", "/rooms/{room}/notes") { request in
    ///     let note = try request.json()                       // what cannot be read is answered 400
    ///     let id = try await store.add(note, to: request.parameters["room", default: ""])
    ///     return HTTPResponse(status: 201, json: ["id": .integer(id)])
    /// }
    /// ```
    /// **Where.** The task begins on the connection's loop, and comes back to it after each wait: nothing in
    /// it may block or take long. Work that does goes elsewhere, by
    /// `withTaskExecutorPreference(globalConcurrentExecutor)` for example.
    ///
    /// **Order.** Nothing more is read from the client until its request is answered. A task whose client
    /// leaves, or that takes longer than `requests.answerTimeout` (answered 503), is cancelled.
    ///
    /// **Errors.** An ``HTTPResponse`` that is thrown is the answer, and an ``HTTPError`` becomes one of its
    /// status; any other error is answered 500, of which the client is told no more.
    ///
    /// - Parameters:
    ///   - method: such as `POST`; `GET` answers HEAD requests as well.
    ///   - path: in it, `{name}` stands for any segment and `{name...}` for all that follows.
    ///   - bodyBytesMax: the longest body; a longer one is answered 413. Nil takes the server's
    ///     `requests.bodyBytesMax`. What has come of a body counts towards the loop's memory.
    ///   - respond: makes the answer, once for each request.
    public mutating func on(
        _ method: String, _ path: String, bodyBytesMax: Int? = nil, respond: @escaping HTTPHandler
    ) {
        pages.append(Page(path, [method], .handler(respond, bodyBytesMax: bodyBytesMax)))
    }

    /// Answers requests of a method for a path by a task that reads the body while it comes: as
    /// ``on(_:_:bodyBytesMax:respond:)`` otherwise.
    ///
    /// ```swift
    /// routes.upload("PUT", "/files/{name}", bodyBytesMax: 1 << 30) { request, body in
    ///     while let piece = try await body.next() { try await file.write(piece) }
    ///     return HTTPResponse(status: 201)
    /// }
    /// ```
    /// While the task does not ask, at most 64 KiB wait for it; then the client waits. An answer before the
    /// body's end ends the connection.
    ///
    /// - Parameters:
    ///   - method: such as `PUT`.
    ///   - path: in it, `{name}` stands for any segment and `{name...}` for all that follows.
    ///   - bodyBytesMax: the longest body; a longer one is answered 413, or, where its length was not told in
    ///     advance, its task is given an error once that much has come.
    ///   - respond: reads the body and makes the answer, once for each request.
    public mutating func upload(
        _ method: String, _ path: String, bodyBytesMax: Int, respond: @escaping HTTPBodyHandler
    ) {
        pages.append(Page(path, [method], .reader(respond, bodyBytesMax: bodyBytesMax)))
    }

    /// Serves the files of a folder, and of the folders in it, to GET and HEAD requests.
    ///
    /// ```swift
    /// routes.files("/assets", in: "/srv/site/assets", cacheControl: "public, max-age=3600")
    /// ```
    /// Ranges, conditions by `ETag` and `Last-Modified`, and types by the files' names are seen to. The
    /// kernel sends the files from its cache, without a copy. A path that ends with a slash is the
    /// `index.html` of its folder.
    ///
    /// **What is never served:** names that begin with a dot, symbolic links, what is neither a file nor a
    /// folder, and whatever lies outside of the folder, however its path is spelled. The folder itself may be
    /// a link, which may be changed while the server runs.
    ///
    /// **Cost.** One `openat` for each segment of the path, on the loop: for folders on slow or distant disks
    /// put a proxy in front. Replace files by `rename`: one that is shortened while it is sent breaks off its
    /// connections.
    ///
    /// - Parameters:
    ///   - path: where the folder is served, such as `/assets`, or `/`.
    ///   - folder: where it is, absolute or relative to the working folder.
    ///   - cacheControl: what `Cache-Control` says; nil says nothing, so that browsers guess.
    public mutating func files(_ path: String, in folder: String, cacheControl: String? = nil) {
        let base = path.hasSuffix("/") ? String(path.dropLast()) : path
        let served = StaticFolder(folder, base: base, cacheControl: cacheControl)
        pages.append(Page(base + "/{path...}", ["GET"], .folder(served)))
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
        pages.append(Page(path, ["GET"], content))
    }

    /// Those first that are to be tried first.
    static func inOrder<Element>(_ all: [Element], by path: (Element) -> RoutePattern?) -> [Element] {
        func precedes(_ left: Element, _ right: Element) -> Bool {
            guard let left = path(left) else { return false }
            return path(right).map { left.precedes($0) } ?? true
        }
        return all.enumerated().sorted { left, right in
            precedes(left.element, right.element)
                || !precedes(right.element, left.element) && left.offset < right.offset
        }.map(\.element)
    }

    /// Refuses what no request could reach: a path that is none, or one that is taken. A WebSocket route and
    /// pages of several methods may share a path, as requests tell which of them they want.
    func validate() throws(ConfigurationError) {
        for route in conversations { try route.options?.validate() }
        var seen: Set<String> = []
        for route in conversations {
            guard let path = route.path else {
                try Self.check("webSocket", "every path", isNew: seen.insert("").inserted)
                continue
            }
            try Self.check("webSocket", path)
            try Self.check("webSocket", "\"\(path)\"", isNew: seen.insert(path.shape).inserted)
        }
        seen = []
        for page in pages {
            try Self.check("page", page.path)
            for method in page.methods {
                guard HTTPCharacters.isToken(method) else {
                    throw ConfigurationError(
                        field: "routes.page", expected: "a method such as GET",
                        got: HTTPCharacters.quoted(method))
                }
                let isNew = seen.insert("\(method) \(page.path.shape)").inserted
                try Self.check("page", "\"\(page.path)\"", isNew: isNew)
            }
            if case .folder(let folder) = page.content { try folder.validate() }
        }
    }

    private static func check(_ kind: String, _ path: RoutePattern) throws(ConfigurationError) {
        guard let expected = path.expectation else { return }
        throw ConfigurationError(field: "routes.\(kind)", expected: expected, got: "\"\(path)\"")
    }

    private static func check(_ kind: String, _ path: String, isNew: Bool) throws(ConfigurationError) {
        if isNew { return }
        throw ConfigurationError(
            field: "routes.\(kind)", expected: "each path once", got: "\(path) twice")
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
    /// Decided by an asynchronous function, in a task of its own, which runs where tasks run that nobody has
    /// placed: never on a loop, but for a `SimulatedNetwork`'s, whose virtual time waits for it.
    public static func asynchronous(
        _ decide: @escaping @Sendable (UpgradeRequest) async -> UpgradeDecision
    ) -> UpgradePolicy {
        .later { request, promise in promise.answer { await decide(request) } }
    }
}

/// The answer that a waiting handshake is owed. Any thread; the first answer counts, and one that comes after
/// the connection has ended is dropped.
public struct UpgradePromise: Sendable {
    let remote: RemoteConnection
    /// The loop that asks.
    let loop: EventLoop
    let deliver: @Sendable (ConnectionBase, StatePlace, UpgradeDecision) -> Void

    /// Lets the client in, or turns it away.
    public func answer(_ decision: UpgradeDecision) {
        let deliver = deliver
        remote.perform(isControl: true) { base, place in deliver(base, place, decision) }
    }

    /// Answers with what a task finds out, which runs on a stepped loop and nowhere near any other. On the
    /// loop that asks.
    fileprivate func answer(_ decide: @escaping @Sendable () async -> UpgradeDecision) {
        if loop.isStepped {
            loop.lane.begin(NobodyWaits(), isAwaited: true) { answer(await decide()) }
        } else {
            Task { answer(await decide()) }
        }
    }

    /// A decision waits for nothing that the loop could tell it of.
    private final class NobodyWaits: TaskCanceller {
        func cancel() {}
    }
}
