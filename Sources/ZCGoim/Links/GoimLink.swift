public import ZCNet

/// A goim connection as straight-line code has it, over TCP or WebSocket alike: one task, `await` for what
/// comes, `await` for room to send.
///
/// ```swift
/// let server = try GoimServer(tcp: "127.0.0.1:3101", webSocket: "127.0.0.1:3102") { link in
///     while let message = try await link.next() {
///         let answer = try await shop.answer(message.text)
///         try await link.reply(to: message.header, answer)
///     }
/// }
/// try await server.serve()
/// ```
/// Heartbeats, rooms and subscriptions are answered by the session meanwhile, as with a ``GoimHandler``;
/// messages are not: what is to be answered the body answers, and nothing is acknowledged by itself.
///
/// The task runs on the connection's own loop, so that nothing hops between threads, and nothing may block.
///
/// **Ownership.** The link is lent to its body: the compiler refuses to let it be stored, or captured by
/// another task. Where the body ends, what was sent drains, and the connection is closed; a WebSocket peer
/// is told 1000, what a thrown error says (`WebSocketClosingError`), 1011 for any other error, or 1001.
///
/// **Cancellation.** Every wait ends with a `CancellationError`. A message that was not returned stays, and a
/// message that `send` has accepted is sent: it throws only for one that was not.
///
/// **Backpressure.** What comes while the task is busy waits here up to a limit in bytes, and then at the
/// peer, whose heartbeats are not missed meanwhile.
@safe @frozen
public struct GoimLink: ~Escapable {
    @usableFromInline let core: GoimLinkCore

    // SAFETY: lent by the scope, which keeps the core for its own length.
    @_lifetime(immortal)
    @usableFromInline
    init(_ core: GoimLinkCore) { self.core = core }
}

extension GoimLink {
    // MARK: Receiving

    /// Waits for a message, and lends it to `body`, which cannot wait meanwhile. Nil: the peer has ended the
    /// connection, or the server shuts down, and nothing more will come.
    ///
    /// - Throws: what `body` throws; `LinkError` when the time is up or the connection was lost;
    ///   ``GoimError`` when the peer broke a rule; `CancellationError`.
    public nonisolated(nonsending) func receive<Result>(
        within limit: Duration? = nil, _ body: (LentProto) throws -> Result
    ) async throws -> Result? {
        guard try await core.nextMessage(limit) else { return nil }
        defer { core.done() }
        return try body(core.message)
    }

    /// Waits for a message that may be kept; otherwise as ``receive(within:_:)``.
    public nonisolated(nonsending) func next(within limit: Duration? = nil) async throws -> GoimMessage? {
        guard try await core.nextMessage(limit) else { return nil }
        return core.takeMessage()
    }

    /// Calls `body` for every message until it answers `.stop`, or until nothing more comes: the task sleeps,
    /// and the loop calls, at a handler's price.
    public nonisolated(nonsending) func forEach(_ body: (LentProto) throws -> LinkStep) async throws {
        try await withoutActuallyEscaping(body, do: core.forEach)
    }

    /// The messages that come, as a sequence, to be kept.
    public var messages: GoimLinkMessages { GoimLinkMessages(core: core) }

    // MARK: Sending

    /// Sends a message now or not at all.
    @discardableResult
    public func trySend(_ message: GoimMessage) -> SendResult {
        core.trySend(message.header, message.body.bytes)
    }

    /// Sends a proto with bytes that are lent; they are copied, or in the kernel, before the task waits next.
    @discardableResult
    public func trySend(_ header: GoimHeader, _ body: RawSpan) -> SendResult { core.trySend(header, body) }

    /// Sends a proto with text, now or not at all.
    @discardableResult
    public func trySend(_ header: GoimHeader, _ text: String = "") -> SendResult {
        var text = text
        return text.withBytes { core.trySend(header, $0) }
    }

    /// Sends a message, and returns when there is room for another: above the high watermark it waits until
    /// output is down to the low one.
    ///
    /// - Parameter limit: how long it may wait for the message to be accepted.
    /// - Throws: only for a message that was not accepted: `LinkError`, or `CancellationError`.
    public nonisolated(nonsending) func send(
        _ message: GoimMessage, within limit: Duration? = nil
    ) async throws {
        let core = core
        let result = try core.attempt(message)
        if result == .sent && !core.link.mustWait { return }
        try await core.link.waitForRoom(isAccepted: result.isAccepted, within: limit) {
            try core.attempt(message).isAccepted
        }
    }

