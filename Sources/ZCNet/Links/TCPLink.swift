/// A connection over TCP or a Unix domain socket as straight-line code has it: one task, `await` for what
/// comes, `await` for room to send.
///
/// ```swift
/// let server = try TCPServer(on: "127.0.0.1:9000") { link in
///     while let bytes = try await link.next() { try await link.send(bytes) }
/// }
/// try await server.serve()
/// ```
/// The task runs on the connection's own loop, so that nothing hops between threads, and nothing may block.
///
/// **Ownership.** The link is lent to its body: the compiler refuses to let it be stored, or captured by
/// another task. Where the body ends, what was sent drains, and the connection is closed in good order.
///
/// **Cancellation.** Every wait ends with a `CancellationError`. Bytes that were not returned stay, and what
/// `send` has accepted is sent: it throws only for what was not, and takes all or nothing.
///
/// **Backpressure.** What the task does not take waits at the peer.
@safe @frozen
public struct TCPLink: ~Escapable {
    @usableFromInline let core: TCPLinkCore

    // SAFETY: lent by the scope, which keeps the core for its own length.
    @_lifetime(immortal)
    @usableFromInline
    init(_ core: TCPLinkCore) { self.core = core }
}

extension TCPLink {
    // MARK: Receiving

    /// Waits until there are bytes, and lends all that are there to `body`, which cannot wait meanwhile. Nil:
    /// the peer has ended its stream, or the server shuts down.
    ///
    /// - Parameters:
    ///   - least: how many bytes there have to be; at most the connection's `unreadBytesMax`.
    ///   - limit: how long it may wait for them.
    /// - Throws: what `body` throws; ``LinkError`` when the time is up, when the stream ends before there are
    ///   so many, or when the connection was lost; `CancellationError`.
    public nonisolated(nonsending) func receive<Result>(
        atLeast least: Int = 1, within limit: Duration? = nil, _ body: (LinkBytes) throws -> Result
    ) async throws -> Result? {
        guard try await core.waitForBytes(least, within: limit) else { return nil }
        return try core.take(.max, body)
    }

    /// Waits for bytes that may be kept, all that are there; otherwise as ``receive(atLeast:within:_:)``.
    public nonisolated(nonsending) func next(within limit: Duration? = nil) async throws -> SharedBytes? {
        try await receive(within: limit) { $0.retain() }
    }

    /// Waits for exactly so many bytes, to be kept: a head, or a body whose length is known.
    public nonisolated(nonsending) func next(
        exactly count: Int, within limit: Duration? = nil
    ) async throws -> SharedBytes? {
        guard try await core.waitForBytes(count, within: limit) else { return nil }
        return core.take(count) { $0.retain() }
    }

    // MARK: Sending

    /// Sends bytes that are lent, now or not at all.
    @discardableResult
    public func trySend(_ bytes: LinkBytes) -> SendResult { core.trySend(bytes.bytes) }

    /// Sends bytes now or not at all; they are copied, or in the kernel, before the task waits next.
    @discardableResult
    public func trySend(_ bytes: RawSpan) -> SendResult { core.trySend(bytes) }

    /// Sends text now or not at all.
    @discardableResult
    public func trySend(_ text: String) -> SendResult {
        var text = text
        return text.withBytes { core.trySend($0) }
    }

    /// Sends bytes, and returns when there is room for more: above the high watermark it waits until output
    /// is down to the low one.
    ///
    /// - Parameter limit: how long it may wait for the bytes to be accepted.
    /// - Throws: only for bytes that were not accepted, none of them: ``LinkError``, or `CancellationError`.
    public nonisolated(nonsending) func send(
        _ bytes: SharedBytes, within limit: Duration? = nil
    ) async throws {
        let core = core
        let result = try core.attempt(bytes)
        if result == .sent && !core.link.mustWait { return }
        try await core.link.waitForRoom(isAccepted: result.isAccepted, within: limit) {
            try core.attempt(bytes).isAccepted
        }
    }

    /// Sends text, and waits for room likewise.
    public nonisolated(nonsending) func send(_ text: String, within limit: Duration? = nil) async throws {
        try await send(SharedBytes(text.utf8), within: limit)
    }

    /// Sends bytes, which are copied first, and waits for room likewise.
    public nonisolated(nonsending) func send(
        _ bytes: some Collection<UInt8>, within limit: Duration? = nil
    ) async throws {
        try await send(SharedBytes(copying: bytes), within: limit)
    }

    /// Ends this side's stream behind everything sent; what the peer still sends is received.
    public func finishSending() { core.finishSending() }

    // MARK: Beside it

    /// Names the connection, also after it is gone.
    public var id: ConnectionID { core.id }

    /// A handle for other tasks and threads, and for later.
    public var remote: RemoteConnection { core.remote }

    /// Lets so much time pass, by the loop's timers. Returns earlier when the connection ends.
    public nonisolated(nonsending) func pause(_ duration: Duration) async throws {
        core.link.enter()
        try await core.link.pause(duration)
    }

    /// Receives and sends at once: two activities, each lent the link, both on its loop. Returns when both
    /// have; where one throws, what the other waits for ends with a `CancellationError`, and the first error
    /// is thrown.
    public nonisolated(nonsending) func both(
        receiving: @escaping @Sendable (TCPLink) async throws -> Void,
        sending: @escaping @Sendable (TCPLink) async throws -> Void
    ) async throws {
        let bound = LoopBound(core)
        try await core.link.both(
            { try await receiving(TCPLink(bound.value)) }, { try await sending(TCPLink(bound.value)) })
    }
}

/// Bytes as they were received, lent to a body of a link for the length of a call.
///
/// The compiler does not let them or their views out of the body; ``retain()`` keeps them by name.
@safe @frozen
public struct LinkBytes: ~Escapable {
    /// The bytes. Valid as long as this.
    public let bytes: RawSpan
    @usableFromInline let lent: LentChunk

    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, _ lent: LentChunk) {
        self.bytes = bytes
        self.lent = lent
    }

    /// How many there are.
    public var count: Int { bytes.byteCount }

    /// The bytes as text, copied and repaired.
    public var text: String { bytes.text }

    /// Keeps the bytes beyond the body, without a copy where they lie in the loop's memory: then what is kept
    /// is the whole chunk of the loop (by default 512 KiB) until the last of it goes.
    public func retain() -> SharedBytes { lent.retain(bytes) }
}
