import ZCNet

/// Time, and the end.
extension GoimLine {
    /// The library's own timers: the last of those that a handler of either transport is told of, so that an
    /// application's are below.
    @usableFromInline static var clockTag: UInt8 { 199 }
    @usableFromInline static var verdictTag: UInt8 { 198 }
    /// An application's tags end below this.
    @usableFromInline static var ownTags: UInt8 { 190 }

    func arm(_ delay: Duration) {
        base.withHost { host in
            host.cancel(session[].timer)
            session[].timer = host.schedule(base.slot, after: delay, tag: Self.clockTag)
        }
    }

    /// The handshake's or the heartbeat's time is up, unless something was heard meanwhile.
    @usableFromInline
    package func clockStruck() {
        session[].timer = .none
        if session[].flags.contains(.over) { return }
        if session[].flags.contains(.client) { return beat() }
        guard session[].flags.contains(.open), let link = session[].link else {
            return strangersClockStruck()
        }
        if base.isHeldBack {
            // Heartbeats that are not read by choice are not missed.
            session[].heardAt = base.withHost { $0.now }
        }
        let heard = session[].heardAt
        let left = base.withHost { link.heartbeatTimeout - ($0.now - heard) }
        if left > .zero {
            link.outputMark = OutputMark()
            return arm(left)
        }
        if takesOutput(link) { return arm(link.heartbeatTimeout / 4) }
        close(.heartbeatTimeout)
    }

    /// Whether blocked output keeps heartbeats from being read, and the peer is at work on it: it has taken
    /// some since the last look, or this is the first.
    func takesOutput(_ link: GoimLink) -> Bool {
        guard base.isPressed else {
            link.outputMark = OutputMark()
            return false
        }
        return link.outputMark.hasMoved(base.withHost { $0.outputProgress(base.slot) }) ?? true
    }

    /// Ends the connection in good order.
    @usableFromInline
    package func close(_ cause: GoimCloseReason.Cause) {
        if session[].flags.contains(.over) { return }
        session[].flags.insert(.over)
        let link = makeLink()
        link.cause = cause
        // Not only when the connection is over: a peer that does not end its side must not be counted online.
        retire()
        switch cause {
        case .protocolError: count(.protocolErrors)
        case .refused: count(.refused)
        case .handshakeTimeout, .heartbeatTimeout: count(.timeouts)
        default: break
        }
        if let conversation {
            let text = "\(GoimCloseReason(cause))"
            return conversation.close(cause.webSocketCode, text, cause: cause.transport)
        }
        base.withHost { $0.end(base.slot, CloseReason(cause.transport), isAbortive: false) }
    }

    /// Ends the connection for a rule that its peer broke.
    @usableFromInline
    package func fail(_ error: GoimError) { close(.protocolError(error)) }
}
