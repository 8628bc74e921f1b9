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
        guard let unread = unsafe slot[].unread else {
            let isAlone = withRole(of: slot) { $0.limits.idleTimeout == nil && $0.limits.lifetimeMax == nil }
            return isAlone ? nil : most
        }
        // What this side does not read says nothing of the peer.
        if !slot[].flags.isDisjoint(with: .paused) { unsafe unread.pointee.since = now }
        return unsafe most - now.since(unread.pointee.since)
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
        if unsafe slot[].unread != nil, let left = unreadTimeLeft(slot, at: now), left <= .zero {
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
