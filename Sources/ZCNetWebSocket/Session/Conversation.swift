import ZCNet

/// One connection's protocol in action: the session, the connection underneath, and the loop's common part. A
/// few plain words; nothing is retained.
///
/// SAFETY: `@safe` because a conversation exists only within a callback of its connection, whose slot,
/// session and core exist as long.
@safe @frozen
@usableFromInline
package struct Conversation {
    @usableFromInline package let base: ConnectionBase
    @usableFromInline package let session: LoopOwned<WebSocketSession>
    @usableFromInline let coreReference: LoopReference<WebSocketCore>

    @usableFromInline
    package init(base: ConnectionBase, session: LoopOwned<WebSocketSession>, core: WebSocketCore) {
        self.base = base
        self.session = session
        coreReference = LoopReference(core)
    }

    @inline(__always)
    @usableFromInline
    package func withCore<Result>(_ body: (WebSocketCore) -> Result) -> Result {
        coreReference.with(body)
    }

    // MARK: Sending

    /// Sends a whole message.
    @usableFromInline
    package func send(isText: Bool, _ bytes: RawSpan) -> SendResult {
        #if Deflate
        if session[].flags.contains(.deflate) { return sendCompressed(isText: isText, bytes) }
        #endif
        return send(first: FrameHead.final | (isText ? 1 : 2), bytes)
    }

    #if Deflate
    /// Sends a whole message, compressed if that makes it smaller.
    private func sendCompressed(isText: Bool, _ bytes: RawSpan) -> SendResult {
        let opcode: UInt8 = isText ? 1 : 2
        guard let extra = session[].extra, !isOver else { return .closed }
        return withCore { core in
            guard core.compress(bytes, for: extra) else {
                return send(first: FrameHead.final | opcode, bytes)
            }
            let first = FrameHead.final | FrameHead.compressed | opcode
            let result = send(first: first, core.compressedBytes)
            if result.isAccepted {
                core.metrics.add(1, to: .compressedOut)
            } else {
                extra.deflate?.forgetSent()
            }
            return result
        }
    }
    #endif

    /// Sends one frame of a message.
    @usableFromInline
    package func send(first: UInt8, _ bytes: RawSpan) -> SendResult {
        let flags = session[].flags
        if !flags.isDisjoint(with: [.closeSent, .failed]) { return .closed }
        return sendFrame(first: first, bytes, exempt: false)
    }

    /// Sends a message that was encoded once for many.
    @usableFromInline
    package func send(_ prepared: PreparedMessage) -> SendResult {
        let flags = session[].flags
        if !flags.isDisjoint(with: [.closeSent, .failed]) { return .closed }
        if flags.contains(.client) {
            // A client's frames are masked with keys of their own, so there is nothing to share.
            return prepared.withPayload { send(isText: prepared.isText, $0) }
        }
        return queue(frame(of: prepared), key: 0)
    }

    /// The frame of a prepared message as a server sends it to this connection.
    func frame(of prepared: PreparedMessage) -> SharedBytes {
        #if Deflate
        if session[].flags.contains(.deflate), let extra = session[].extra {
            return withCore { $0.frame(of: prepared, for: extra) }
        }
        #endif
        return prepared.frame
    }

    private func sendFrame(first: UInt8, _ bytes: RawSpan, exempt: Bool) -> SendResult {
        if session[].flags.contains(.client) {
            return withCore { core in
                let key = core.nextMaskingKey()
                guard core.mask(bytes, key: key) else { return refuse(bytes.byteCount) }
                let head = FrameHead.make(first: first, count: bytes.byteCount, key: key)
                return base.send(head, core.maskedBytes, exempt: exempt)
            }
        }
        let head = FrameHead.make(first: first, count: bytes.byteCount)
        return base.send(head, bytes, exempt: exempt)
    }

    /// Refuses a message that there is no memory to put together: its sender is told when to try again.
    func refuse(_ count: Int) -> SendResult { base.refuse(count) }

    /// Sends a control frame, past the limits for messages.
    ///
    /// - Precondition: at most 125 bytes.
    @usableFromInline
    package func sendControl(_ opcode: WebSocketOpcode, _ bytes: RawSpan) -> SendResult {
        let count = bytes.byteCount
        precondition(count <= 125, "control frames carry at most 125 bytes, got \(count)")
        if !session[].flags.isDisjoint(with: [.closeSent, .failed]) { return .closed }
        return sendFrame(first: FrameHead.final | opcode.rawValue, bytes, exempt: true)
    }

    // MARK: Control frames that came

    /// RFC 6455 5.5.3: a pong carries what its ping did. A peer that sends pings and reads no pongs is
    /// stopped by the output limit like any other: pongs that do not fit are left out, which the RFC allows
    /// for all but the last ping.
    @usableFromInline
    package func answerPing(_ step: FrameStep) {
        let isPressed = base.slot[].queuedBytes >= base.slot[].outboundBytesMax
        if !isPressed { _ = sendControl(.pong, step.bytes) }
    }

    /// The peer's close frame: it is agreed to, and the connection ends.
    @usableFromInline
    package func peerClosed(_ step: FrameStep) {
        switch ClosePayload.parse(step.bytes) {
        case .failure(let error): fail(error.error)
        case .success(let payload):
            let extra = session[].makeExtra()
            extra.closeCode = payload.code
            extra.closeText = payload.reason
            if !session[].flags.contains(.closeSent) {
                // RFC 6455 5.5.1: the answer carries the code that came, or none.
                sendClose(payload.code, "")
            }
            finish(extra.cause ?? .peer)
        }
    }

    /// Both sides have said goodbye. RFC 6455 7.1.1: the server ends the TCP connection, and the client waits
    /// for it, but not forever.
    private func finish(_ cause: CloseCause) {
        if session[].flags.contains(.client) {
            awaitEnd()
        } else {
            base.end(CloseReason(cause), isAbortive: false)
        }
    }

    // MARK: Closing

    /// Begins to close: the peer is told, and has the close timeout to agree.
    @usableFromInline
    package func close(_ code: WebSocketCloseCode?, _ text: String, cause: CloseCause) {
        if !session[].flags.isDisjoint(with: [.closeSent, .failed]) { return }
        session[].makeExtra().cause = cause
        sendClose(code, text)
        awaitEnd()
    }

    /// Ends the connection for a broken rule: the close frame names it, and nothing is read any more.
    @usableFromInline
    package func fail(_ error: WebSocketError) {
        session[].flags.insert(.failed)
        let extra = session[].makeExtra()
        extra.error = error
        if !session[].flags.contains(.closeSent) { sendClose(error.code, error.description) }
        base.end(CloseReason(error.cause), isAbortive: false)
    }

    /// Somebody outside the protocol wants the connection to end. True: it will, within the close timeout.
    @usableFromInline
    package func farewell(_ reason: CloseReason) -> Bool {
        if !session[].flags.isDisjoint(with: [.closeSent, .failed]) { return true }
        if reason.cause == .timeout(.message) {
            failForAge()
            return true
        }
        close(Self.code(for: reason.cause), "", cause: reason.cause)
        return session[].flags.contains(.closeSent)
    }

    private static func code(for cause: CloseCause) -> WebSocketCloseCode {
        switch cause {
        case .shutdown, .timeout: .goingAway
        case .overflow: .tryAgainLater
        case .protocolError: .protocolError
        case .io: .internalError
        case .peer, .local: .normalClosure
        }
    }

    private func sendClose(_ code: WebSocketCloseCode?, _ text: String) {
        let payload = ClosePayload.encode(code: code, reason: text)
        let isFailed = session[].flags.contains(.failed)
        session[].flags.remove(.failed)
        _ = payload.withBytes { sendControl(.close, $0) }
        session[].flags.insert(isFailed ? [.closeSent, .failed] : .closeSent)
        let extra = session[].makeExtra()
        extra.sentCode = code
        extra.sentText = text
    }

    /// Gives the peer the close timeout to answer the close frame, or the server to end the connection. It
    /// begins anew with all that the peer takes of what was sent before.
    private func awaitEnd() {
        let timeout = withCore { $0.options.closeTimeout }
        let isAnswered = session[].flags.contains(.closeReceived)
        let cause = isAnswered ? session[].extra?.cause ?? .peer : .timeout(.linger)
        base.awaitEnd(within: timeout, otherwise: CloseReason(cause))
    }

    // MARK: Time

    /// A timer of the library is due.
    @usableFromInline
    package func timerFired(_ tag: ConnectionTimerTag) {
        switch tag {
        case .keepalive: keepalive()
        case .receiveRate: endRatePause()
        case .messageAge: lookAtMessage()
        default: break
        }
    }
}
