/// Receiving: a driver's bytes are lent to the handler, and what the handler leaves is kept by the intake.
extension ConnectionHost {
    package func receiveTarget(_ token: Token) -> ReceiveTarget? {
        guard let slot = find(token) else { return nil }
        if !slot[].flags.isDisjoint(with: [.paused, .connecting, .receivesInTurns]) {
            guard mayReceiveInTurn(slot) else { return nil }
        }
        if intake.needsChunk { settleChunks() }
        if isStarving(slot) {
            starve(slot)
            return nil
        }
        let descriptor = slot[].descriptor
        if slot[].unread == nil {
            return unsafe ReceiveTarget(descriptor: descriptor, memory: intake.room())
        }
        return unsafe roomBehindUnread(slot).map { unsafe ReceiveTarget(descriptor: descriptor, memory: $0) }
    }

    /// Whether the role has the connection receive now, which is neither paused nor on its way up.
    @inline(never)
    private func mayReceiveInTurn(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        guard slot[].flags.isDisjoint(with: [.paused, .connecting]) else { return false }
        // What still comes is thrown away, to see the peer's end.
        if slot[].flags.contains(.closing) { return true }
        return withRole(of: slot) { $0.mayReceive?(base(slot)) ?? true }
    }

    /// Room behind what the handler left; nil closes the connection.
    private func roomBehindUnread(_ slot: LoopOwned<ConnectionSlot>) -> UnsafeMutableRawBufferPointer? {
        let limit = unreadBytesMax(slot)
        let room = intake.roomBehindUnread(slot, limit: limit)
        if case .memory(let memory) = room { return unsafe memory }
        // Asking for no memory pauses the driver; the steps of the end resume it to see the peer's end.
        intake.pause(slot, .pausedByApplication)
        if case .none(let unread) = room { refuseUnread(slot, unread, limit) } else { refuseMemory(slot) }
        return nil
    }

    package func received(_ token: Token, count: Int) {
        guard let slot = find(token), takesBytes(slot, count) else { return }
        if slot[].unread == nil {
            deliverChunk(slot, count: count, fresh: count)
        } else {
            let inFront = intake.countInFront(slot)
            if inFront > 0 {
                deliverChunk(slot, count: inFront + count, fresh: count)
            } else {
                deliverUnread(slot, count: count)
            }
        }
        endReception()
    }

    package func received(_ token: Token, _ chunk: borrowing ReceivedChunk) -> Int {
        guard let slot = find(token) else { return chunk.count }
        if !slot[].flags.isDisjoint(with: .paused) { return 0 }
        if isStarving(slot) {
            starve(slot)
            return 0
        }
        if slot[].unread != nil { return receiveBehindUnread(token, chunk) }
        guard takesBytes(slot, chunk.count) else { return chunk.count }
        lendAndKeep(chunk, slot, fresh: chunk.count)
        endReception()
        return chunk.count
    }

    /// Counts bytes that came; whether a handler is to have them: after a close the peer's bytes are taken
    /// only so that its end is seen behind them.
    @inline(__always)
    private func takesBytes(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) -> Bool {
        metrics.recordReceive(bytes: count)
        slot[].bytesIn &+= UInt64(count)
        slot[].lastActivity = turn[].now
        return !slot[].flags.contains(.closing)
    }

    @inline(__always)
    private func endReception() { if endings.hasDue { finishEnding() } }

    /// Copies a driver's bytes to where the unread ones are, as if they had been received there.
    private func receiveBehindUnread(_ token: Token, _ chunk: borrowing ReceivedChunk) -> Int {
        var taken = 0
        while taken < chunk.count, let target = receiveTarget(token) {
            let count = unsafe min(target.memory.count, chunk.count - taken)
            unsafe chunk.bytes.extracting(taken..<(taken + count)).withUnsafeBytes { bytes in
                unsafe target.memory.copyMemory(from: bytes)
            }
            received(token, count: count)
            taken += count
        }
        return find(token) == nil ? chunk.count : taken
    }

    package func ended(_ token: Token) {
        guard let slot = find(token), !slot[].flags.contains(.peerEnded) else { return }
        if let reason = brokenOff(slot) { end(slot, reason, isAbortive: false) }
        peerEnded(slot)
        finishEnding()
    }

    /// The peer will send no more.
    func peerEnded(_ slot: LoopOwned<ConnectionSlot>) {
        if slot[].flags.contains(.peerEnded) { return }
        slot[].flags.insert(.peerEnded)
        if slot[].flags.contains(.closing) {
            endings.requestStep(slot)
        } else if withRole(of: slot, { $0.limits.allowsHalfClose }) {
            serve(slot, .peerEnded) { $0.peerEnded($1) }
            if slot[].flags.contains(.finishing) { endings.requestStep(slot) }
        } else {
            end(slot, CloseReason(.peer), isAbortive: false)
        }
    }

