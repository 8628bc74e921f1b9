import ZCNet

/// How old an unfinished message may get. A message in one frame is the connection's unread bytes, whose age
/// the host looks at; one in fragments is looked at here.
extension Conversation {
    /// Whether a fragmented message is in progress.
    @inlinable @inline(__always)
    package var isInMessage: Bool { session[].flags.contains(.inMessage) }

    /// A reception has ended within a fragmented message. Whole messages never come here, and a connection
    /// has one look at a time, not one per message.
    @usableFromInline @inline(never)
    package func messageWaits() {
        // Protocols upon WebSocket may not know yet who the peer is.
        base.noteHolding()
        let options = withCore { ($0.options.messageTimeout, $0.options.deliversFragments) }
        guard let timeout = options.0, !options.1, !isOver, let extra = session[].extra else { return }
        if extra.messageSince == nil { extra.messageSince = base.now }
        if extra.messageTimer == .none { lookAtMessage(after: timeout, extra) }
    }

    private func lookAtMessage(after delay: Duration, _ extra: SessionExtra) {
        extra.messageTimer = base.schedule(after: delay, tag: .messageAge)
    }

    /// Looks whether the message in progress is too old.
    func lookAtMessage() {
        guard let extra = session[].extra, let timeout = withCore({ $0.options.messageTimeout }) else {
            return
        }
        extra.messageTimer = .none
        guard isInMessage, !isOver, let since = extra.messageSince else { return }
        let now = base.now
        // What this side does not read says nothing of the peer.
        if base.isPaused { extra.messageSince = now }
        let left = base.isPaused ? timeout : timeout - (now - since)
        if left <= .zero { failForAge() } else { lookAtMessage(after: left, extra) }
    }

    /// Ends the connection of a peer that did not finish a message in time: 1008, as it is the peer's doing
    /// and coming again later would not help.
    func failForAge() {
        let timeout =
            withCore { $0.options.messageTimeout } ?? withCore { $0.options.connection.unreadTimeout }
        let most = timeout.map { "within \($0)" } ?? "in time"
        session[].extra?.releaseMessage()
        fail(WebSocketError(.policyViolation, expected: "a whole message \(most)", got: "a part of one"))
    }
}
