public import ZCNet

/// A WebSocket connection as other threads see it.
///
/// Everything goes through the loop's mailbox, in order; a burst wakes the loop once. Once the connection is
/// over, what is posted is dropped. The handle keeps neither the connection nor its memory alive.
public struct RemoteWebSocket: Hashable, Sendable {
    /// The TCP connection that it stands on.
    private let remote: RemoteConnection
    private let core: LoopBound<WebSocketCore>

    init(_ conversation: Conversation) {
        remote = conversation.base.remote
        core = conversation.withCore { LoopBound($0) }
    }

    /// Names the connection, also after it is gone.
    public var id: ConnectionID { remote.id }

    /// Has the loop send a prepared message. `onResult` runs on the loop.
    @discardableResult
    public func send(
        _ message: PreparedMessage, onResult: (@Sendable (SendResult) -> Void)? = nil
    ) -> EventLoop.PostResult {
        perform { conversation in
            let result = conversation.send(message)
            onResult?(result)
        }
    }

    /// Has the loop send text.
    @discardableResult
    public func send(_ text: String) -> EventLoop.PostResult { send(PreparedMessage(text: text)) }

    /// Has the loop send a binary message.
    @discardableResult
    public func send(binary bytes: SharedBytes) -> EventLoop.PostResult {
        send(PreparedMessage(bytes, isText: false))
    }

    /// Has the loop send a binary message, whose bytes are copied first.
    @discardableResult
    public func send(binary bytes: some Collection<UInt8>) -> EventLoop.PostResult {
        send(binary: SharedBytes(copying: bytes))
    }

    /// Has the loop send a prepared message, in the place of a waiting one of the same key where the overflow
    /// policy is `conflate`. `onResult` runs on the loop.
    ///
    /// - Precondition: `key != 0`.
    @discardableResult
    public func send(
        _ message: PreparedMessage, conflatingKey key: UInt64,
        onResult: (@Sendable (SendResult) -> Void)? = nil
    ) -> EventLoop.PostResult {
        precondition(key != 0, "key 0 means none")
        return perform { conversation in
            let result = conversation.send(message, key: key)
            onResult?(result)
        }
    }

    /// Has the loop send text, likewise.
    @discardableResult
    public func send(_ text: String, conflatingKey key: UInt64) -> EventLoop.PostResult {
        send(PreparedMessage(text: text), conflatingKey: key)
    }

    /// Has the loop send a binary message, likewise.
    @discardableResult
    public func send(binary bytes: SharedBytes, conflatingKey key: UInt64) -> EventLoop.PostResult {
        send(PreparedMessage(bytes, isText: false), conflatingKey: key)
    }

    /// Has the loop ask the peer for a pong.
    @discardableResult
    public func ping() -> EventLoop.PostResult {
        perform { _ = $0.sendControl(.ping, RawSpan()) }
    }

    /// Begins the closing handshake; never refused for a full mailbox.
    public func close(_ code: WebSocketCloseCode = .normalClosure, reason: String = "") {
        precondition(code.isSendable, "\(code) may not be sent in a close frame")
        perform(isControl: true) { $0.close(code, reason, cause: .local) }
    }

    /// Resumes reading that a handler paused: what a consumer elsewhere calls when it has caught up.
    public func resumeReading() { remote.resumeReading() }

    /// Runs work on the loop; dropped once the connection is over.
    @discardableResult
    func perform(
        isControl: Bool = false, _ work: @escaping @Sendable (Conversation) -> Void
    ) -> EventLoop.PostResult {
        let core = core
        return remote.perform(isControl: isControl) { base, state in
            // the connection is one of this core's, so its state begins with a session.
            let session = state.beginning(with: WebSocketSession.self)
            work(Conversation(base: base, session: session, core: core.value))
        }
    }

    /// The same connection of the same process.
    public static func == (left: RemoteWebSocket, right: RemoteWebSocket) -> Bool {
        left.remote == right.remote
    }

    /// Equal handles name the same connection.
    public func hash(into hasher: inout Hasher) { hasher.combine(remote) }
}
