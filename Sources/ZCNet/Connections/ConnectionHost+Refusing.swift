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
        if slot[].outbound?[].isEmpty ?? true {
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
            if slot[].outbound != nil { continue }
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
        guard isShort, slot[].outbound == nil else {
            return serve(slot, .writable) { $0.writable($1) }
        }
        output.open(slot)
        serve(slot, .writable) { $0.writable($1) }
        if slot[].outbound?[].isEmpty == true { output.close(slot) }
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
