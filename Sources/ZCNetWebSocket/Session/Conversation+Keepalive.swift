import ZCNet

/// Where a connection's output stood when a ping was sent behind it.
struct PingMark {
    /// How far the peer had come with it, at the last look.
    var output: OutputMark
    /// Where the ping begins.
    let pingStart: Int64
}

/// Finding out whether the peer is alive, by one timer per connection: what comes only stamps the session,
/// and the timer is set again for what the stamp says.
extension Conversation {
    /// The stamp while the answer to a ping is waited for.
    private static var unheard: MonotonicInstant { MonotonicInstant(nanoseconds: .min) }

    /// Any byte is a sign of life.
    @inlinable @inline(__always)
    package func heardFrom() { session[].heardAt = base.turnBegan }

    /// Starts the connection's clock.
    @usableFromInline
    package func armKeepalive() {
        guard let interval = withCore({ $0.options.pingInterval }) else { return }
        heardFrom()
        lookAfter(interval)
    }

    private func lookAfter(_ delay: Duration) {
        session[].keepalive = base.schedule(after: delay, tag: .keepalive)
    }

    /// After a silence as long as the interval the peer is asked, and then given up.
    func keepalive() {
        if !session[].flags.isDisjoint(with: [.closeSent, .failed]) { return }
        // What a peer sends that is not read from by choice says nothing, least of all that it is dead.
        if base.isHeldBack { return armKeepalive() }
        let (interval, patience) = withCore { ($0.options.pingInterval ?? .zero, $0.options.pongTimeout) }
        if session[].heardAt == Self.unheard {
            if takesOutput() { return lookAfter(patience) }
            withCore { $0.metrics.add(1, to: .pingsMissed) }
            return base.end(CloseReason(.timeout(.pong)), isAbortive: true)
        }
        let left = interval - (base.turnBegan - session[].heardAt)
        if left > .zero { return lookAfter(left) }
        markOutput()
        _ = sendControl(.ping, RawSpan())
        session[].heardAt = Self.unheard
        lookAfter(patience)
    }

    // MARK: A peer that is slow to read

    /// Notes where the output stands, before a ping. Where all of it has arrived, there is nothing to note.
    private func markOutput() {
        let progress = base.outputProgress
        session[].extra?.pingMark = nil
        if progress.outstanding == 0 { return }
        session[].makeExtra().pingMark = PingMark(
            output: OutputMark(acknowledged: progress.acknowledged),
            pingStart: progress.acknowledged + Int64(progress.outstanding))
    }

    /// Whether the peer has taken some output since the last look that explains why nothing is heard: what
    /// stands before the ping, or what keeps this side from reading.
    private func takesOutput() -> Bool {
        guard let extra = session[].extra, var mark = extra.pingMark else { return false }
        let before = mark.output.acknowledged ?? mark.pingStart
        let hasMoved = mark.output.hasMoved(base.outputProgress) == true
        extra.pingMark = mark
        return hasMoved && (before < mark.pingStart || base.isPressed)
    }
}
