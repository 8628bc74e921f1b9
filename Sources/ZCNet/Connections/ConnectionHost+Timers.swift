import ZCLibC

/// Every tag of a timer that the library sets for itself, so that no two of them meet. An application's tags
/// are below.
///
/// A layer keeps those that it knows and passes the others on, from the loop up: who knows more about a
/// connection has the smaller tags.
extension ConnectionTimerTag {
    /// From here on tags serve the library on every connection.
    @inlinable package static var libraryBegin: UInt8 { 200 }
    /// From here on tags serve the library where a session above the transport has handlers of its own.
    @inlinable package static var sessionBegin: UInt8 { 190 }

    // A session above the transport.

    /// The time that a task of such a session has given something.
    @inlinable package static var sessionLink: ConnectionTimerTag { ConnectionTimerTag(library: 197) }
    /// The application has decided elsewhere about a peer.
    @inlinable package static var verdict: ConnectionTimerTag { ConnectionTimerTag(library: 198) }
    /// The handshake's time, or the heartbeat's.
    @inlinable package static var heartbeat: ConnectionTimerTag { ConnectionTimerTag(library: 199) }

    // A conversation, and what comes before one.

    /// The time for a ping, or for its answer.
    package static var keepalive: ConnectionTimerTag { ConnectionTimerTag(library: 200) }
    /// The time for a handshake, a request or an answer.
    package static var handshake: ConnectionTimerTag { ConnectionTimerTag(library: 202) }
    /// The end of a pause of a peer that had used up its rate.
    package static var receiveRate: ConnectionTimerTag { ConnectionTimerTag(library: 203) }
    /// The time for the rest of a message.
    package static var messageAge: ConnectionTimerTag { ConnectionTimerTag(library: 204) }
    /// The time that a link's task has given something.
    package static var link: ConnectionTimerTag { ConnectionTimerTag(library: 205) }
}

extension TimerPayload {
    /// The loop's own, which no handler is told of.
    enum Tag: UInt8 {
        case connectionDeadline = 250
        case listenerRetry = 251
        case task = 252
        case shutdownDeadline = 253
        case idleBuffers = 254
    }
}

extension TimerPayload {
    /// A timer of a connection. The id's loop bits, which are known here, make room for the tag.
    init(_ id: ConnectionID, tag: UInt8) {
        self.init(rawValue: id.rawValue & ~ConnectionID.loopMask | UInt64(tag) << 22)
    }

    init(_ id: ConnectionID, tag: Tag) { self.init(id, tag: tag.rawValue) }

    init(_ tag: Tag, number: UInt32) {
        self.init(rawValue: UInt64(number) << 32 | UInt64(tag.rawValue) << 22)
    }

    var tag: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 22) }

    var number: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }

    func connectionID(loop number: Int) -> ConnectionID {
        ConnectionID(rawValue: rawValue & ~ConnectionID.loopMask | UInt64(number) << 22)
    }
}

extension ConnectionHost {
    package func timerExpired(_ payload: TimerPayload, id: TimerID) {
        metrics.add(1, to: .timersFired)
        switch TimerPayload.Tag(rawValue: payload.tag) {
        case .connectionDeadline:
            if let slot = find(payload.connectionID(loop: loop.number).token) { deadlinePassed(slot) }
        case .listenerRetry: resumeListener(payload.number)
        case .task: runTask(id)
        case .shutdownDeadline: break  // The turn that it wakes does the work.
        case .idleBuffers:
            buffers.freeUnused()
            driver.freeUnused()
        case nil:
            guard let slot = find(payload.connectionID(loop: loop.number).token),
                !slot[].flags.contains(.closing)
            else { break }
            serve(slot, .timer) { $0.timerFired($1, ConnectionTimerTag(library: payload.tag)) }
        }
        finishEnding()
    }

    package func schedule(
        _ slot: LoopOwned<ConnectionSlot>, after delay: Duration, tag: ConnectionTimerTag
    ) -> TimerID {
        loop.schedule(TimerPayload(slot[].id, tag: tag.rawValue), at: loop.now + delay)
    }

    /// Has idle buffers looked at in a while. Their timer is there only while there are any: a loop that has
    /// come to rest is not woken.
    func scheduleLookAtBuffers() {
        buffers.willLook()
        let due = loop.now + ConnectionBuffers.freeingPeriod
        _ = loop.schedule(TimerPayload(.idleBuffers, number: 0), at: due)
    }

    // MARK: A connection's own deadline

    /// Sets the connection's timer for the earliest of its limits.
    func armIdle(_ slot: LoopOwned<ConnectionSlot>) {
        let unread = unreadTimeLeft(slot, at: CoarseTime(loop.now))
        withRole(of: slot) { role in
            endings.armIdle(
                slot, idle: role.limits.idleTimeout, lifetime: role.limits.lifetimeMax, unread: unread)
        }
    }

