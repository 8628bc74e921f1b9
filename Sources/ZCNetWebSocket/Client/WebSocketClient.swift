public import ZCNet

/// Connects to WebSocket servers, with a handler per loop.
///
/// ```swift
/// struct Reader: WebSocketHandler {
///     mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
///         if message.isText { handle(message.text) }
///     }
/// }
/// let client = try WebSocketClient { Reader() }
/// try client.start()
/// let socket = try await client.connect(to: "ws://127.0.0.1:9000/chat?room=7")
/// socket.send("hello")
/// ```
/// Every connection of a client is its handler's, which sees `onOpen` before the first byte of the
/// conversation is read, also of what the server sent together with its answer. A connection that does not
/// come about is reported to whoever asked for it, once, and the handler does not hear of it.
///
/// **Threads.** Any. The handler's callbacks come on the loops, `onOpen` before `connect` answers. `start`
/// begins one thread per loop, unless the client shares a group that is started elsewhere.
///
/// **Security.** `wss` takes a client whose configuration has a `tcp.security`, such as `.tls()` of the
/// product `ZCNetTLS`; `ws` goes in the clear with it too.
///
/// **Limits.** Redirects are not followed.
public final class WebSocketClient: Sendable {
    /// How a client is built.
    public struct Configuration: Sendable {
        /// Loops, sockets, and how long a connection may take to come up. Its `connection` limits are those
        /// of connections whose handshake is not over.
        public var tcp = TCPClient.Configuration()
        /// What each conversation may use; `options.deflate` is what servers are offered.
        public var options = WebSocketOptions()
        /// What the head of a server's answer may be.
        public var head = HTTPHeadLimits()
        /// How long a server may take from being connected to the end of its answer. Ten seconds are enough
        /// for any network.
        public var handshakeTimeout: Duration = .seconds(10)
        /// What every request has beside the handshake's own fields, which are refused here. A `Host`
        /// replaces the URL's.
        public var headers = HTTPHeaders()
        /// What the client would speak, best first, each once.
        public var subprotocols: [String] = []
        /// What the requests say they come from, for servers that ask; see RFC 6454.
        public var origin: String?
        /// How much is kept of the body of an answer that is not 101. 4 KiB hold any explanation meant for
        /// people.
        public var refusalBodyBytesMax = 4096

        /// The defaults of each setting.
        public init() {}

        /// Checks every setting against its limits.
        public func validate() throws(ConfigurationError) {
            try ConfigurationError.within("tcp", tcp.validate)
            try options.validate()
            try head.validate()
            let times = Duration.milliseconds(10)...Duration.seconds(3600)
            try ConfigurationError.check("handshakeTimeout", handshakeTimeout, in: times)
            try ConfigurationError.check("refusalBodyBytesMax", refusalBodyBytesMax, in: 0...1 << 20)
            do throws(HandshakeError) {
                let nowhere = try WebSocketURL("ws://localhost")
                _ = try makeHandshake(nowhere, HTTPHeaders())
            } catch {
                let field = error.code == .subprotocol ? "subprotocols" : "headers"
                throw ConfigurationError(field: field, expected: error.expected, got: error.got)
            }
        }

        /// The request for a URL, with headers of its own.
        func makeHandshake(_ url: WebSocketURL, _ own: HTTPHeaders) throws(HandshakeError) -> ClientHandshake
        {
            var all = headers
            for field in own.fields { all.add(field.name, field.value) }
            if let origin, !all.add("Origin", origin) {
                throw HandshakeError(
                    .header, expected: "an origin of visible characters", got: HTTPCharacters.quoted(origin))
            }
            guard all.values(of: "Origin").count <= 1 else {
                throw HandshakeError(.header, expected: "one Origin (RFC 6454 7.3)", got: "several")
            }
            var extensions: String?
            #if Deflate
            extensions = options.deflate.map(DeflateNegotiation.offer)
            #endif
            return try ClientHandshake(
                url, subprotocols: subprotocols, extensions: extensions, headers: all)
        }
    }

    let tcp: TCPClient
    let configuration: Configuration
    let watchers = LoopEndWatchers()

    /// Builds a client; connections may be asked for once it has started.
    ///
    /// - Parameters:
    ///   - group: loops to share with servers and other clients, not yet started; nil makes the client's own.
    ///   - makeHandler: makes one handler per loop, on that loop's thread.
    @inlinable
    public convenience init<Handler: WebSocketHandler & SendableMetatype & ~Copyable>(
        _ configuration: Configuration = Configuration(), group: EventLoopGroup? = nil,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) throws {
        let options = configuration.options
        try self.init(configuration, group: group) { host in
            InstalledRoute(WebSocketCore(options), on: host, nil, isClient: true, makeHandler)
        }
    }

    /// The same for a session above that has a word to say when somebody outside wants a conversation to end.
    ///
    /// - Parameter farewell: see `InstalledRoute`.
    @inlinable
    package convenience init<Handler: WebSocketHandler & SendableMetatype & ~Copyable>(
        _ configuration: Configuration, group: EventLoopGroup,
        farewell: @escaping @Sendable (borrowing WebSocketConnection<Handler.State>, CloseReason) -> Bool,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) throws {
        let options = configuration.options
        try self.init(configuration, group: group) { host in
            InstalledRoute(
                WebSocketCore(options), on: host, nil, isClient: true, farewell: farewell, makeHandler)
        }
    }

