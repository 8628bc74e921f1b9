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
extension ConnectionEndings {
    /// What a look at a departing connection came to.
    enum Verdict {
        /// It is looked at again.
        case later
        /// It has stood still for too long, or its time is up.
        case over(CloseReason)
    }

    /// Why the connection will have closed if its time runs out before it closes otherwise.
    func setLateReason(_ slot: LoopOwned<ConnectionSlot>, _ reason: CloseReason) {
        state[].departures[departure(of: slot)].lateReason = reason
    }

    /// Waits until the peer has stood still for `patience`, or `limits` end it.
    ///
    /// - Parameter progress: how far the output has come; nil where none waits, and most connections are gone
    ///   before the first look: they need not pay for one now.
    func beginWait(
        _ slot: LoopOwned<ConnectionSlot>, _ patience: Duration, drainMax: Duration,
        progress: OutputProgress?
    ) {
        let place = departure(of: slot)
        // Why not the turn's time: a callback that took longer than the patience would have used it up before
        // the first look.
        let now = driver.clock.now()
        state[].departures[place].patience = patience
        state[].departures[place].limit = state[].departures[place].limit ?? now + max(patience, drainMax)
        state[].departures[place].watch = OutputWatch(at: now, acknowledged: progress?.acknowledged)
        loop.cancel(slot[].timer)
        setDeadline(slot, at: now + patience / OutputWatch.looksPerPatience)
    }

    /// Whether the connection's deadline is one of a departure.
    func isDeparting(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        slot[].departure != 0 && state[].departures[Int(slot[].departure)].limit != nil
    }

    /// Looks whether the peer has moved since the last look.
    func look(_ slot: LoopOwned<ConnectionSlot>, _ progress: OutputProgress) -> Verdict {
        let place = Int(slot[].departure)
        let now = loop.now
        let (patience, limit) = (state[].departures[place].patience, state[].departures[place].limit)
        let next = state[].departures[place].watch.look(
            progress, at: now, patience: patience, limit: limit ?? now)
        if let next {
            setDeadline(slot, at: now + next)
            return .later
        }
        // All output is with the peer, which may still be reading it: a reset could destroy it there. That
        // the peer does not end its side is its own business, and no reason of its own.
        if progress.outstanding == 0 {
            slot[].flags.insert(.endsSoftly)
        } else if slot[].flags.contains(.closing) {
            setReason(slot, CloseReason(.timeout(.linger)))
        }
        return .over(state[].departures[place].lateReason)
    }

    /// Whether a peer from which nothing comes, and for which the kernel has no room, still takes what it was
    /// sent; nil when only the next look will tell.
    func outputMoves(_ slot: LoopOwned<ConnectionSlot>, _ progress: OutputProgress) -> Bool? {
        if progress.outstanding == 0 { return false }
        let place = departure(of: slot)
        return state[].departures[place].watch.mark.hasMoved(progress)
    }

    // MARK: The connection's deadline

    /// Has the connection's deadline come at a time.
    func setDeadline(_ slot: LoopOwned<ConnectionSlot>, at deadline: MonotonicInstant) {
        slot[].timer = loop.schedule(TimerPayload(slot[].id, tag: .connectionDeadline), at: deadline)
    }

    /// One timer serves the limits of idleness, lifetime and unread bytes: it is set for the earliest, and
    /// activity only stamps the connection. When the timer comes too early for what was stamped, it is set
    /// again.
    ///
    /// - Parameter unread: how long what is unread may stay so; nil where nothing is, or no limit is set.
    func armIdle(_ slot: LoopOwned<ConnectionSlot>, idle: Duration?, lifetime: Duration?, unread: Duration?) {
        slot[].timer = .none
        let now = CoarseTime(loop.now)
        // Far enough to be none: limits are checked to be within 200 days.
        let never = Duration.seconds(1000 * 86_400)
        let left = min(
            idle.map { $0 - now.since(slot[].lastActivity) } ?? never,
            lifetime.map { $0 - now.since(slot[].openedAt) } ?? never, unread ?? never)
        if left != never { setDeadline(slot, at: loop.now + max(left, .zero)) }
    }
}
