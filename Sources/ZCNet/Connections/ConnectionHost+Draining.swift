/// How far a connection's output has come with its peer.
package struct OutputProgress {
    /// How many bytes the peer has acknowledged; only differences mean something.
    package let acknowledged: Int64
    /// How many it has not, wherever they are.
    package let outstanding: Int
}

/// How far a peer had come with the output when somebody last looked.
package struct OutputMark {
    /// Nil before the first look.
    package private(set) var acknowledged: Int64?

    package init(acknowledged: Int64? = nil) { self.acknowledged = acknowledged }

    /// Looks once more: whether some output was acknowledged since the last look; nil at the first.
    package mutating func hasMoved(_ progress: OutputProgress) -> Bool? {
        defer { acknowledged = progress.acknowledged }
        return acknowledged.map { progress.acknowledged > $0 }
    }
}

/// Looks at how far output has come, one after the other, by which a peer that reads steadily is told from
/// one that stands still.
package struct OutputWatch {
    /// How many looks a standstill is found out by.
    package static let looksPerPatience = 8

    /// How far the peer had come at the last look.
    var mark: OutputMark
    /// When it was last seen to move, or the watch began.
    private var movedAt: MonotonicInstant

    package init(at now: MonotonicInstant, acknowledged: Int64? = nil) {
        movedAt = now
        mark = OutputMark(acknowledged: acknowledged)
    }

    /// Looks once more. Answers when to look again, or nil where the output has stood still for all of
    /// `patience`, or `limit` has come. A first look takes whatever is outstanding for a sign of life.
    package mutating func look(
        _ progress: OutputProgress, at now: MonotonicInstant, patience: Duration, limit: MonotonicInstant
    ) -> Duration? {
        if mark.hasMoved(progress) ?? (progress.outstanding > 0) { movedAt = now }
        let left = min(movedAt + patience, limit) - now
        if left <= .zero { return nil }
        return progress.outstanding == 0 ? left : min(left, patience / Self.looksPerPatience)
    }
}

/// What is kept of a connection on its way out: why it goes, and how far its peer has come with the output.
/// One that was only suspected of idleness has a place, too.
struct Departure {
    /// Why it closes; nil while only its protocol has said goodbye.
    var reason: CloseReason?
    /// Why it will have closed if its time runs out before it closes otherwise.
    var lateReason = CloseReason(.timeout(.linger))
    /// How long it may stand still.
    var patience = Duration.zero
    /// When it must be gone, however steadily its peer reads on; nil until somebody waits.
    var limit: MonotonicInstant?
    /// How far the peer has come with the output.
    var watch = OutputWatch(at: .zero)
}

/// Waiting for what a connection that is to end has still to say, and for its peer's own end.
///
/// A time limit from the beginning of a close would cut off a peer that reads steadily, and with it bytes
/// that were accepted. So patience is with standstill: it begins anew whenever the peer has acknowledged some
/// of the output, as far as looks at it show, of which there are eight per patience. `drainTimeoutMax` bounds
/// all of that, for peers that read a byte now and then.
extension ConnectionHost {
    /// A protocol has said its last word and waits for its peer's, which is read to the end for that: unless
    /// the connection ends before, it is ended with `reason` once its peer has stood still for `patience`.
    package func awaitEnd(
        _ slot: LoopOwned<ConnectionSlot>, within patience: Duration, otherwise reason: CloseReason
    ) {
        state[].departures[departure(of: slot)].lateReason = reason
        readToEnd(slot)
        beginWait(slot, patience)
    }

    /// Bounds what is left of a connection that closes; once.
    func armLinger(_ slot: LoopOwned<ConnectionSlot>) {
        if slot[].flags.contains(.lingering) { return }
        slot[].flags.insert(.lingering)
        beginWait(slot, withRole(of: slot) { $0.limits.lingerTimeout })
    }

    /// How far the connection's output has come with its peer. Calls the kernel, once.
    package func outputProgress(_ slot: LoopOwned<ConnectionSlot>) -> OutputProgress {
        let waiting = unsafe slot[].outbound?.pointee.byteCount ?? 0
        let unacknowledged = driver.unacknowledgedBytes(of: slot[].descriptor, token: slot[].id.token)
        return OutputProgress(
            acknowledged: Int64(clamping: slot[].bytesOut) - Int64(unacknowledged),
            outstanding: waiting + unacknowledged)
    }

