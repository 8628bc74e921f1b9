/// Strangers: connections whose peers have not said yet what they want, or who they are. No handshake or
/// authentication of theirs is complete, or it was refused.
///
/// Anybody can open thousands of them, and have each hold a little less than what makes it the largest. So
/// where memory is short they go before anybody else does, whatever each holds, and they make nobody else go.
/// Who began to hold memory first goes first: a stranger then keeps what it holds for as long as it takes
/// others to send as much as there is memory, and a newcomer, who needs little of it and for a moment, gets
/// in.
///
/// A role says which of its connections are strangers, and until when; being handed over to another role ends
/// it. The host keeps those that hold memory in a row, which they enter where memory is taken and never on
/// the way of a message. Finding the next to go is O(1) on average: each place in the row is passed once.
extension ConnectionHost {
    /// Has a connection's memory taken back before that of all others.
    package func treatAsStranger(_ slot: LoopOwned<ConnectionSlot>) {
        slot[].flags.insert(.stranger)
        if slot[].unread != nil || slot[].outbound != nil { noteHolding(slot) }
    }

    /// The peer has said who it is, or what it wants: the connection is one like others.
    package func treatAsKnown(_ slot: LoopOwned<ConnectionSlot>) { slot[].flags.remove(.stranger) }

    /// A connection is about to hold memory, or does. Called for buffers by the host, for what protocol
    /// layers hold by these. O(1); allocates at times.
    package func noteHolding(_ slot: LoopOwned<ConnectionSlot>) {
        guard slot[].flags.contains(.stranger), !slot[].flags.contains(.inStrangerRow) else { return }
        slot[].flags.insert(.inStrangerRow)
        if state[].strangers.isOvergrown() {
            var row = ArrivalRow<ConnectionID>()
            swap(&row, &state[].strangers)
            row.clear { hasLeftStrangers($0) }
            swap(&row, &state[].strangers)
        }
        state[].strangers.append(slot[].id)
    }

    /// Whether a connection of the row has ended, or is no stranger any more.
    private func hasLeftStrangers(_ id: ConnectionID) -> Bool {
        guard let slot = find(id) else { return true }
        if slot[].flags.contains(.stranger) { return false }
        slot[].flags.remove(.inStrangerRow)
        return true
    }

    // MARK: Places

    /// Ends a stranger while all places of its server are taken, unless it is taking an answer; whether it
    /// did. Protocol layers ask once in each `crowdedTime`.
    func turnOutWhereFull(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        guard slot[].flags.contains(.stranger), withRole(of: slot, { $0.service?.isFull }) == true,
            outputProgress(slot).outstanding == 0
        else { return false }
        turnOut(slot)
        return true
    }

    /// Resets a stranger for others, who need its place.
    func turnOut(_ slot: LoopOwned<ConnectionSlot>) {
        doors.turnedAway(slot[].peer.socketAddress, .handshakesMax)
        end(slot, CloseReason(.timeout(.handshake)), isAbortive: true)
    }

    // MARK: Memory

    /// Ends strangers that hold memory until there is enough of it, those first that began to hold it first.
    ///
    /// They are reset: a goodbye to each would cost what they are ended for.
    ///
    /// - Parameter besides: a connection that is not to be ended; beside the one whose callback is running.
    func endStrangers(_ besides: ConnectionID?, until isEnough: () -> Bool) {
        let running = output.running
        var passed: [ConnectionID] = []
        while !isEnough(), let id = state[].strangers.takeFirst() {
            if id == running || id == besides {
                passed.append(id)
            } else if let slot = find(id) {
                slot[].flags.remove(.inStrangerRow)
                // Who has let go of everything enters the row again when it holds something.
                let held = slot[].flags.contains(.stranger) ? memoryHeld(slot) : 0
                if held > 0 { evict(slot, held: held, isTold: false) }
            }
        }
        for id in passed.reversed() { state[].strangers.putBack(id) }
    }
}
