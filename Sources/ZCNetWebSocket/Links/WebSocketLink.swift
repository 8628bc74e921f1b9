public import ZCNet

/// A WebSocket connection as straight-line code has it: one task, `await` for what comes, `await` for room to
/// send.
///
/// ```swift
/// let routes = WebSocketRoutes { routes in
///     routes.link("/greet") { link in
///         while let name = try await link.next() { try await link.send("hello, \(name.text)") }
///     }
/// }
/// ```
/// The task runs on the connection's own loop, so that nothing hops between threads, and nothing may block:
/// work that takes long goes elsewhere by `withTaskExecutorPreference(globalConcurrentExecutor)`, which must
/// not take the link along.
///
/// **Ownership.** The link is lent to its body: the compiler refuses to let it be stored, or captured by
/// another task. ``remote`` is a handle for others. Where the body ends the conversation ends: what was sent
/// drains, a close frame follows, 1000, or what a thrown error says (``WebSocketClosingError``), or 1011; a
/// task that was cancelled closes with 1001.
///
/// **Cancellation.** Every wait ends with a `CancellationError`. A message that was not returned stays, and a
/// message that `send` has accepted is sent: it throws only for one that was not.
///
/// **Backpressure.** What comes while the task is busy waits here up to a limit in bytes, and then at the
/// peer.
@safe @frozen
public struct WebSocketLink: ~Escapable {
    @usableFromInline let core: WebSocketLinkCore

    // SAFETY: lent by the scope, which keeps the core for its own length.
    @_lifetime(immortal)
    @usableFromInline
    init(_ core: WebSocketLinkCore) { self.core = core }
}

extension WebSocketLink {
    // MARK: Receiving

    /// Waits for a message, and lends it to `body`, which cannot wait meanwhile. Nil: the peer has closed, or
    /// the server shuts down, and nothing more will come.
    ///
    /// A message that is there already costs no suspension, and none is copied or allocated.
    ///
    /// - Throws: what `body` throws; ``/ZCNet/LinkError`` when the time is up or the connection was lost;
    ///   ``WebSocketError`` when the peer broke a rule; `CancellationError`.
    @inlinable @inline(__always)
    public nonisolated(nonsending) func receive<Result>(
        within limit: Duration? = nil, _ body: (LinkMessage) throws -> Result
    ) async throws -> Result? {
        if try !core.findAtHand() { guard try await core.nextMessage(limit) else { return nil } }
        defer { core.done() }
        return try body(core.message)
    }

    /// Waits for a message that may be kept; otherwise as ``receive(within:_:)``. Retains the memory that it
    /// was received in where that is the loop's.
    @inlinable @inline(__always)
    public nonisolated(nonsending) func next(within limit: Duration? = nil) async throws -> OwnedMessage? {
        // Why apart: a call that may wait costs as much as the rest of a small message.
        if try core.findAtHand() { return core.takeMessage() }
        return try await core.next(within: limit)
    }

    /// Calls `body` for every message until it answers `.stop`, or until nothing more comes: the task sleeps,
    /// and the loop calls, at a handler's price. What follows a stop stays unread.
    public nonisolated(nonsending) func forEach(_ body: (LinkMessage) throws -> LinkStep) async throws {
        try await withoutActuallyEscaping(body, do: core.forEach)
    }

    /// The messages that come, as a sequence, to be kept.
    public var messages: LinkMessages { LinkMessages(core: core) }

    // MARK: Sending

    /// Sends a message that is lent; large ones go to the kernel from where they are.
    @discardableResult
    public func trySend(_ message: LinkMessage) -> SendResult {
        core.trySend(isText: message.isText, message.bytes)
    }

    /// Sends a message that was kept.
    @discardableResult
    public func trySend(_ message: OwnedMessage) -> SendResult {
        core.trySend(isText: message.isText, message.bytes.bytes)
    }

    /// Sends text, and answers what became of it.
    @discardableResult
    public func trySend(_ text: String) -> SendResult {
        var text = text
        return text.withBytes { core.trySend(isText: true, $0) }
    }

    /// Sends a binary message; the bytes are copied, or in the kernel, before the task waits next.
    @discardableResult
    public func trySend(binary bytes: RawSpan) -> SendResult { core.trySend(isText: false, bytes) }

    /// Sends a binary message; the bytes are copied, or in the kernel, before the task waits next.
    @discardableResult
    public func trySend(binary bytes: some Collection<UInt8>) -> SendResult {
        trySend(binary: Array(bytes).span.rawBytes)
    }

