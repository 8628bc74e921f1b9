/// When nothing is received from a connection, for whatever reason, and what is shown again once it is.
extension ConnectionIntake {
    /// Receives nothing more, for one reason more.
    func pause(_ slot: LoopOwned<ConnectionSlot>, _ reason: ConnectionSlot.Flags) {
        let wasPaused = !slot[].flags.isDisjoint(with: .paused)
        slot[].flags.insert(reason)
        if !wasPaused { driver.pauseReceiving(slot[].descriptor, token: slot[].id.token) }
    }

    /// One or several reasons less; receives again when there is none.
    func resume(_ slot: LoopOwned<ConnectionSlot>, _ reasons: ConnectionSlot.Flags) {
        guard !slot[].flags.isDisjoint(with: reasons) else { return }
        slot[].flags.subtract(reasons)
        guard slot[].flags.isDisjoint(with: .paused) else { return }
        // Why first: a handler that takes a little of a lot each time would have as much received behind it
        // as there is room, until its limit of unread bytes is met, and an innocent peer is closed.
        if slot[].flags.contains(.unreadOwed) { return requestRedelivery(slot) }
        driver.resumeReceiving(slot[].descriptor, token: slot[].id.token)
    }

    // MARK: Showing again

    /// Has unread bytes shown again at the end of the turn, though nothing may have come behind them; until
    /// then nothing does.
    func requestRedelivery(_ slot: LoopOwned<ConnectionSlot>) {
        slot[].flags.remove(.unreadOwed)
        slot[].flags.insert(.pausedForUnread)
        state[].redeliveries.append(slot[].id)
    }

    /// Has bytes that a transform has not opened shown again at the end of the turn.
    func requestOpening(_ slot: LoopOwned<ConnectionSlot>) {
        pause(slot, .pausedForUnread)
        requestRedelivery(slot)
    }

    var hasRedeliveries: Bool { !state[].redeliveries.isEmpty }

    /// The connections whose unread bytes are to be shown again now.
    func takeRedeliveries() -> [ConnectionID] {
        var ids: [ConnectionID] = []
        swap(&ids, &state[].redeliveries)
        return ids
    }

    /// Whether a connection of these is to be shown its unread bytes: it has some, and is not paused once
    /// more, in which case they are owed to it again.
    func mayRedeliver(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        guard slot[].unread != nil, !slot[].flags.contains(.closing) else { return false }
        if slot[].flags.isDisjoint(with: .paused.subtracting(.pausedForUnread)) { return true }
        slot[].flags.insert(.unreadOwed)
        return false
    }

    /// Unread bytes have been shown, or owed again: receives what comes behind them, unless the callback has
    /// them shown once more, or has paused.
    func endRedelivery(_ slot: LoopOwned<ConnectionSlot>) {
        if state[].redeliveries.last == slot[].id { return }
        slot[].flags.remove(.pausedForUnread)
        if !slot[].flags.isDisjoint(with: .paused) { return }
        driver.resumeReceiving(slot[].descriptor, token: slot[].id.token)
    }

    // MARK: Without memory

    /// Whether nothing is received, by any connection, until retained chunks come back.
    var isStarving: Bool { state[].isStarving }

    func setStarving(_ isStarving: Bool) { state[].isStarving = isStarving }

    /// Has a connection wait with what it would receive.
    func starve(_ slot: LoopOwned<ConnectionSlot>) {
        pause(slot, .pausedForMemory)
        state[].starved.append(slot[].id)
    }

    /// The connections that wait for memory to receive into.
    var starved: [ConnectionID] { state[].starved }

    /// Whether there are any.
    var hasStarved: Bool { !state[].starved.isEmpty }

    /// The connections that may receive again.
    func takeStarved() -> [ConnectionID] {
        var ids: [ConnectionID] = []
        swap(&ids, &state[].starved)
        return ids
    }
}