    @usableFromInline
    init(
        _ configuration: Configuration, group: EventLoopGroup?,
        install: @escaping @Sendable (ConnectionHost) -> InstalledRoute
    ) throws {
        try configuration.validate()
        self.configuration = configuration
        let watchers = watchers
        tcp = try TCPClient(configuration.tcp, group: group) { host in
            let installed = LoopBound(install(host))
            var limits = configuration.tcp.connection
            // The handshake's own limit is the one in force.
            limits.idleTimeout = nil
            limits.unreadBytesMax = max(limits.unreadBytesMax, configuration.head.bytesMax, host.chunkBytes)
            return host.add(
                ConnectionRole.serving(
                    limits, nil,
                    {
                        ClientEntry(
                            installed: installed.value, configuration: configuration, watchers: watchers)
                    },
                    memory: ClientExchange.memory))
        }
    }

    /// The loops that serve.
    public var group: EventLoopGroup { tcp.group }

    /// Begins to serve; returns at once.
    public func start() throws(SystemError) { try tcp.start() }

    /// Tells every server that this client is going away (1001), lets output drain and servers agree for at
    /// most `grace`, and ends the loops. Returns at once; `stop` waits
    /// for the end.
    public func shutdown(grace: Duration = .seconds(10)) { tcp.shutdown(grace: grace) }

    /// The same as `shutdown`, and suspends until the client has ended: what was sent before has gone
    /// out, or its connection had its time. See ``/ZCNet/EventLoopGroup/stop(grace:)``.
    public func stop(grace: Duration = .seconds(10)) async { await tcp.stop(grace: grace) }

    /// Waits until the client has ended. Blocks the calling thread; in a task, `stop` is what waits.
    public func wait() { tcp.wait() }

    /// Counters and gauges of the client's loops.
    public func snapshot() -> MetricsSnapshot { tcp.group.snapshot() }
}

extension WebSocketClient {
    /// Connects to `ws://HOST[:PORT][/PATH][?QUERY]` or `ws+unix:SOCKET[:/PATH]`, or the same with `wss`;
    /// `completion` comes once.
    ///
    /// ```swift
    /// client.connect(to: "ws://127.0.0.1:9000/") { result in
    ///     switch result {
    ///     case .success(let socket): socket.send("hello")
    ///     case .failure(let error): log("\(error)")
    ///     }
    /// }
    /// ```
    /// The completion comes on the connection's loop, after the handler's `onOpen` and before anything is
    /// read; for a request that cannot be made, or a client that has ended, it comes here and now.
    ///
    /// - Parameters:
    ///   - headers: fields of this request, behind those of the configuration.
    ///   - loop: the loop to serve the connection, one of the group's; nil takes them in turn.
    public func connect(
        to url: String, headers: HTTPHeaders = HTTPHeaders(), onLoop loop: Int? = nil,
        completion: @escaping @Sendable (Result<RemoteWebSocket, WebSocketConnectError>) -> Void
    ) {
        do throws(WebSocketConnectError) {
            begin(try makeAttempt(url, headers), onLoop: loop, completion)
        } catch {
            completion(.failure(error))
        }
    }

    /// Connects, and waits for the answer without holding a thread.
    ///
    /// When the calling task is cancelled first, this throws ``WebSocketConnectError/Cause/cancelled`` at
    /// once, and what was under way ends without the handler hearing of it. A connection that is open by then
    /// is returned all the same: it is the caller's to close.
    public func connect(
        to url: String, headers: HTTPHeaders = HTTPHeaders(), onLoop loop: Int? = nil
    ) async throws(WebSocketConnectError) -> RemoteWebSocket {
        let attempt = try makeAttempt(url, headers)
        let result = await withTaskCancellationHandler {
            await awaitedAnswer { answer in
                begin(attempt, onLoop: loop) { answer.give($0) }
            }
        } onCancel: {
            attempt.cancel()
        }
        return try result.get()
    }

    /// What a connection is to begin with, checked.
    func makeAttempt(
        _ text: String, _ headers: HTTPHeaders, onEnd: (@Sendable (WebSocketCloseReason) -> Void)? = nil
    ) throws(WebSocketConnectError) -> ClientAttempt {
        do throws(HandshakeError) {
            let url = try WebSocketURL(text)
            if url.isSecure && configuration.tcp.security == nil {
                throw HandshakeError(
                    .tlsNotSupported,
                    expected: "a client with tcp.security, such as .tls() of the product ZCNetTLS",
                    got: "wss and none")
            }
            return ClientAttempt(
                url, as: text, handshake: try configuration.makeHandshake(url, headers), onEnd: onEnd)
        } catch {
            throw WebSocketConnectError(url: text, cause: .request(error))
        }
    }

    /// Begins an attempt; the completion comes once, whatever becomes of it.
    func begin(
        _ attempt: ClientAttempt, onLoop loop: Int?, _ completion: @escaping ClientAttempt.Completion
    ) {
        guard attempt.begin(completion) else { return }
        let timeout = configuration.handshakeTimeout
        tcp.connect(to: attempt.endpoint, isSecure: attempt.isSecure, onLoop: loop) { base, place in
            // The connection has just come up as the entry's, so its state is what lies there.
            ClientEntry.begin(attempt, timeout: timeout, Connection<ClientExchange>(base: base, place))
        } failed: { error in
            attempt.fail(error.cause == .stopped ? .stopped : .unreachable(error))
        }
    }
}