    /// Sends a message that was encoded once for many.
    @discardableResult
    public func trySend(_ message: PreparedMessage) -> SendResult { core.trySend(message) }

    /// Sends a message, and returns when there is room for another: above the high watermark it waits until
    /// output is down to the low one.
    ///
    /// - Parameter limit: how long it may wait for the message to be accepted.
    /// - Throws: only for a message that was not accepted: ``/ZCNet/LinkError``, or `CancellationError`.
    @inlinable @inline(__always)
    public nonisolated(nonsending) func send(
        _ message: OwnedMessage, within limit: Duration? = nil
    ) async throws {
        let result = try core.attempt(message.isText, message.bytes.bytes)
        if result == .sent && !core.mustWait { return }
        try await core.goOn(result, message, within: limit)
    }

    /// Sends text, and waits for room likewise.
    public nonisolated(nonsending) func send(_ text: String, within limit: Duration? = nil) async throws {
        try await send(OwnedMessage(text), within: limit)
    }

    /// Sends a binary message likewise.
    public nonisolated(nonsending) func send(
        binary bytes: SharedBytes, within limit: Duration? = nil
    ) async throws {
        try await send(OwnedMessage(binary: bytes), within: limit)
    }

    /// Sends a binary message likewise, whose bytes are copied first.
    public nonisolated(nonsending) func send(
        binary bytes: some Collection<UInt8>, within limit: Duration? = nil
    ) async throws {
        try await send(binary: SharedBytes(copying: bytes), within: limit)
    }

    // MARK: Beside it

    /// Names the connection, also after it is gone.
    public var id: ConnectionID { core.id }

    /// The request that began the conversation, and what was agreed on. At a server it is put together anew
    /// for each look, which takes some microseconds: an idle link keeps it as text.
    public var upgrade: WebSocketUpgrade { core.upgrade }

    /// A handle for other tasks and threads, and for later. Its sends are in order among themselves.
    public var remote: RemoteWebSocket { core.remote }

    /// Where the link's task runs; for what other modules keep for each loop.
    package var lane: LoopLane { core.link.lane }

    /// Lets so much time pass, by the loop's timers: `Task.sleep` would go to another thread and back, and
    /// knows no virtual time. Returns earlier when the connection ends.
    public nonisolated(nonsending) func pause(_ duration: Duration) async throws {
        core.link.enter()
        try await core.link.pause(duration)
    }

    /// Receives and sends at once: two activities, each lent the link, both on its loop. Returns when both
    /// have; where one throws, what the other waits for ends with a `CancellationError`, and the first error
    /// is thrown. One of them receives, and one waits for room; to send without waiting is open to both.
    public nonisolated(nonsending) func both(
        receiving: @escaping @Sendable (WebSocketLink) async throws -> Void,
        sending: @escaping @Sendable (WebSocketLink) async throws -> Void
    ) async throws {
        let bound = LoopBound(core)
        try await core.link.both(
            { try await receiving(WebSocketLink(bound.value)) },
            { try await sending(WebSocketLink(bound.value)) })
    }

    /// Begins the closing handshake before the body ends, with a code of its choice: nothing more is accepted
    /// for sending, and messages that still come are dropped.
    public func close(_ code: WebSocketCloseCode = .normalClosure, reason: String = "") {
        precondition(code.isSendable, "\(code) may not be sent in a close frame")
        core.close(code, reason)
    }

    /// How the conversation ended; nil while it has not.
    public var closeReason: WebSocketCloseReason? { core.closeReason }
}

/// The messages of a link, each to be kept.
///
/// Belongs to the link's task, and to its scope: behind it there are none.
public struct LinkMessages: AsyncSequence {
    @usableFromInline let core: WebSocketLinkCore

    @usableFromInline
    init(core: WebSocketLinkCore) { self.core = core }

    /// Iterates over what comes.
    @inlinable
    public func makeAsyncIterator() -> Iterator { Iterator(core: core) }

    /// Takes message after message.
    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline let core: WebSocketLinkCore

        @usableFromInline
        init(core: WebSocketLinkCore) { self.core = core }

        /// The next message; nil when nothing more comes. Throws as ``WebSocketLink/next(within:)`` does.
        @inlinable @inline(__always)
        public nonisolated(nonsending) mutating func next() async throws -> OwnedMessage? {
            if try core.findAtHand() { return core.takeMessage() }
            return try await core.next(within: nil)
        }

        /// The next message, as `for try await` asks for it.
        @inlinable @inline(__always)
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws -> OwnedMessage? {
            if try core.findAtHand() { return core.takeMessage() }
            return try await core.next(within: nil)
        }
    }
}
