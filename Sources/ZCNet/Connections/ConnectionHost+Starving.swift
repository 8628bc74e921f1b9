/// Chunks that handlers, on any thread, have retained a part of.
///
/// `retain()` cannot fail, so what it may keep is bounded before: beyond half of the loop's memory nothing
/// more is received, by any connection of the loop, until enough has come back. What closing connections
/// receive is thrown away, and so needs no memory.
///
/// A handler may keep what a connection sent until that is over, which is not seen where nothing is received.
/// So the host asks for the ends of those that wait, once a second, and ends who has left: what such a peer
/// sent last is not received any more.
extension ConnectionHost {
    /// How often a loop that receives nothing looks whether chunks have come back: other threads let go of
    /// them without a word.
    private static let starvedLook = Duration.milliseconds(10)

    /// Brings the books up to what handlers, on any thread, have retained and let go.
    func settleChunks() {
        let held = intake.retainedBytes + driver.retainedBytes
        if held != budget[.chunks] { budget.charge(held - budget[.chunks], for: .chunks) }
        intake.setStarving(held > budget.bytesMax / 2)
    }

    /// Whether a connection has to wait with what it would receive.
    @inline(__always)
    func isStarving(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        intake.isStarving && !slot[].flags.contains(.closing)
    }

    /// Has a connection wait with what it would receive.
    func starve(_ slot: LoopOwned<ConnectionSlot>) {
        metrics.add(1, to: .memoryPauses)
        intake.starve(slot)
        if state[].starvation.isLookedAt { return }
        state[].starvation.isLookedAt = true
        state[].starvation.endsSeenAt = turn[].now
        lookForChunks()
    }

    private func lookForChunks() {
        _ = schedule(after: Self.starvedLook) { [unowned self] in
            // The end of the turn feeds them, if it can.
            state[].starvation.isLookedAt = intake.hasStarved
            if !state[].starvation.isLookedAt { return }
            if turn[].now.since(state[].starvation.endsSeenAt) >= Self.quietTime { endDeparted() }
            lookForChunks()
        }
    }

    /// Ends those of the waiting whose peers have left. A call to the kernel for each.
    private func endDeparted() {
        state[].starvation.endsSeenAt = turn[].now
        for id in intake.starved {
            guard let slot = find(id), !slot[].flags.contains(.closing),
                driver.hasPeerEnded(slot[].descriptor, token: id.token)
            else { continue }
            evict(slot, held: memoryHeld(slot), isTold: true)
        }
    }

    /// Receives again where there is memory for it.
    func feedStarved() {
        if intake.isStarving { return }
        for id in intake.takeStarved() { if let slot = find(id) { intake.resume(slot, .pausedForMemory) } }
    }
}

/// The looks that a loop takes while it wants chunks.
struct Starvation {
    /// A timer is set for the next look.
    var isLookedAt = false
    /// When the ends of those that wait were last asked for.
    var endsSeenAt = CoarseTime(rawValue: 0)
}
