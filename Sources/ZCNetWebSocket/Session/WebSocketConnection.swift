public import ZCNet

/// A WebSocket connection, lent to a callback of its loop.
///
/// The handle cannot be stored, captured by a `Task` or used on another thread: the compiler refuses. What
/// may be kept is its ``id``, and its ``remote`` handle, which any thread may send through.
///
/// **Threads.** The loop's own, within the callback. **Cost.** A few words; no reference counting.
@safe @frozen
public struct WebSocketConnection<State>: ~Copyable, ~Escapable {
    @usableFromInline package let conversation: Conversation
    // SAFETY: the place is initialised before the first callback and deinitialised after the last.
    @usableFromInline package let place: LoopOwned<WebSocketState<State>>

    @_lifetime(borrow connection)
    @inlinable
    init(_ connection: borrowing Connection<WebSocketState<State>>, _ core: WebSocketCore) {
        place = connection.statePlace
        conversation = Conversation(
            base: connection.base, session: place.beginning(with: WebSocketSession.self), core: core)
    }
}

/// A WebSocket connection whose handler keeps no state for it.
public typealias WebSocketPeer = WebSocketConnection<Void>

extension WebSocketConnection {
    /// The same connection without its handler's state.
    @_lifetime(borrow connection)
    @inlinable
    init<Other>(withoutStateOf connection: borrowing WebSocketConnection<Other>) where State == Void {
        // Both kinds of state begin with the session, and a value without size lies anywhere.
        place = connection.place.beginning(with: WebSocketState<Void>.self)
        conversation = connection.conversation
    }

    /// What the handler keeps for this connection, in place.
    ///
    /// Changing it takes the connection exclusively, so that the compiler refuses whoever would reach the
    /// same state twice at once; ``withState(_:)`` is for sending meanwhile.
    @inlinable
    public var state: State {
        _read { yield place[].user }
        _modify {
            // Why a copy: see `Connection.state`.
            let place = place
            yield &place[].user
        }
    }