    /// Answers a message: same sequence and operation, a text of the body's own; waits as ``send(_:within:)``
    /// does.
    public nonisolated(nonsending) func reply(
        to header: GoimHeader, _ text: String = "", within limit: Duration? = nil
    ) async throws {
        try await send(GoimMessage(header, body: SharedBytes(text.utf8)), within: limit)
    }

    // MARK: Who and where

    /// Names the connection, also after it is gone.
    public var id: ConnectionID { core.remote.id }

    /// Who the client is, as it was authenticated.
    public var mid: Int64 { core.remote.handle.mid }

    /// Names the connection to the application.
    public var key: String { core.remote.handle.key }

    /// Where the user was when the link was asked, as its authentication said or a change of rooms since.
    public var room: String? {
        core.link.enter()
        return core.remote.handle.room?.name
    }

    /// Goes to a room, or with nil to none. At a server. O(1).
    public func enter(_ room: String?) { core.withOpen { $0.enter(room) } }

    /// A handle for other tasks and threads, and for later. Its sends are in order among themselves.
    public var remote: GoimRemote { core.remote }

    // MARK: Time and the end

    /// Lets so much time pass, by the loop's timers. Returns earlier when the connection ends.
    public nonisolated(nonsending) func pause(_ duration: Duration) async throws {
        core.link.enter()
        try await core.link.pause(duration)
    }

    /// Receives and sends at once: two activities, each lent the link, both on its loop. Returns when both
    /// have; where one throws, what the other waits for ends with a `CancellationError`, and the first error
    /// is thrown.
    public nonisolated(nonsending) func both(
        receiving: @escaping @Sendable (GoimLink) async throws -> Void,
        sending: @escaping @Sendable (GoimLink) async throws -> Void
    ) async throws {
        let bound = LoopBound(core)
        try await core.link.both(
            { try await receiving(GoimLink(bound.value)) }, { try await sending(GoimLink(bound.value)) })
    }

    /// Ends the connection in good order before the body does: nothing more is accepted for sending.
    public func close() { core.withOpen { $0.close(.local) } }

    /// Ends the connection in good order, and tells a WebSocket client why.
    public func refuse(_ reason: String) { core.withOpen { $0.close(.refused(reason)) } }

    /// How the connection ended; nil while it has not.
    public var closeReason: GoimCloseReason? { core.closeReason }
}

/// A proto lent to a body of a link for the length of a call.
///
/// The compiler lets neither it nor its body's bytes out; ``retain()`` keeps them.
@safe @frozen
public struct LentProto: ~Escapable {
    /// What stands in front of the body.
    public let header: GoimHeader
    /// The body. Valid as long as the proto.
    public let body: LinkBytes

    @_lifetime(copy body)
    init(_ header: GoimHeader, _ body: LinkBytes) {
        self.header = header
        self.body = body
    }

    /// The number that goim's protocol gives the kind of request.
    public var operation: GoimOperation { header.operation }

    /// The body's bytes. Valid as long as the proto.
    public var bytes: RawSpan {
        @_lifetime(copy self)
        get { body.bytes }
    }

    /// The body as text, copied and repaired.
    public var text: String { body.text }

    /// Keeps the proto beyond the body, without a copy where it lies in the loop's memory.
    public func retain() -> GoimMessage { GoimMessage(header, body: body.retain()) }
}

/// The messages of a link, each to be kept. Belongs to the link's task, and to its scope: behind it there are
/// none.
public struct GoimLinkMessages: AsyncSequence {
    let core: GoimLinkCore

    /// Iterates over what comes.
    public func makeAsyncIterator() -> Iterator { Iterator(core: core) }

    /// Takes message after message.
    public struct Iterator: AsyncIteratorProtocol {
        let core: GoimLinkCore

        /// The next message; nil when nothing more comes. Throws as ``GoimLink/next(within:)`` does.
        public nonisolated(nonsending) mutating func next() async throws -> GoimMessage? {
            guard try await core.nextMessage(nil) else { return nil }
            return core.takeMessage()
        }
    }
}