    /// How long what is unread may stay so; nil where nothing is, or no limit is set. Where another limit has
    /// a timer, nothing unread is looked for as often as something is given time.
    private func unreadTimeLeft(_ slot: LoopOwned<ConnectionSlot>, at now: CoarseTime) -> Duration? {
        guard let most = withRole(of: slot, { $0.limits.unreadTimeout }) else { return nil }
        guard let unread = slot[].unread else {
            let isAlone = withRole(of: slot) { $0.limits.idleTimeout == nil && $0.limits.lifetimeMax == nil }
            return isAlone ? nil : most
        }
        // What this side does not read says nothing of the peer.
        if !slot[].flags.isDisjoint(with: .paused) { unread[].since = now }
        return most - now.since(unread[].since)
    }

    private func deadlinePassed(_ slot: LoopOwned<ConnectionSlot>) {
        slot[].timer = .none
        if slot[].flags.contains(.connecting) { return connectFailed(slot, .timedOut) }
        if endings.isDeparting(slot) {
            if case .over(let reason) = endings.look(slot, outputProgress(slot)) {
                end(slot, reason, isAbortive: true)
            }
            return
        }
        let limits = role(of: slot).limits
        let now = CoarseTime(loop.now)
        if let lifetime = limits.lifetimeMax, now.since(slot[].openedAt) >= lifetime {
            return leave(slot, CloseReason(.timeout(.lifetime)))
        }
        if slot[].unread != nil, let left = unreadTimeLeft(slot, at: now), left <= .zero {
            return leave(slot, CloseReason(.timeout(.message)))
        }
        if let idle = limits.idleTimeout, now.since(slot[].lastActivity) >= idle {
            switch endings.outputMoves(slot, outputProgress(slot)) {
            case nil:
                return endings.setDeadline(slot, at: loop.now + idle / OutputWatch.looksPerPatience)
            case false?: return leave(slot, CloseReason(.timeout(.idle)))
            case true?: slot[].lastActivity = now
            }
        }
        armIdle(slot)
    }
}

extension ConnectionHost {
    /// What a callback was watched with: readings from before it, as the settings ask for.
    struct Watch {
        fileprivate let coarse: Int64
        fileprivate let exact: MonotonicInstant
    }

    /// Begins to watch a callback. The coarse clock is a load from a page that the kernel shares: good enough
    /// to notice a loop that is held up, cheap enough for every callback.
    @inline(__always)
    func startWatch() -> Watch {
        Watch(
            coarse: watchesSlowness ? Self.coarseNanoseconds() : 0,
            exact: isTraced ? driver.clock.now() : .zero)
    }

    @inline(__always)
    func endWatch(_ watch: Watch, _ slot: LoopOwned<ConnectionSlot>, _ kind: CallbackKind, bytes: Int = 0) {
        if watchesSlowness {
            let took = Self.coarseNanoseconds() - watch.coarse
            if took >= slowCallbackNanoseconds { reportSlow(slot, took) }
        }
        if isTraced { trace(watch, slot, kind, bytes) }
    }

    /// Runs a generation of the jobs of tasks: no connection is named where one is slow, as a task may have
    /// any.
    package func run(_ lane: LoopLane) {
        lane.runGeneration { job in
            let begin = watchesSlowness ? Self.coarseNanoseconds() : 0
            job()
            if !watchesSlowness { return }
            let took = Self.coarseNanoseconds() - begin
            if took >= slowCallbackNanoseconds { reportSlow(nil, took) }
        }
        finishEnding()
    }

    private func reportSlow(_ slot: LoopOwned<ConnectionSlot>?, _ nanoseconds: Int64) {
        metrics.recordSlowCallback(nanoseconds: Int(nanoseconds))
        observer?.callbackWasSlow(slot?[].id, loop: loop.index, took: .nanoseconds(nanoseconds))
    }

    private func trace(_ watch: Watch, _ slot: LoopOwned<ConnectionSlot>, _ kind: CallbackKind, _ bytes: Int)
    {
        let took = driver.clock.now() - watch.exact
        metrics.recordCallback(nanoseconds: Int(took.nanoseconds))
        tracer?.callbackRan(slot[].id, kind, bytes: bytes, took: took)
    }

    @inline(__always)
    private static func coarseNanoseconds() -> Int64 {
        let time = SystemCalls.time(of: CLOCK_MONOTONIC_COARSE)
        return time.seconds * 1_000_000_000 + time.nanoseconds
    }
}

extension ConnectionHost {
    /// Work that waits for its time on the loop, under the id of its timer.
    typealias LoopTasks = [TimerID: () -> Void]

    /// Runs `task` on this loop after `delay`; from the loop's thread. Allocates.
    package func schedule(after delay: Duration, _ task: @escaping () -> Void) -> TimerID {
        let id = loop.schedule(TimerPayload(.task, number: 0), at: loop.now + delay)
        state[].tasks[id] = task
        return id
    }

    /// Cancels a timer of a connection or of a task; what a task would have kept alive goes with it.
    package func cancel(_ timer: TimerID) {
        loop.cancel(timer)
        if !state[].tasks.isEmpty { state[].tasks[timer] = nil }
    }

    /// Has work done in the loop's next turn, which then does not wait for anything else.
    package func nextTurn(_ work: @escaping @Sendable (ConnectionHost) -> Void) {
        siblings.post(to: loop.index, isControl: true, work)
    }

    func runTask(_ id: TimerID) {
        guard let task = state[].tasks.removeValue(forKey: id) else { return }
        task()
    }
}