    /// Lends the state together with the connection, for work that sends while it changes the state.
    ///
    /// What the closure gets is the same connection without its state; the one outside cannot be used within.
    @inlinable
    public mutating func withState<Result: ~Copyable, Failure: Error>(
        _ body: (inout State, borrowing WebSocketPeer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let rest = WebSocketPeer(withoutStateOf: self)
        let place = place
        return try body(&place[].user, rest)
    }

    // MARK: Who

    /// Names the connection, also after it is gone.
    @inlinable
    public var id: ConnectionID { conversation.base.slot[].id }

    /// The peer's address as its TCP connection has it; behind a proxy see ``WebSocketUpgrade``.
    public var remoteAddress: SocketAddress { conversation.remoteAddress }

    /// The address on this side, or nil once the kernel no longer says. A system call.
    public var localAddress: SocketAddress? { conversation.base.localAddress }

    /// The loop that serves the connection, lent like the connection itself. What it sends by id it sends as
    /// it is: messages to other WebSocket connections go through their ``remote``.
    public var loop: LoopContext {
        @_lifetime(copy self)
        get { LoopContext(conversation.base) }
    }

    /// What secures the connection, or nil for one in the clear.
    public var security: NegotiatedSecurity? {
        conversation.base.negotiated
    }

    /// A handle for other threads and for later.
    public var remote: RemoteWebSocket { RemoteWebSocket(conversation) }

    /// Bytes that wait because the kernel has not taken them.
    @inlinable
    public var queuedBytes: Int { Int(conversation.base.slot[].queuedBytes) }

    // MARK: Sending

    /// Sends back a message that was received; large ones go to the kernel from where they are.
    @discardableResult
    @inlinable
    public func send(_ message: borrowing WebSocketMessage) -> SendResult {
        conversation.send(isText: message.isText, message.bytes)
    }

    /// Sends text as UTF-8.
    @discardableResult
    @inlinable
    public func send(_ text: String) -> SendResult {
        var text = text
        return text.withBytes { conversation.send(isText: true, $0) }
    }

    /// Sends a binary message; the bytes are copied, or in the kernel, when the callback ends.
    @discardableResult
    @inlinable
    public func send(binary bytes: RawSpan) -> SendResult {
        conversation.send(isText: false, bytes)
    }

    /// Sends a binary message; the bytes are copied, or in the kernel, when the callback ends.
    @discardableResult
    @inlinable
    public func send(binary bytes: Span<UInt8>) -> SendResult { send(binary: bytes.rawBytes) }

    /// Sends a binary message; the bytes are copied, or in the kernel, when the callback ends.
    @discardableResult
    @inlinable
    public func send(binary bytes: [UInt8]) -> SendResult { send(binary: bytes.span.rawBytes) }

    /// Sends a binary message; the bytes are copied, or in the kernel, when the callback ends.
    @discardableResult
    @inlinable
    public func send(binary bytes: SharedBytes) -> SendResult { send(binary: bytes.bytes) }

    /// Sends a binary message of any collection of bytes, which are copied to an array first: for those that
    /// are large and sent often, `Span` and `RawSpan` cost less.
    @discardableResult
    public func send(binary bytes: some Collection<UInt8>) -> SendResult { send(binary: Array(bytes)) }

    /// Sends text that is UTF-8 already. That it is, is the caller's word.
    @discardableResult
    @inlinable
    public func send(utf8 bytes: RawSpan) -> SendResult {
        conversation.send(isText: true, bytes)
    }

    /// Sends a prepared message: encoded once, sent to many.
    @discardableResult
    public func send(_ prepared: PreparedMessage) -> SendResult { conversation.send(prepared) }

    // MARK: Sending the latest of each key

    /// Sends text, in the place of a waiting message of the same key where the overflow policy is `conflate`;
    /// see ``send(binary:conflatingKey:)``.
    ///
    /// - Precondition: `key != 0`.
    @discardableResult
    public func send(_ text: String, conflatingKey key: UInt64) -> SendResult {
        var text = text
        return text.withBytes { conversation.send(isText: true, $0, key: key) }
    }

    /// Sends a binary message, in the place of a waiting one of the same key where the overflow policy is
    /// `conflate`: a slow reader gets the latest of each key, as whole messages, instead of all of them. The
    /// newer message stands where the older one stood. A reader that keeps up gets every message.
    ///
    /// Allocates where the message has to wait. Compressed only on connections that take no context over, as
    /// a message that is replaced must not be missing from the peer's window.
    ///
    /// - Precondition: `key != 0`.
    @discardableResult
    public func send(binary bytes: RawSpan, conflatingKey key: UInt64) -> SendResult {
        conversation.send(isText: false, bytes, key: key)
    }

    /// Sends text that is UTF-8 already, likewise. That it is, is the caller's word.
    ///
    /// - Precondition: `key != 0`.
    @discardableResult
    public func send(utf8 bytes: RawSpan, conflatingKey key: UInt64) -> SendResult {
        conversation.send(isText: true, bytes, key: key)
    }

    /// Sends a prepared message likewise, by reference where it waits.
    ///
    /// - Precondition: `key != 0`.
    @discardableResult
    public func send(_ prepared: PreparedMessage, conflatingKey key: UInt64) -> SendResult {
        conversation.send(prepared, key: key)
    }

    // MARK: Fragments and pings

    /// Sends one fragment of a message; the last one has `isFinal`.
    ///
    /// Between the fragments of a message no other message may be sent: the caller keeps that order.
    @discardableResult
    public func send(fragment bytes: RawSpan, isText: Bool, isFirst: Bool, isFinal: Bool) -> SendResult {
        let opcode: UInt8 = isFirst ? (isText ? 1 : 2) : 0
        let first = opcode | (isFinal ? FrameHead.final : 0)
        return conversation.send(first: first, bytes)
    }

    /// Asks the peer for a pong; `onPong` gets it.
    ///
    /// - Precondition: at most 125 bytes.
    @discardableResult
    public func ping(_ payload: RawSpan) -> SendResult {
        conversation.sendControl(.ping, payload)
    }

    /// Asks the peer for a pong.
    @discardableResult
    public func ping() -> SendResult {
        conversation.sendControl(.ping, RawSpan())
    }

    // MARK: Receiving

    /// Stops receiving, with the message at hand: what follows waits, here and in the kernel, then at the
    /// peer.
    public func pauseReading() { conversation.base.pauseReading() }

    /// Receives again what `pauseReading` kept back.
    public func resumeReading() { conversation.base.resumeReading() }

    // MARK: Time

    /// Calls `onTimer` with `tag` after `delay`, unless the connection ends before. O(1), no allocation.
    @discardableResult
    public func schedule(after delay: Duration, tag: ConnectionTimerTag) -> TimerID {
        conversation.base.schedule(after: delay, tag: tag)
    }

    /// Cancels a timer; one that is due or gone is left alone.
    public func cancel(_ timer: TimerID) { conversation.base.cancel(timer) }

    // MARK: Ending

    /// Begins the closing handshake; `onClose` follows when the peer has answered, or the close timeout has
    /// passed. Messages that still come are dropped.
    ///
    /// - Parameters:
    ///   - code: 1000 to 4999 as far as it may be sent; others are a programmer's mistake and trap.
    ///   - reason: cut to what a close frame holds, 123 bytes of UTF-8.
    public func close(_ code: WebSocketCloseCode = .normalClosure, reason: String = "") {
        precondition(code.isSendable, "\(code) may not be sent in a close frame")
        conversation.close(code, reason, cause: .local)
    }

    /// Ends the connection at once, without a close frame; the peer sees a reset.
    public func abort() {
        conversation.base.end(CloseReason(.local), isAbortive: true)
    }
}