    package func failed(_ token: Token, errno: Errno) {
        guard let slot = find(token) else { return }
        if slot[].flags.contains(.connecting) { return connectFailed(slot, errno) }
        breakOff(slot, errno)
        finishEnding()
    }

    // MARK: Delivery

    /// Lends the loop's chunk to the handler; the last `fresh` bytes of it have just come.
    private func deliverChunk(_ slot: LoopOwned<ConnectionSlot>, count: Int, fresh: Int) {
        // SAFETY: the room was prepared by `receiveTarget`, `count` bytes of it were just filled, and it is
        // neither prepared again nor recycled before the callback and the write that may point into it are
        // over.
        let chunk = unsafe intake.chunk(count: count)
        lendAndKeep(chunk, slot, fresh: fresh)
        intake.recycle()
    }

    /// Lends a chunk, and keeps what the handler leaves of it.
    @inline(__always)
    private func lendAndKeep(
        _ chunk: borrowing ReceivedChunk, _ slot: LoopOwned<ConnectionSlot>, fresh: Int
    ) {
        if slot[].flags.contains(.transformed) { return openAndKeep(chunk, slot, fresh: fresh) }
        let unread = lend(chunk, to: slot)
        if unread > 0 && !slot[].flags.contains(.closing) {
            keep(slot, chunk.bytes, last: unread, opened: 0, fresh: fresh)
            // A transform was installed while bytes were unread that it has not opened: it does at the turn's
            // end.
            if slot[].flags.contains(.transformed) { intake.requestOpening(slot) }
        } else {
            intake.release(slot)
        }
    }

    /// As `lendAndKeep` where a transform opens the bytes first: they are lent once more of them are open,
    /// and what cannot be opened yet is kept behind what the handler leaves.
    private func openAndKeep(
        _ chunk: borrowing ReceivedChunk, _ slot: LoopOwned<ConnectionSlot>, fresh: Int
    ) {
        var unread = slot[].unread?[].openedCount ?? 0
        let result = unsafe chunk.withUnsafeMutableBytes { unsafe open(slot, $0, behind: unread) }
        if result.end > unread { unread = lend(chunk.extracting(0..<result.end), to: slot) }
        if unread + result.unopened > 0 && !slot[].flags.contains(.closing) {
            let kept = chunk.extracting(0..<(result.end + result.unopened))
            keep(slot, kept.bytes, last: unread + result.unopened, opened: unread, fresh: fresh)
        } else {
            intake.release(slot)
        }
        conclude(slot, result.outcome)
    }

