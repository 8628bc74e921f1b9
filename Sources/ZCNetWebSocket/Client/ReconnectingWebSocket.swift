import ZCNet

/// A WebSocket connection that comes back: connects, and after an interruption connects again as its policy
/// says.
///
/// ```swift
/// let client = try WebSocketClient { Reader() }
/// try client.start()
/// let feed = try ReconnectingWebSocket(client, to: "ws://127.0.0.1:9000/feed") { state in
///     if case .open(let socket) = state { socket.send("subscribe") }
/// }
/// feed.start()
/// …
/// feed.stop()
/// ```
/// The conversations are the client's handler's, which sees `onOpen` and `onClose` of each. What was on its
/// way when a connection was lost is lost; say again in `onOpen` what the server has to know.
///
/// **Threads.** Any, `stop` too. Delays are timers of the loop: waiting costs no thread.
///
/// **Ownership.** Keep it as long as the connection is wanted: what nobody keeps stops by itself. It keeps
/// its client, and no connection: what it hands out are handles by id.
public final class ReconnectingWebSocket: Sendable {
    /// Where it stands.
    public enum State: Hashable, Sendable {
        /// `start` has not been called.
        case idle
        /// A connection is being made; attempt 0 is the first since it was last stable.
        case connecting(attempt: Int)
        /// The conversation is open. Told after the handler's `onOpen`.
        case open(RemoteWebSocket)
        /// The connection was lost or refused; the next attempt comes after the delay.
        case waiting(Duration, after: WebSocketInterruption)
        /// Over for good: by `stop` (nil), or because the policy makes no other attempt after this.
        case stopped(WebSocketInterruption?)
    }

    private let reconnector: Reconnector

    /// Prepares a connection; nothing is sent until `start`.
    ///
    /// - Parameters:
    ///   - client: has to be started before this is.
    ///   - makeHeaders: makes the fields of each attempt's request, such as a token that expires; nil adds
    ///     none. Called on the loop, or where `start` is called.
    ///   - loop: the loop to serve the connection, of the client's.
    ///   - onState: told of every state in order, never of two at a time, mostly on the loop. It may call
    ///     `stop`.
    /// - Throws: `ConfigurationError` for the policy, ``WebSocketConnectError`` for a URL that cannot be
    ///   asked.
    public convenience init(
        _ client: WebSocketClient, to url: String, policy: ReconnectPolicy = ReconnectPolicy(),
        onLoop loop: Int = 0, makeHeaders: (@Sendable () -> HTTPHeaders)? = nil,
        onState: @escaping @Sendable (State) -> Void
    ) throws {
        try self.init(
            client, to: url, policy: policy, onLoop: loop, makeHeaders: makeHeaders,
            generator: SystemRandomNumberGenerator(), onState: onState)
    }

    /// Draws delays from a generator of the caller's, for tests.
    package init(
        _ client: WebSocketClient, to url: String, policy: ReconnectPolicy, onLoop loop: Int = 0,
        makeHeaders: (@Sendable () -> HTTPHeaders)? = nil,
        generator: any RandomNumberGenerator & Sendable,
        onState: @escaping @Sendable (State) -> Void
    ) throws {
        try policy.validate()
        _ = try client.makeAttempt(url, HTTPHeaders())
        precondition(client.group.loops.indices.contains(loop), "loop \(loop) of \(client.group.loops.count)")
        reconnector = Reconnector(
            client, to: url, policy: policy, loop: client.group.loops[loop],
            makeHeaders: makeHeaders ?? { HTTPHeaders() }, generator: generator, onState: onState)
    }

    deinit { reconnector.stop(.normalClosure, "") }

    /// Begins to connect; once. Any thread.
    public func start() { reconnector.start() }

    /// Ends it for good: an open conversation is closed with `code`, an attempt is given up, a delay is
    /// ended. Any thread; more than once is harmless.
    public func stop(_ code: WebSocketCloseCode = .normalClosure, reason: String = "") {
        precondition(code.isSendable, "\(code) may not be sent in a close frame")
        reconnector.stop(code, reason)
    }

    /// Where it stands now. Any thread.
    public var state: State { reconnector.state }

    /// The open conversation, if there is one. Any thread; it may be over by the time it is used, and what is
    /// sent then is dropped.
    public var connection: RemoteWebSocket? {
        if case .open(let socket) = state { socket } else { nil }
    }
}