    /// The place of what is kept of a departing connection, taken if need be.
    func departure(of slot: LoopOwned<ConnectionSlot>) -> Int {
        if slot[].departure != 0 { return Int(slot[].departure) }
        if let free = state[].freeDepartures.popLast() {
            slot[].departure = free
        } else {
            state[].departures.append(Departure())
            slot[].departure = UInt32(state[].departures.count - 1)
        }
        return Int(slot[].departure)
    }

    private func beginWait(_ slot: LoopOwned<ConnectionSlot>, _ patience: Duration) {
        let place = departure(of: slot)
        // Why not the turn's time: a callback that took longer than the patience would have used it up before
        // the first look.
        let now = driver.clock.now()
        let limit = now + max(patience, withRole(of: slot) { $0.limits.drainTimeoutMax })
        let isBlocked = unsafe slot[].outbound != nil
        state[].departures[place].patience = patience
        state[].departures[place].limit = state[].departures[place].limit ?? limit
        // Most connections are gone before the first look: they need not pay for one now.
        let acknowledged = isBlocked ? outputProgress(slot).acknowledged : nil
        state[].departures[place].watch = OutputWatch(at: now, acknowledged: acknowledged)
        loop.cancel(slot[].timer)
        lookAgain(slot, at: now + patience / OutputWatch.looksPerPatience)
    }

    func lookLater(_ slot: LoopOwned<ConnectionSlot>, after delay: Duration) {
        lookAgain(slot, at: loop.now + delay)
    }

    private func lookAgain(_ slot: LoopOwned<ConnectionSlot>, at deadline: MonotonicInstant) {
        slot[].timer = loop.schedule(TimerPayload(slot[].id, tag: .connectionDeadline), at: deadline)
    }

    /// Whether the connection's deadline is one of a departure.
    func isDeparting(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        slot[].departure != 0 && state[].departures[Int(slot[].departure)].limit != nil
    }

    /// Looks whether the peer has moved since the last look, and ends the connection when it has not for too
    /// long.
    func lookAtDeparture(_ slot: LoopOwned<ConnectionSlot>) {
        let place = Int(slot[].departure)
        let now = loop.now
        let progress = outputProgress(slot)
        let (patience, limit) = (state[].departures[place].patience, state[].departures[place].limit)
        let next = state[].departures[place].watch.look(
            progress, at: now, patience: patience, limit: limit ?? now)
        guard let next else { return timeIsUp(slot, isDelivered: progress.outstanding == 0) }
        lookLater(slot, after: next)
    }

    private func timeIsUp(_ slot: LoopOwned<ConnectionSlot>, isDelivered: Bool) {
        // All output is with the peer, which may still be reading it: a reset could destroy it there. That
        // the peer does not end its side is its own business, and no reason of its own.
        if isDelivered { slot[].flags.insert(.endsSoftly) }
        let isClosing = slot[].flags.contains(.closing)
        if isClosing && !isDelivered { setReason(slot, CloseReason(.timeout(.linger))) }
        end(slot, state[].departures[Int(slot[].departure)].lateReason, isAbortive: true)
    }

    /// Whether a peer from which nothing comes, and for which the kernel has no room, still takes what it was
    /// sent; nil when only the next look will tell.
    func outputMoves(_ slot: LoopOwned<ConnectionSlot>) -> Bool? {
        let progress = outputProgress(slot)
        if progress.outstanding == 0 { return false }
        let place = departure(of: slot)
        return state[].departures[place].watch.mark.hasMoved(progress)
    }

    // MARK: Reasons

    func setReason(_ slot: LoopOwned<ConnectionSlot>, _ reason: CloseReason) {
        state[].departures[departure(of: slot)].reason = reason
    }

    func reason(of slot: LoopOwned<ConnectionSlot>) -> CloseReason? {
        state[].departures[Int(slot[].departure)].reason
    }

    /// Gives the place back: the connection is gone.
    func takeReason(_ slot: LoopOwned<ConnectionSlot>) -> CloseReason {
        let place = slot[].departure
        guard place > 0 else { return CloseReason(.local) }
        let reason = state[].departures[Int(place)].reason ?? CloseReason(.local)
        state[].departures[Int(place)] = Departure()
        state[].freeDepartures.append(place)
        slot[].departure = 0
        return reason
    }
}