    /// Lends the gathered bytes of an unfinished message to the handler, `count` of which have just come.
    func deliverUnread(_ slot: LoopOwned<ConnectionSlot>, count: Int) {
        guard let unread = slot[].unread else { return }
        unread[].didReceive(count)
        if slot[].flags.contains(.transformed) { return openUnread(slot, fresh: count) }
        // SAFETY: the buffer stays until `keepRest` below; what it holds was received.
        let chunk = unsafe ReceivedChunk(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(unread[].filled)))
        let rest = lend(chunk, to: slot)
        let isKept = keepRest(slot, rest, opened: 0, unopened: 0, fresh: count)
        if isKept && slot[].flags.contains(.transformed) { intake.requestOpening(slot) }
    }

    /// As `deliverUnread` where a transform opens the bytes first.
    private func openUnread(_ slot: LoopOwned<ConnectionSlot>, fresh: Int) {
        guard let unread = slot[].unread else { return }
        let before = unread[].openedCount
        let result = unsafe open(slot, unread[].filled, behind: before)
        unread[].shorten(to: result.end + result.unopened)
        unread[].openedCount = result.end
        var rest = before
        // Without new bytes the handler is shown again what it left: it has resumed.
        if result.end > before || (fresh == 0 && result.end > 0) {
            // SAFETY: as in `deliverUnread`.
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: unread[].filled[..<result.end])
            rest = lend(unsafe ReceivedChunk(RawSpan(_unsafeBytes: bytes)), to: slot)
        }
        _ = keepRest(slot, rest, opened: rest, unopened: result.unopened, fresh: fresh)
        conclude(slot, result.outcome)
    }

    /// Lends bytes to the handler, and writes what it says to them; answers how many of the last ones it
    /// leaves unread.
    @inline(__always)
    private func lend(_ chunk: borrowing ReceivedChunk, to slot: LoopOwned<ConnectionSlot>) -> Int {
        intake.beginLending(chunk.count)
        let watch = startWatch()
        unsafe chunk.bytes.withUnsafeBytes { unsafe output.begin(slot, lent: $0) }
        withRole(of: slot) { $0.received(base(slot), chunk) }
        endWatch(watch, slot, .data, bytes: chunk.count)
        flush(slot)
        output.end()
        return intake.endLending()
    }

    // MARK: Unread bytes

    func leaveUnread(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) {
        precondition(output.running == slot[].id, "leaveUnread() belongs into onData")
        intake.leaveUnread(count)
    }

    /// Keeps the last bytes, of which a transform has opened so many.
    private func keep(
        _ slot: LoopOwned<ConnectionSlot>, _ bytes: RawSpan, last count: Int, opened: Int, fresh: Int
    ) {
        let limit = unreadBytesMax(slot)
        let keeping = intake.keep(slot, bytes, last: count, opened: opened, limit: limit)
        _ = didKeep(slot, keeping, count, limit: limit, fresh: fresh)
    }

    /// Keeps of the unread bytes what the handler leaves, of which a transform has opened so many, and behind
    /// it what it could not open yet; false where nothing is kept.
    private func keepRest(
        _ slot: LoopOwned<ConnectionSlot>, _ rest: Int, opened: Int, unopened: Int, fresh: Int
    ) -> Bool {
        guard slot[].unread != nil, rest + unopened > 0, !slot[].flags.contains(.closing) else {
            intake.release(slot)
            return false
        }
        let limit = unreadBytesMax(slot)
        let keeping = intake.keepRest(slot, rest, opened: opened, unopened: unopened, limit: limit)
        return didKeep(slot, keeping, rest + unopened, limit: limit, fresh: fresh)
    }

    private func didKeep(
        _ slot: LoopOwned<ConnectionSlot>, _ keeping: ConnectionIntake.Keeping, _ count: Int, limit: Int,
        fresh: Int
    ) -> Bool {
        switch keeping {
        case .kept: break
        case .excessive:
            refuseUnread(slot, count, limit)
            return false
        case .noMemory:
            refuseMemory(slot)
            return false
        }
        // One look per limit at most: the timer that finds nothing unread is not set again.
        if slot[].timer == .none, withRole(of: slot, { $0.limits.unreadTimeout != nil }) { armIdle(slot) }
        intake.didKeep(slot, count, fresh: fresh)
        return true
    }

    private func refuseUnread(_ slot: LoopOwned<ConnectionSlot>, _ count: Int, _ limit: Int) {
        let rule = ProtocolRule("at most \(limit) bytes may stay unread, got \(count)")
        end(slot, CloseReason(.protocolError(rule)), isAbortive: false)
    }

    /// Shows what was left unread when a handler paused, now that it has resumed, and receives again unless
    /// it has paused once more.
    func redeliver() {
        if !intake.hasRedeliveries { return }
        for id in intake.takeRedeliveries() {
            guard let slot = find(id) else { continue }
            if intake.mayRedeliver(slot) { deliverUnread(slot, count: 0) }
            // The callback may have closed the connection.
            if let slot = find(id) { intake.endRedelivery(slot) }
        }
    }

    // MARK: Pausing

    package func pauseReading(_ slot: LoopOwned<ConnectionSlot>) {
        if !slot[].flags.contains(.readsToEnd) { intake.pause(slot, .pausedByApplication) }
    }

    package func resumeReading(_ slot: LoopOwned<ConnectionSlot>) {
        intake.resume(slot, .pausedByApplication)
    }

    /// Stops receiving on a protocol layer's own account: a handler that resumes does not undo it, and
    /// `resumeFromRate` does not undo a handler's pause.
    package func pauseForRate(_ slot: LoopOwned<ConnectionSlot>) {
        if !slot[].flags.contains(.readsToEnd) { intake.pause(slot, .pausedByRate) }
    }

    /// Ends what `pauseForRate` began.
    package func resumeFromRate(_ slot: LoopOwned<ConnectionSlot>) { intake.resume(slot, .pausedByRate) }

    /// Reads from the peer whatever was paused before, and whoever would pause from now on, so that its last
    /// word is seen: nobody answers what still comes, so that reading on costs neither handler nor output.
    /// Only where memory is short it has to wait.
    func readToEnd(_ slot: LoopOwned<ConnectionSlot>) {
        slot[].flags.insert(.readsToEnd)
        slot[].flags.remove(.pausesUnderPressure)
        intake.resume(slot, [.pausedByApplication, .pausedByPressure, .pausedByRate])
    }
}
