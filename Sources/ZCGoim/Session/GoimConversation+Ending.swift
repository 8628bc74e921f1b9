import ZCNet

/// Time, and the end.
extension GoimConversation {
    func arm(_ delay: Duration) {
        base.cancel(session[].timer)
        session[].timer = base.schedule(after: delay, tag: .heartbeat)
    }

    /// The handshake's or the heartbeat's time is up, unless something was heard meanwhile.
    @usableFromInline
    package func clockStruck() {
        session[].timer = .none
        if session[].flags.contains(.over) { return }
        if session[].flags.contains(.client) { return beat() }
        guard session[].flags.contains(.open), let handle = session[].handle else {
            return strangersClockStruck()
        }
        if base.isHeldBack {
            // Heartbeats that are not read by choice are not missed.
            session[].heardAt = base.now
        }
        let heard = session[].heardAt
        let left = handle.heartbeatTimeout - (base.now - heard)
        if left > .zero {
            handle.outputMark = OutputMark()
            return arm(left)
        }
        if takesOutput(handle) { return arm(handle.heartbeatTimeout / 4) }
        close(.heartbeatTimeout)
    }

    /// Whether blocked output keeps heartbeats from being read, and the peer is at work on it: it has taken
    /// some since the last look, or this is the first.
    func takesOutput(_ handle: GoimHandle) -> Bool {
        guard base.isPressed else {
            handle.outputMark = OutputMark()
            return false
        }
        return handle.outputMark.hasMoved(base.outputProgress) ?? true
    }

    /// Ends the connection in good order.
    @usableFromInline
    package func close(_ cause: GoimCloseReason.Cause) {
        if session[].flags.contains(.over) { return }
        session[].flags.insert(.over)
        let handle = makeHandle()
        handle.cause = cause
        // Not only when the connection is over: a peer that does not end its side must not be counted online.
        retire()
        switch cause {
        case .protocolError: count(.protocolErrors)
        case .refused: count(.refused)
        case .handshakeTimeout, .heartbeatTimeout: count(.timeouts)
        default: break
        }
        if let webSocket {
            let text = "\(GoimCloseReason(cause))"
            return webSocket.close(cause.webSocketCode, text, cause: cause.transport)
        }
        base.end(CloseReason(cause.transport), isAbortive: false)
    }

    /// Ends the connection for a rule that its peer broke.
    @usableFromInline
    package func fail(_ error: GoimError) { close(.protocolError(error)) }
}
