import ZCNet

/// Where a connection's output stood when a ping was sent behind it.
struct PingMark {
    /// How far the peer had come with it, at the last look.
    var output: OutputMark
    /// Where the ping begins.
    let pingStart: Int64
}

/// When the peer was last heard of, in four bytes; or, while the answer to a ping is waited for, when it was
/// asked. In steps of 10 ms, as timers count; differences are right for 248 days.
@frozen
@usableFromInline
package struct SignOfLife: Equatable {
    /// The steps of the loop's clock; the highest bit is set while an answer is waited for.
    @usableFromInline let rawValue: UInt32

    @inlinable @inline(__always)
    package init(heardAt time: CoarseTime) { rawValue = time.rawValue & 0x7FFF_FFFF }

    init(askedAt time: CoarseTime) { rawValue = time.rawValue | 0x8000_0000 }

    /// Whether the peer was asked and has not been heard of since.
    var isAsked: Bool { rawValue >> 31 == 1 }

    /// How long that, or the last sign, is ago.
    func age(at now: CoarseTime) -> Duration {
        CoarseTime(rawValue: (now.rawValue &- rawValue) & 0x7FFF_FFFF).since(CoarseTime(rawValue: 0))
    }
}

/// Finding out whether the peer is alive, by one timer per connection: what comes only stamps the session,
/// and the timer is set again for what the stamp says.
///
/// A ping goes out after nine tenths of the interval at the earliest and nineteen twentieths at the latest.
/// Never after the whole of it, as whoever stands between counts from the last byte that it has seen, which
/// came there earlier than here, and cuts on time; the twentieth that is left takes a step of the timers and
/// a busy turn. And not after the same time for everybody, as connections that began together would be asked
/// together for the rest of their lives.
extension Conversation {
    /// Any byte is a sign of life.
    @inlinable @inline(__always)
    package func heardFrom() { session[].life = SignOfLife(heardAt: base.turnStamp) }

    /// Starts the connection's clock.
    @usableFromInline
    package func armKeepalive() {
        guard let interval = withCore({ $0.options.pingInterval }) else { return }
        heardFrom()
        lookAfter(silence(within: interval))
    }

    private func lookAfter(_ delay: Duration) {
        session[].keepalive = base.schedule(after: delay, tag: .keepalive).timerPlace
    }

    /// How long the peer may be silent, counted from its last sign of life, before it is asked: another time
    /// for each connection and sign.
    private func silence(within interval: Duration) -> Duration {
        // Fibonacci hashing: the upper bits of the product depend on all bits of both. The place alone, as
        // the rest of the id is another in each run of a simulation.
        let seed = UInt64(base.place) ^ UInt64(session[].life.rawValue)
        let drawn = Int64((seed &* 0x9E37_79B9_7F4A_7C15) >> 48)
        let twentieth = interval.nanoseconds / 20
        return interval - .nanoseconds(twentieth + ((twentieth * drawn) >> 16))
    }

    /// After a silence the peer is asked, and then given up.
    func keepalive() {
        if !session[].flags.isDisjoint(with: [.closeSent, .failed]) { return }
        let (interval, patience) = withCore { ($0.options.pingInterval ?? .zero, $0.options.pongTimeout) }
        let now = base.turnStamp
        // What a peer sends that is not read from by choice says nothing, least of all that it is dead.
        if base.isHeldBack {
            keepPathAwake()
            return armKeepalive()
        }
        let age = session[].life.age(at: now)
        if session[].life.isAsked {
            if takesOutput() {
                session[].life = SignOfLife(askedAt: now)
                return lookAfter(patience)
            }
            let left = patience - age
            // Not at its end alone: whoever answers meanwhile is to be asked again in time.
            if left > .zero { return lookAfter(min(left, silence(within: interval))) }
            withCore { $0.metrics.add(1, to: .pingsMissed) }
            return base.end(CloseReason(.timeout(.pong)), isAbortive: true)
        }
        let left = silence(within: interval) - age
        if left > .zero { return lookAfter(left) }
        markOutput()
        _ = sendControl(.ping, RawSpan())
        session[].life = SignOfLife(askedAt: now)
        // Whoever answers at once is to be asked again in time, however patient this side is.
        lookAfter(min(patience, silence(within: interval)))
    }

    /// Sends a ping whose answer is not waited for, as the handler has paused: for whoever stands between and
    /// cuts connections on which nothing goes. Where output waits already, that will do. A peer that is held
    /// back for its rate sends more than enough, and its answers would count.
    private func keepPathAwake() {
        if !base.takesMore && base.slot[].queuedBytes == 0 { _ = sendControl(.ping, RawSpan()) }
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
