public import ZCNet

/// A client, lent to a callback on its loop: what is said here takes no lock and no post.
///
/// ```swift
/// try client.subscribe("orders.>") { message, connection in
///     connection.respond(to: message, message.payload.bytes)
/// }
/// ```
/// **Threads.** The loop's, within the callback; the compiler refuses to let it out. **Cost.** One word; no
/// reference counting.
@safe
public struct NATSConnection: ~Copyable, ~Escapable {
    // SAFETY: whoever calls on the loop keeps the core for the length of the callback.
    private let core: LoopReference<NATSCore>

    @_lifetime(immortal)
    init(_ core: NATSCore) { self.core = LoopReference(core) }

    /// Publishes; the bytes are copied, or in the kernel, when this returns.
    ///
    /// While the client is away the message waits, as far as there is room.
    @discardableResult
    public func publish(_ subject: NATSSubject, _ payload: RawSpan) -> SendResult {
        core.with { $0.publish(subject.bytes.bytes, reply: RawSpan(), headers: RawSpan(), payload) }
    }

    /// Publishes with headers, or with a subject for answers.
    @discardableResult
    public func publish(
        _ subject: NATSSubject, _ payload: RawSpan, headers: NATSHeaders, reply: NATSSubject? = nil
    ) -> SendResult {
        let reply = reply?.bytes ?? SharedBytes()
        return core.with { core in
            headers.encoded.withBytes { block in
                core.publish(subject.bytes.bytes, reply: reply.bytes, headers: block, payload)
            }
        }
    }

    /// Publishes text, as its UTF-8 bytes.
    @discardableResult
    public func publish(_ subject: NATSSubject, _ text: String) -> SendResult {
        var text = text
        return text.withBytes { publish(subject, $0) }
    }

    /// Answers a message; `closed` when it asks for none.
    @discardableResult
    public func respond(to message: borrowing NATSMessage, _ payload: RawSpan) -> SendResult {
        let reply = message.replyBytes
        if reply.byteCount == 0 { return .closed }
        return core.with { $0.publish(reply, reply: RawSpan(), headers: RawSpan(), payload) }
    }

    /// Answers a message with headers; `closed` when it asks for none.
    @discardableResult
    public func respond(
        to message: borrowing NATSMessage, _ payload: RawSpan, headers: NATSHeaders
    ) -> SendResult {
        let reply = message.replyBytes
        if reply.byteCount == 0 { return .closed }
        return core.with { core in
            headers.encoded.withBytes { core.publish(reply, reply: RawSpan(), headers: $0, payload) }
        }
    }

    /// Asks, and has `completion` called with the answer, on the loop.
    public func request(
        _ subject: NATSSubject, _ payload: RawSpan, headers: NATSHeaders = NATSHeaders(),
        timeout: Duration? = nil, completion: @escaping @Sendable (Result<NATSReply, NATSError>) -> Void
    ) {
        core.with { core in
            headers.encoded.withBytes { block in
                _ = core.request(
                    subject.bytes.bytes, headers: block, payload,
                    timeout: timeout ?? core.options.requestTimeout, .once(completion))
            }
        }
    }

    /// Has `tell` called once when there is room again, on the loop; what was refused can be sent then.
    public func whenWritable(_ tell: @escaping @Sendable (borrowing NATSConnection) -> Void) {
        core.with { $0.state[].onWritable.append(tell) }
    }

    /// Whether the client is connected.
    public var isConnected: Bool { core.with { $0.state[].phase == .ready } }

    /// Runs work of a layer above, which may say more than applications.
    func withCore<Result>(_ body: (NATSCore) -> Result) -> Result { core.with(body) }
}

extension NATSWaiting {
    /// Waits for one answer, and copies it.
    static func once(_ completion: @escaping @Sendable (Result<NATSReply, NATSError>) -> Void) -> NATSWaiting
    {
        NATSWaiting { message, _ in
            completion(.success(message.copy()))
            return false
        } onFailure: {
            completion(.failure($0))
        }
    }
}

/// Stands between the connection and the client that it is the connection of the moment of.
struct NATSAdapter: ConnectionHandler {
    let core: NATSCore

    func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
        let base = peer.base
        core.inCallback { core.receive(data, base) }
    }

    func onWritable(_ peer: inout Peer) {
        let base = peer.base
        if core.isCurrent(base) { core.inCallback { core.roomAgain() } }
    }

    func onTimer(_ tag: ConnectionTimerTag, of peer: inout Peer) {
        let base = peer.base
        core.inCallback { core.timerFired(tag, base) }
    }

    func onClose(_ peer: inout Peer, _ reason: CloseReason) { core.lost(peer.base, reason) }

    func onStop(_ loop: borrowing LoopContext) { core.loopEnded() }
}
