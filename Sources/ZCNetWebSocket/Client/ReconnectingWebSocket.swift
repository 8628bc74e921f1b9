public import ZCNet

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
    /// What it is doing at the moment.
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
    ///
    /// - Parameter holdsAttempts: whether no attempt follows an interruption before `goOn` was called.
    package init(
        _ client: WebSocketClient, to url: String, policy: ReconnectPolicy, onLoop loop: Int = 0,
        makeHeaders: (@Sendable () -> HTTPHeaders)? = nil,
        generator: any RandomNumberGenerator & Sendable,
        holdsAttempts: Bool = false,
        onState: @escaping @Sendable (State) -> Void
    ) throws {
        try policy.validate()
        _ = try client.makeAttempt(url, HTTPHeaders())
        precondition(client.group.loops.indices.contains(loop), "loop \(loop) of \(client.group.loops.count)")
        reconnector = Reconnector(
            client, to: url, policy: policy, loop: client.group.loops[loop],
            makeHeaders: makeHeaders ?? { HTTPHeaders() }, generator: generator,
            holdsAttempts: holdsAttempts, onState: onState)
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

    /// Whoever was told of an interruption has taken notice of it: another attempt may follow, at once where
    /// its delay is over. Any thread.
    package func goOn() { reconnector.goOn() }

    /// Where it stands now. Any thread.
    public var state: State { reconnector.state }

    /// The open conversation, if there is one. Any thread; it may be over by the time it is used, and what is
    /// sent then is dropped.
    public var connection: RemoteWebSocket? {
        if case .open(let socket) = state { socket } else { nil }
    }
}

/// What ended a connection that was wanted, or kept it from coming about.
public enum WebSocketInterruption: Hashable, Sendable, CustomStringConvertible {
    /// It did not come about.
    case failed(WebSocketConnectError)
    /// The conversation ended, in this way.
    case closed(WebSocketCloseReason)

    /// Whether another attempt may well go better: what ``ReconnectPolicy`` asks unless told otherwise.
    ///
    /// True for networks and servers that were down, slow, restarting or overloaded (timeouts, lost
    /// connections, the close codes 1001, 1006 and 1011 to 1014, the statuses 408, 425, 429 and 5xx); false
    /// where this side ended it, where the peer was done (1000, or no code), for an application's own codes,
    /// and for what will be refused again: a malformed request, a broken rule, a status such as 403.
    public var isTemporary: Bool {
        switch self {
        case .failed(let error): Self.isTemporary(error.cause)
        case .closed(let reason): Self.isTemporary(reason)
        }
    }

    /// The failure or the close reason.
    public var description: String {
        switch self {
        case .failed(let error): error.description
        case .closed(let reason): reason.description
        }
    }

    private static func isTemporary(_ cause: WebSocketConnectError.Cause) -> Bool {
        switch cause {
        case .unreachable(let error):
            if case .address = error.cause { false } else { true }
        case .timedOut, .closed: true
        case .refused(let refusal): [408, 425, 429, 500, 502, 503, 504].contains(refusal.head.status)
        case .request, .handshake, .stopped, .cancelled: false
        }
    }

    private static func isTemporary(_ reason: WebSocketCloseReason) -> Bool {
        switch reason.cause {
        case .local, .shutdown, .protocolError: return false
        case .io, .timeout, .overflow: return true
        case .peer:
            let codes: [WebSocketCloseCode] = [
                .goingAway, .abnormalClosure, .internalError, .serviceRestart, .tryAgainLater, .badGateway,
            ]
            return codes.contains(reason.code)
        }
    }
}

/// When and how often a lost connection is tried again: delays that grow from attempt to attempt, drawn at
/// random so that the clients of a server that failed do not come back all at once.
///
/// ```swift
/// var policy = ReconnectPolicy()
/// policy.delayMax = .seconds(10)
/// policy.attemptsMax = 20
/// policy.reconnects = { $0.isTemporary || $0 == .closed(…) }
/// ```
public struct ReconnectPolicy: Sendable {
    /// How a delay is drawn.
    public enum Jitter: Hashable, Sendable {
        /// Anything from nothing to the whole delay, each as likely: spreads clients best.
        case full
        /// The whole delay, always.
        case none
    }

    /// The bound of the delay before the first attempt. Half a second is short for a restart, and long for a
    /// network that blinked.
    public var initialDelay: Duration = .milliseconds(500)
    /// By how much the bound grows with each attempt.
    public var multiplier = 2.0
    /// The most that the bound grows to. Half a minute keeps an outage of hours cheap, and its end soon seen.
    public var delayMax: Duration = .seconds(30)
    /// How the delay is drawn from below the bound.
    public var jitter = Jitter.full
    /// How many attempts in a row may fail, not counting the very first one; nil (the default) sets no limit.
    public var attemptsMax: Int?
    /// A connection that has lived so long counts as a success, and the delays begin anew. One that is
    /// accepted and ended at once, again and again, is an outage too.
    public var stableAfter: Duration = .seconds(10)
    /// Whether another attempt is made after an interruption. Called on the loop, or where an attempt fails.
    public var reconnects: @Sendable (WebSocketInterruption) -> Bool = { $0.isTemporary }

    /// The defaults of each setting.
    public init() {}

    /// Checks every setting against its limits.
    public func validate(_ name: String = "policy") throws(ConfigurationError) {
        try backoff.validate(name)
        try ConfigurationError.check("\(name).stableAfter", stableAfter, in: .zero...Duration.seconds(86_400))
        try ConfigurationError.check("\(name).attemptsMax", attemptsMax, in: 0...1 << 30)
    }

    private var backoff: Backoff {
        Backoff(initialDelay: initialDelay, multiplier: multiplier, delayMax: delayMax)
    }

    /// The longest delay before an attempt; the first is 1.
    ///
    /// - Precondition: `attempt >= 1`.
    public func delayBound(beforeAttempt attempt: Int) -> Duration {
        backoff.bound(beforeAttempt: attempt)
    }

    /// The delay before an attempt, drawn below its bound.
    public func delay(
        beforeAttempt attempt: Int, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        switch jitter {
        case .none: delayBound(beforeAttempt: attempt)
        case .full: backoff.delay(beforeAttempt: attempt, using: &generator)
        }
    }
}
