/// Output that is not taken, and telling whoever was refused when trying again makes sense.
///
/// A sender that is told `full` may send nothing more until `onWritable` comes: so it comes, or the
/// connection ends. Where output waits, it comes once that has fallen to the low watermark. Where none does,
/// memory was short, and nothing that happens on this connection would tell: the host looks whether there is
/// room now, every 10 ms, and after a second says so in any case, as others may have to make room by then
/// that need not before. What could never be taken is told at once, see `SendResult.tooLarge`.
extension ConnectionHost {
    /// Refuses bytes for which there is no room, or no memory, as the connection's policy says.
    package func overflow(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) -> SendResult {
        metrics.add(1, to: .overflows)
        defer { observer?.connectionOverflowed(slot[].id, bytes: count, policy: slot[].policy) }
        switch slot[].policy {
        case .signal, .conflate: break
        case .dropNewest: metrics.add(1, to: .droppedMessages)
        case .close:
            end(slot, CloseReason(.overflow), isAbortive: true)
            return .full
        }
        if count > Int(slot[].outboundBytesMax) { return .tooLarge }
        // Where nothing waits, it was memory that was short.
        if unsafe slot[].outbound?.pointee.isEmpty ?? true {
            let bytes =
                buffers.pool.capacity(for: max(count, Outbound.bufferBytesMin)) + Outbound.placeBytesMin
            if !buffers.couldHold(bytes) { return .tooLarge }
            waitForMemory(slot, bytes)
        }
        slot[].flags.insert(.writableOwed)
        return .full
    }

    // MARK: Waiting for memory

    /// How often those who wait are looked at.
    private static let memoryLook = Duration.milliseconds(10)

    private func waitForMemory(_ slot: LoopOwned<ConnectionSlot>, _ bytes: Int) {
        state[].refused.add(slot[].id, bytes, since: turn[].now)
        if state[].refused.isLookedAt { return }
        state[].refused.isLookedAt = true
        lookForMemory()
    }

    private func lookForMemory() {
        _ = schedule(after: Self.memoryLook) { [unowned self] in
            tellRefused()
            state[].refused.isLookedAt = !state[].refused.isEmpty
            if state[].refused.isLookedAt { lookForMemory() }
        }
    }

    /// Tells those for whom there is room now; the others go on waiting.
    private func tellRefused() {
        for wait in state[].refused.takeAll() {
            guard let slot = find(wait.id), slot[].flags.contains(.writableOwed),
                slot[].flags.isDisjoint(with: [.closing, .connecting])
            else { continue }
            // Something was sent meanwhile, and when it has left, that is told.
            if unsafe slot[].outbound != nil { continue }
            // Why after a while in any case: who is quiet has to go for whoever asks, see `makeRoom`, so that
            // asking again may do what waiting does not.
            let isLong = turn[].now.since(wait.since) >= Self.quietTime
            guard isLong || buffers.hasFree(wait.bytes) else {
                state[].refused.add(wait.id, wait.bytes, since: wait.since)
                continue
            }
            tellWritable(slot)
        }
        finishEnding()
    }

    // MARK: Telling

    /// Tells a sender that trying again makes sense.
    ///
    /// What a callback sends is taken without asking for memory, as the kernel takes it when the callback
    /// ends; and if the kernel takes a part and there is no memory for the rest, the connection has to end.
    /// Who was told to try again must not meet that: where memory is short, what it sends is queued, and so
    /// refused again where it does not fit.
    func tellWritable(_ slot: LoopOwned<ConnectionSlot>) {
        slot[].flags.remove(.writableOwed)
        // The rest of a cork is copied to buffers of up to twice its size.
        let isShort = !buffers.hasFree(2 * output.corkBytes)
        guard isShort, unsafe slot[].outbound == nil else {
            return serve(slot, .writable) { $0.writable($1) }
        }
        unsafe output.open(slot)
        serve(slot, .writable) { $0.writable($1) }
        if unsafe slot[].outbound?.pointee.isEmpty == true { output.close(slot) }
    }
}

/// Connections that were refused memory, in the order in which they asked, and how much each needs.
struct MemoryWaits {
    struct Wait {
        let id: ConnectionID
        /// The least that it was refused.
        var bytes: Int
        let since: CoarseTime
    }

    private var waits: [Wait] = []
    private var places: [ConnectionID: Int] = [:]
    /// A timer is set for the next look.
    var isLookedAt = false

    var isEmpty: Bool { waits.isEmpty }

    /// Adds a connection, or what it was refused, if that is less than before.
    mutating func add(_ id: ConnectionID, _ bytes: Int, since: CoarseTime) {
        if let place = places[id] {
            waits[place].bytes = min(waits[place].bytes, bytes)
        } else {
            places[id] = waits.count
            waits.append(Wait(id: id, bytes: bytes, since: since))
        }
    }

    mutating func takeAll() -> [Wait] {
        defer {
            waits = []
            places = [:]
        }
        return waits
    }
}

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
        if unsafe slot[].unread != nil || slot[].outbound != nil { noteHolding(slot) }
    }

    /// The peer has said who it is, or what it wants: the connection is one like others.
    package func treatAsKnown(_ slot: LoopOwned<ConnectionSlot>) { slot[].flags.remove(.stranger) }

    /// A connection is about to hold memory, or does. Called for buffers by the host, for what protocol
    /// layers hold by these. O(1); allocates at times.
    package func noteHolding(_ slot: LoopOwned<ConnectionSlot>) {
        guard slot[].flags.contains(.stranger), !slot[].flags.contains(.inStrangerRow) else { return }
        slot[].flags.insert(.inStrangerRow)
        if state[].strangers.isOvergrown(staying: state[].table.count) {
            var row = ArrivalRow<ConnectionID>()
            swap(&row, &state[].strangers)
            row.clear { find($0) == nil }
            swap(&row, &state[].strangers)
        }
        state[].strangers.append(slot[].id)
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
