import ZCLibC

/// How a loop's connections end: why, in which steps, and how long each may take.
///
/// An end is begun at any time and carried out after the callback that caused it, because what a borrowed
/// view shows must stay until then: so connections stand in a list of steps that are due (this file). What is
/// kept of a connection on its way out is a `Departure` (`+Waiting`).
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
        /// It is over.
        case finish(reset: Bool)
    }

    init(driver: any Driver, loop: EventLoop) {
        self.driver = driver
        self.loop = loop
        let memory = UnsafeMutablePointer<State>.allocate(capacity: 1)
        unsafe memory.initialize(to: State())
        state = unsafe LoopOwned(memory)
    }

    deinit {
        // SAFETY: the loop has ended and with it every connection; nobody refers to the state.
        unsafe state.address.deinitialize(count: 1)
        unsafe state.address.deallocate()
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
