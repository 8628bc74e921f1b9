public import ZCNet

/// What an application does with its WebSocket connections: one value per loop, called on its thread only.
///
/// ```swift
/// struct Echo: WebSocketHandler {
///     mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
///         peer.send(message)
///     }
/// }
/// ```
/// Structs, classes and noncopyable structs conform alike; none needs a lock or `Sendable`. What belongs to
/// one connection is its `State`, reached as `peer.state`.
///
/// **Order.** `onOpen` comes first, before a byte of the conversation is read, then any of the others, then
/// `onClose` exactly once. Callbacks never nest. Behind a handler's `close` or `abort` nothing but `onClose`
/// comes.
///
/// **Ownership.** Message and connection are lent for the callback; the compiler refuses to let them out.
///
/// **Slips.** A callback that throws, borrows its connection or has one of another state does not compile.
/// One with another name or label is a method of its own, which the compiler warns of at best where the
/// type conforms in an extension.
public protocol WebSocketHandler: _WebSocketHandlerMistakes, _WebSocketHandlerBorrowing, ~Copyable {
    /// What the handler keeps for each connection.
    associatedtype State = Void

    /// Makes the state of a new connection, before `onOpen`.
    mutating func makeState() -> State

    /// The conversation begins; `upgrade` is the request that began it.
    mutating func onOpen(_ peer: inout WebSocketConnection<State>, _ upgrade: WebSocketUpgrade)

    /// The conversation begins, for handlers that do not ask by what: called where the one with an upgrade is
    /// not implemented.
    mutating func onOpen(_ peer: inout WebSocketConnection<State>)

    /// A whole message came.
    mutating func onMessage(
        _ message: borrowing WebSocketMessage, from peer: inout WebSocketConnection<State>)

    /// A piece of a message came: a frame, or a part of one; only with `WebSocketOptions.deliversFragments`.
    mutating func onFragment(
        _ fragment: borrowing WebSocketFragment, from peer: inout WebSocketConnection<State>)

    /// The peer asked for a pong, which has been sent.
    mutating func onPing(_ payload: RawSpan, from peer: inout WebSocketConnection<State>)

    /// The peer answered a ping, or sent a heartbeat.
    mutating func onPong(_ payload: RawSpan, from peer: inout WebSocketConnection<State>)

    /// Output that was at its limit, or above the high watermark, has fallen to the low one.
    mutating func onWritable(_ peer: inout WebSocketConnection<State>)

    /// A timer that `peer.schedule(after:tag:)` armed is due.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<State>)

    /// The peer broke a rule; the close frame that says so has been sent, and `onClose` follows. Not for what
    /// a peer does while the conversation is being closed.
    mutating func onError(_ error: WebSocketError, from peer: inout WebSocketConnection<State>)

    /// The conversation is over. What is sent now is answered `closed`.
    mutating func onClose(_ peer: inout WebSocketConnection<State>, _ reason: WebSocketCloseReason)

    /// The loop is up and serves this handler; the first call it gets.
    mutating func onStart(_ loop: borrowing LoopContext)

    /// The loop ends; the last call the handler gets.
    mutating func onStop(_ loop: borrowing LoopContext)
}

extension WebSocketHandler where Self: ~Copyable {
    /// A whole message, as `onMessage` is lent it.
    public typealias Message = WebSocketMessage

    /// Calls the one without an upgrade by default.
    public mutating func onOpen(_ peer: inout WebSocketConnection<State>, _ upgrade: WebSocketUpgrade) {
        onOpen(&peer)
    }
    /// Does nothing by default.
    public mutating func onOpen(_ peer: inout WebSocketConnection<State>) {}
    /// Does nothing by default.
    public mutating func onFragment(
        _ fragment: borrowing WebSocketFragment, from peer: inout WebSocketConnection<State>
    ) {}
    /// Does nothing by default.
    public mutating func onPing(_ payload: RawSpan, from peer: inout WebSocketConnection<State>) {}
    /// Does nothing by default.
    public mutating func onPong(_ payload: RawSpan, from peer: inout WebSocketConnection<State>) {}
    /// Does nothing by default.
    public mutating func onWritable(_ peer: inout WebSocketConnection<State>) {}
    /// Does nothing by default.
    public mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<State>) {}
    /// Does nothing by default.
    public mutating func onError(_ error: WebSocketError, from peer: inout WebSocketConnection<State>) {}
    /// Does nothing by default.
    public mutating func onClose(
        _ peer: inout WebSocketConnection<State>, _ reason: WebSocketCloseReason
    ) {}
    /// Does nothing by default.
    public mutating func onStart(_ loop: borrowing LoopContext) {}
    /// Does nothing by default.
    public mutating func onStop(_ loop: borrowing LoopContext) {}
}

/// How a conversation ended. Every `onOpen` is followed by exactly one of these.
public struct WebSocketCloseReason: Hashable, Sendable, CustomStringConvertible {
    /// The code of the close frame that decided: the peer's if it closed or agreed, else ours; 1006 when the
    /// connection ended without one.
    public let code: WebSocketCloseCode
    /// What that close frame said beside the code. A peer that agreed by saying this side's code back, and
    /// nothing beside it, agreed to what this side said: then it is that.
    public let text: String
    /// Who or what ended the connection.
    public let cause: CloseCause
    /// Whether both sides said goodbye.
    public let isClean: Bool

    /// Says how it ended.
    public init(code: WebSocketCloseCode, text: String = "", cause: CloseCause, isClean: Bool) {
        self.code = code
        self.text = text
        self.cause = cause
        self.isClean = isClean
    }

    /// A line for a log.
    public var description: String {
        "\(code)\(text.isEmpty ? "" : " \"\(text)\""), \(cause)\(isClean ? "" : ", not clean")"
    }
}

extension WebSocketError {
    /// The same as ZCNet's close causes know it.
    var cause: CloseCause {
        code == .tryAgainLater ? .overflow : .protocolError(ProtocolRule(description))
    }
}
