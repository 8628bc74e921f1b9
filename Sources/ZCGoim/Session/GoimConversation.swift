import ZCNet
import ZCNetWebSocket

/// One connection's protocol in action, over either transport: the session, the connection underneath, the
/// loop's common part. A few plain words; nothing is retained.
///
/// SAFETY: `@safe` because a conversation exists only within a callback of its connection, or with a member
/// that the connection's end removes before slot, session or core go.
@safe @frozen
@usableFromInline
package struct GoimConversation {
    @usableFromInline package let base: ConnectionBase
    @usableFromInline package let session: LoopOwned<GoimSession>
    @usableFromInline let coreReference: LoopReference<GoimCore>
    /// The WebSocket conversation; nil on TCP.
    @usableFromInline let webSocket: Conversation?

    @inlinable @inline(__always)
    package init(
        base: ConnectionBase, session: LoopOwned<GoimSession>, core: GoimCore, webSocket: Conversation?
    ) {
        self.base = base
        self.session = session
        coreReference = LoopReference(core)
        self.webSocket = webSocket
    }

    @inlinable @inline(__always)
    func withCore<Result>(_ body: (GoimCore) -> Result) -> Result {
        coreReference.with(body)
    }

    /// The header that the connection speaks.
    @inlinable @inline(__always)
    package var format: GoimHeaderFormat {
        session[].flags.contains(.extended) ? .extended : .plain
    }

    var id: ConnectionID { base.slot[].id }

    /// Whether the connection is on its way out, whoever has decided that: nobody but `onClose` is to be
    /// called any more.
    @inlinable
    package var isOver: Bool {
        session[].flags.contains(.over) || !base.takesAnswers || webSocket?.isOver == true
    }

    /// The handle, made if need be.
    func makeHandle() -> GoimHandle {
        if let handle = session[].handle { return handle }
        let handle = GoimHandle(self)
        session[].handle = handle
        return handle
    }

    func count(_ metric: GoimMetric, _ amount: Int = 1) { withCore { $0.figures.add(amount, to: metric) } }

    // MARK: Sending

    /// Sends a proto. The body is copied, or in the kernel, when the callback ends.
    @usableFromInline
    package func send(_ header: GoimHeader, _ body: RawSpan) -> SendResult {
        if session[].flags.contains(.over) { return .closed }
        if header.operation == .raw, webSocket == nil {
            // A batch has no header of its own in a stream.
            return base.send(body)
        }
        if let webSocket {
            let result = withCore { core in
                core.withProto(header, body, format) { webSocket.send(isText: false, $0) }
            }
            return result ?? refuse(body.byteCount)
        }
        if format == .plain {
            let head = Self.head(header, bodyBytes: body.byteCount)
            return base.send(head, body)
        }
        let result = withCore { core in
            core.withProto(header, body, format) { bytes in
                base.send(bytes)
            }
        }
        return result ?? refuse(body.byteCount)
    }

    /// Sends a proto, in the place of a waiting one of the same key where the overflow policy is `conflate`.
    func send(_ header: GoimHeader, _ body: RawSpan, key: UInt64) -> SendResult {
        precondition(key != 0, "key 0 means none")
        if session[].flags.contains(.over) { return .closed }
        if !base.queuesByKey || header.operation == .raw { return send(header, body) }
        let result = withCore { core in
            core.withProto(header, body, format) { bytes in
                if let webSocket { return webSocket.send(isText: false, bytes, key: key) }
                let proto = SharedBytes(copying: bytes)
                return base.send(proto, key: key)
            }
        }
        return result ?? refuse(body.byteCount)
    }

    /// The plain header as two words.
    @inline(__always)
    private static func head(_ header: GoimHeader, bodyBytes: Int) -> MessageHead {
        let length = UInt64(UInt32(truncatingIfNeeded: bodyBytes + 16))
        let low = length << 32 | 16 << 16 | UInt64(UInt16(bitPattern: header.version))
        let high =
            UInt64(UInt32(bitPattern: header.operation.rawValue)) << 32
            | UInt64(UInt32(bitPattern: header.sequence))
        return MessageHead(low: low.byteSwapped, high: high.byteSwapped)
    }

    /// Refuses a proto that there is no memory to put together: its sender is told when to try again.
    private func refuse(_ count: Int) -> SendResult { base.refuse(count) }

    /// Sends a proto without a body.
    @usableFromInline
    package func send(_ header: GoimHeader) -> SendResult {
        send(header, RawSpan())
    }

    /// Answers a message that the handler has not answered, as goim does.
    @inlinable @inline(__always)
    package func acknowledge(_ header: GoimHeader) {
        if !session[].flags.isDisjoint(with: [.replied, .over]) { return }
        if withCore({ $0.acknowledges }) { _ = send(header) }
    }

    /// Sends what was encoded once for many; never within a callback of a connection.
    @inline(__always)
    func push(_ push: GoimPush, hasMore: Bool) -> SendResult {
        let flags = session[].flags
        if flags.contains(.over) { return .closed }
        if let webSocket, !webSocket.isOver {
            return base.sendShared(push.frame(flags), hasMore: hasMore)
        }
        return webSocket == nil
            ? base.sendShared(push.stream(flags), hasMore: hasMore) : .closed
    }

    // MARK: What came

    /// Finds out which header a connection speaks; false when that is not to be seen yet.
    @usableFromInline
    package func settleFormat(_ bytes: RawSpan) throws(GoimError) -> Bool {
        if session[].flags.contains(.formatKnown) { return true }
        guard let format = try GoimFrame.format(of: bytes) else { return false }
        session[].flags.formUnion(format == .extended ? [.extended, .formatKnown] : .formatKnown)
        return true
    }

    /// Counts protos that came, many at a time, and wakes the consumer of a ring for all of them.
    @usableFromInline
    package func countReceived(_ protos: Int) {
        if protos == 0 { return }
        base.countReceived(messages: protos)
        if session[].flags.contains(.ringed) { session[].handle?.ring?.signal() }
    }
}
