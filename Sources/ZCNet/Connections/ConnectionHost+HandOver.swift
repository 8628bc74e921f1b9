/// One connection, several protocols in turn: a role hands it over to another, as an HTTP upgrade does.
extension ConnectionHost {
    /// Gives the connection to another role of the same server, and calls its `opened`.
    ///
    /// Called from within a callback of the old role, whose state is gone when this returns. Limits are the
    /// new role's from here on, which says again if the peer is still a stranger; what was sent before leaves
    /// first.
    package func handOver(_ slot: LoopOwned<ConnectionSlot>, to number: UInt16) {
        role(of: slot).dispose(base(slot))
        slot[].role = number
        treatAsKnown(slot)
        let next = role(of: slot)
        apply(next.limits, to: slot)
        loop.cancel(slot[].timer)
        armIdle(slot)
        next.prepare(base(slot))
        next.opened(base(slot))
    }

    /// Lends the last `count` bytes of what the running callback was lent to the role that has the connection
    /// now.
    package func deliverRest(_ slot: LoopOwned<ConnectionSlot>, _ chunk: borrowing ReceivedChunk) {
        if chunk.isEmpty || slot[].flags.contains(.closing) { return }
        withRole(of: slot) { $0.received(base(slot), chunk) }
    }

    /// Runs work with a connection's state; not within one of its callbacks. What the work sends leaves at
    /// the end of the turn.
    package func withState(
        _ slot: LoopOwned<ConnectionSlot>, _ work: (ConnectionBase, StatePlace) -> Void
    ) {
        if slot[].flags.contains(.connecting) { return }
        let base = base(slot)
        work(base, withRole(of: slot) { $0.statePlace(base) })
    }

    /// Takes a role's limits over into the connection's own.
    func apply(_ limits: ConnectionLimits, to slot: LoopOwned<ConnectionSlot>) {
        slot[].policy = limits.overflowPolicy
        slot[].outboundBytesMax = UInt32(clamping: limits.outboundBytesMax)
        if limits.pausesReadingUnderPressure {
            slot[].flags.insert(.pausesUnderPressure)
        } else {
            slot[].flags.remove(.pausesUnderPressure)
        }
    }

    // MARK: Bytes left unread during a pause

    /// Has unread bytes shown again at the end of the turn, though nothing may have come behind them; until
    /// then nothing does.
    func requestRedelivery(_ slot: LoopOwned<ConnectionSlot>) {
        slot[].flags.remove(.unreadOwed)
        slot[].flags.insert(.pausedForUnread)
        state[].redeliveries.append(slot[].id)
    }

    /// Shows what was left unread when a handler paused, now that it has resumed, and receives again unless
    /// it has paused once more.
    func redeliver() {
        if state[].redeliveries.isEmpty { return }
        var ids: [ConnectionID] = []
        swap(&ids, &state[].redeliveries)
        for id in ids {
            guard let slot = find(id) else { continue }
            let isPausedAgain = !slot[].flags.isDisjoint(with: .paused.subtracting(.pausedForUnread))
            let hasUnread = unsafe slot[].unread != nil && !slot[].flags.contains(.closing)
            if isPausedAgain && hasUnread {
                slot[].flags.insert(.unreadOwed)
            } else if hasUnread {
                state[].unreadRequest = 0
                deliverUnread(slot, count: 0)
                state[].cork.lentStart = 0
                state[].cork.lentEnd = 0
            }
            // The callback may have closed the connection, or have bytes shown once more.
            guard let slot = find(id), state[].redeliveries.last != id else { continue }
            slot[].flags.remove(.pausedForUnread)
            if !slot[].flags.isDisjoint(with: .paused) { continue }
            driver.resumeReceiving(slot[].descriptor, token: slot[].id.token)
        }
    }
}
