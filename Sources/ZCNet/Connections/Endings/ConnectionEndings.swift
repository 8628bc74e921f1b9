import ZCLibC

/// How a loop's connections end: why, in which steps, and how long each may take.
///
/// An end is begun at any time and carried out after the callback that caused it, because what a borrowed
/// view shows must stay until then: so connections stand in a list of steps that are due (this file). What is
/// kept of a connection on its way out is a `Departure` (below).
///
/// The part knows no handlers, no output and nothing that is unread: it says what comes next, and the host
/// does it. Of a connection's slot it has `departure`, `timer`, and the flags that speak of its end.
///
/// **Threads.** The loop's. **Cost.** An end allocates nothing once as many have been under way before.
final class ConnectionEndings {
    let driver: any Driver
    let loop: EventLoop
    /// The part's own: nobody else looks behind it.
    let state: LoopOwned<State>

    struct State: ~Copyable {
        /// Connections to take a step towards their end, after the callback that is running.
        var due: [ConnectionID] = []
        /// What is kept of connections on their way out; the first place is nobody's, others are reused.
        var departures = [Departure()]
        var freeDepartures: [UInt32] = []
    }

    /// What a connection's end comes to next.
    enum Step {
        /// Nothing, until something happens.
        case wait
        /// The same, but not for longer than it may linger.
        case linger
        /// This side has said everything: what the peer still sends is thrown away until its own end.
        case readToEnd
        /// The connection is over: its socket closes, by a reset where asked.
        case finish(reset: Bool)
    }

    init(driver: any Driver, loop: EventLoop) {
        self.driver = driver
        self.loop = loop
        state = LoopOwned(allocating: State())
    }

    deinit {
        // SAFETY: the loop has ended and with it every connection; nobody refers to the state.
        state.free()
    }

    // MARK: Steps

    /// Begins an end; whether it is the first word of it. The first reason stays; a later abortive call only
    /// hurries.
    func begin(_ slot: LoopOwned<ConnectionSlot>, _ reason: CloseReason, isAbortive: Bool) -> Bool {
        if isAbortive { slot[].flags.insert(.abortive) }
        let isFirst = !slot[].flags.contains(.closing)
        if !isFirst && !isAbortive { return false }
        if isFirst {
            slot[].flags.insert(.closing)
            setReason(slot, reason)
        }
        requestStep(slot)
        return isFirst
    }

    /// Has the next step of the connection's end taken after the callback that is running.
    func requestStep(_ slot: LoopOwned<ConnectionSlot>) {
        if slot[].flags.contains(.ending) { return }
        slot[].flags.insert(.ending)
        state[].due.append(slot[].id)
    }

    /// Whether steps are due.
    @inline(__always)
    var hasDue: Bool { !state[].due.isEmpty }

    /// Calls `body` for every connection that has a step due, and for those that come to it meanwhile. Never
    /// within a callback.
    func forEachDue(_ body: (ConnectionID) -> Void) {
        var index = 0
        while index < state[].due.count {
            let id = state[].due[index]
            index += 1
            body(id)
        }
        state[].due.removeAll(keepingCapacity: true)
    }

    /// Takes a step: ends the sending direction once this side has said everything, which `isSaid` tells, and
    /// answers what comes next.
    func step(_ slot: LoopOwned<ConnectionSlot>, isSaid: Bool) -> Step {
        let flags = slot[].flags
        if flags.contains(.abortive) {
            return .finish(reset: !flags.contains(.endsSoftly) && !isPeerGone(slot))
        }
        if !isSaid { return flags.contains(.closing) ? .linger : .wait }
        if !flags.contains(.finishedSending) {
            slot[].flags.insert(.finishedSending)
            driver.finishSending(slot[].descriptor, token: slot[].id.token)
        }
        if flags.contains(.peerEnded) {
            // Both directions have ended. A half-closed connection whose handler only finished sending ends
            // here too.
            if !flags.contains(.closing) { setReason(slot, CloseReason(.peer)) }
            slot[].flags.insert(.closing)
            return .finish(reset: false)
        }
        // Why: closing a socket with unread bytes sends a reset, which may destroy output that the peer has
        // not read yet. So the peer's bytes are taken, and thrown away, until its end comes or patience runs
        // out.
        return flags.contains(.closing) ? .readToEnd : .wait
    }

    private func isPeerGone(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        guard case .io(let errno) = reason(of: slot)?.cause else { return false }
        // A file that ended early is this side's failure, and so is output that cannot be sealed: only a
        // reset keeps the peer from taking a part for all.
        return errno.rawValue != EIO && errno.rawValue != ENOKEY
    }

    // MARK: Reasons

    func setReason(_ slot: LoopOwned<ConnectionSlot>, _ reason: CloseReason) {
        state[].departures[departure(of: slot)].reason = reason
    }

    private func reason(of slot: LoopOwned<ConnectionSlot>) -> CloseReason? {
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
        cancelDeadline(slot)
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
        let payload = TimerPayload(slot[].id, tag: .connectionDeadline)
        slot[].timer = loop.schedule(payload, at: deadline).timerPlace
    }

    /// Takes the connection's deadline back, if one is set.
    func cancelDeadline(_ slot: LoopOwned<ConnectionSlot>) {
        if slot[].timer == .none { return }
        loop.cancel(slot[].timer, TimerPayload(slot[].id, tag: .connectionDeadline))
        slot[].timer = .none
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
