extension ConnectionHost {
    package func receiveTarget(_ token: Token) -> ReceiveTarget? {
        guard let slot = find(token) else { return nil }
        let flags = slot[].flags
        if !flags.isDisjoint(with: [.paused, .connecting]) { return nil }
        if !state[].memory.hasChunk { settleChunks() }
        if isStarving(slot) {
            starve(slot)
            return nil
        }
        state[].current = slot
        let descriptor = slot[].descriptor
        if unsafe slot[].unread == nil {
            return unsafe ReceiveTarget(descriptor: descriptor, memory: state[].memory.prepare())
        }
        state[].unreadInFront = 0
        if flags.contains(.unreadGoesInFront), let room = unsafe roomBehindUnread(slot) {
            return unsafe ReceiveTarget(descriptor: descriptor, memory: room)
        }
        return unsafe unreadRoom(slot).map { unsafe ReceiveTarget(descriptor: descriptor, memory: $0) }
    }

    package func received(_ token: Token, count: Int) {
        guard let slot = state[].current, slot[].id.rawValue == token.rawValue else { return }
        guard takesBytes(slot, count) else { return }
        if unsafe slot[].unread == nil {
            deliverChunk(slot, count: count, fresh: count)
        } else if state[].unreadInFront > 0 {
            deliverChunk(slot, count: state[].unreadInFront + count, fresh: count)
        } else {
            deliverUnread(slot, count: count)
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
        if unsafe slot[].unread != nil { return receiveBehindUnread(token, chunk) }
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
        slot[].lastActivity = state[].now
        state[].unreadRequest = 0
        return !slot[].flags.contains(.closing)
    }

    @inline(__always)
    private func endReception() {
        state[].cork.lentStart = 0
        state[].cork.lentEnd = 0
        if !state[].ending.isEmpty { finishEnding() }
    }

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
            requestStep(slot)
        } else if withRole(of: slot, { $0.limits.allowsHalfClose }) {
            serve(slot, .peerEnded) { $0.peerEnded($1) }
            if slot[].flags.contains(.finishing) { requestStep(slot) }
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
        let chunk = unsafe state[].memory.uncheckedChunk(count: count)
        lendAndKeep(chunk, slot, fresh: fresh)
        state[].memory.recycle()
    }

    /// Lends a chunk, and keeps what the handler leaves of it.
    @inline(__always)
    private func lendAndKeep(
        _ chunk: borrowing ReceivedChunk, _ slot: LoopOwned<ConnectionSlot>, fresh: Int
    ) {
        if slot[].flags.contains(.transformed) { return openAndKeep(chunk, slot, fresh: fresh) }
        lend(chunk, to: slot)
        let unread = state[].unreadRequest
        if unread > 0 && !slot[].flags.contains(.closing) {
            keepUnread(slot, chunk.bytes, last: unread)
            didLeaveUnread(slot, unread, fresh: fresh)
            if slot[].flags.contains(.transformed) { showOpened(slot) }
        } else {
            releaseUnread(slot)
        }
    }

    /// As `lendAndKeep` where a transform opens the bytes first: they are lent once more of them are open,
    /// and what cannot be opened yet is kept behind what the handler leaves.
    private func openAndKeep(
        _ chunk: borrowing ReceivedChunk, _ slot: LoopOwned<ConnectionSlot>, fresh: Int
    ) {
        var unread = unsafe slot[].unread?.pointee.openedCount ?? 0
        let result = unsafe chunk.withUnsafeMutableBytes { unsafe open(slot, $0, behind: unread) }
        if result.end > unread {
            lend(chunk.extracting(0..<result.end), to: slot)
            unread = state[].unreadRequest
        }
        if unread + result.unopened > 0 && !slot[].flags.contains(.closing) {
            let kept = chunk.extracting(0..<(result.end + result.unopened))
            keepUnread(slot, kept.bytes, last: unread + result.unopened, opened: unread)
            didLeaveUnread(slot, unread + result.unopened, fresh: fresh)
        } else {
            releaseUnread(slot)
        }
        conclude(slot, result.outcome)
    }

    /// A transform was installed while bytes were unread that it has not opened: it does at the turn's end.
    private func showOpened(_ slot: LoopOwned<ConnectionSlot>) {
        pause(slot, .pausedForUnread)
        requestRedelivery(slot)
    }

    /// Lends the gathered bytes of an unfinished message to the handler.
    func deliverUnread(_ slot: LoopOwned<ConnectionSlot>, count: Int) {
        guard let unread = unsafe slot[].unread else { return }
        unsafe unread.pointee.didReceive(count)
        if slot[].flags.contains(.transformed) { return openUnread(slot, fresh: count) }
        // SAFETY: the buffer stays until `releaseUnread` below; what it holds was received.
        let chunk = unsafe ReceivedChunk(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(unread.pointee.filled)))
        lend(chunk, to: slot)
        let isKept = keepRest(slot, state[].unreadRequest, opened: 0, unopened: 0, fresh: count)
        if isKept && slot[].flags.contains(.transformed) { showOpened(slot) }
    }

    /// Keeps of the unread bytes what the handler leaves, of which a transform has opened so many, and behind
    /// it what it could not open yet; false where nothing is kept.
    private func keepRest(
        _ slot: LoopOwned<ConnectionSlot>, _ rest: Int, opened: Int, unopened: Int, fresh: Int
    ) -> Bool {
        guard let unread = unsafe slot[].unread, rest + unopened > 0, !slot[].flags.contains(.closing) else {
            releaseUnread(slot)
            return false
        }
        // There was room for no more than the limit, so that more than it is left only where the connection
        // was handed over to one with a smaller limit.
        let limit = withRole(of: slot) { $0.limits.unreadBytesMax }
        guard rest <= limit else {
            refuseUnread(slot, rest, limit)
            return false
        }
        if unsafe rest + unopened < unread.pointee.count { unsafe unread.pointee.since = state[].now }
        unsafe unread.pointee.keepLast(rest + unopened)
        unsafe unread.pointee.openedCount = opened
        didLeaveUnread(slot, rest + unopened, fresh: fresh)
        return true
    }

    /// As `deliverUnread` where a transform opens the bytes first.
    private func openUnread(_ slot: LoopOwned<ConnectionSlot>, fresh: Int) {
        guard let unread = unsafe slot[].unread else { return }
        let before = unsafe unread.pointee.openedCount
        let result = unsafe open(slot, unread.pointee.filled, behind: before)
        unsafe unread.pointee.shorten(to: result.end + result.unopened)
        unsafe unread.pointee.openedCount = result.end
        var rest = before
        // Without new bytes the handler is shown again what it left: it has resumed.
        if result.end > before || (fresh == 0 && result.end > 0) {
            // SAFETY: as in `deliverUnread`.
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: unread.pointee.filled[..<result.end])
            lend(unsafe ReceivedChunk(RawSpan(_unsafeBytes: bytes)), to: slot)
            rest = state[].unreadRequest
        }
        _ = keepRest(slot, rest, opened: rest, unopened: result.unopened, fresh: fresh)
        conclude(slot, result.outcome)
    }

    private func didLeaveUnread(_ slot: LoopOwned<ConnectionSlot>, _ count: Int, fresh: Int) {
        // One look per limit at most: the timer that finds nothing unread is not set again.
        if slot[].timer == .none, withRole(of: slot, { $0.limits.unreadTimeout != nil }) { armIdle(slot) }
        // Bytes that were left because the handler paused are to come again without new ones behind them.
        if !slot[].flags.isDisjoint(with: [.pausedByApplication, .pausedByRate]) {
            slot[].flags.insert(.unreadOwed)
        }
        // Why: behind a tail that was moved to the front of a chunk there is room for many messages, behind
        // one in a buffer of its own for hardly one. Moving costs what is moved, so it is done only when at
        // least as much has just come: a peer that sends byte by byte makes nobody copy.
        if count <= fresh {
            slot[].flags.insert(.unreadGoesInFront)
        } else {
            slot[].flags.remove(.unreadGoesInFront)
        }
    }

    /// The loop's chunk with the unread bytes copied to its front: the room behind them, or nil when they
    /// would take up most of it.
    private func roomBehindUnread(_ slot: LoopOwned<ConnectionSlot>) -> UnsafeMutableRawBufferPointer? {
        guard let unread = unsafe slot[].unread else { return nil }
        let room = unsafe state[].memory.prepare()
        let bytes = unsafe unread.pointee.filled
        guard bytes.count <= room.count / 4 else { return nil }
        unsafe room.copyMemory(from: UnsafeRawBufferPointer(bytes))
        state[].unreadInFront = bytes.count
        return unsafe UnsafeMutableRawBufferPointer(rebasing: room[bytes.count...])
    }

    @inline(__always)
    private func lend(_ chunk: borrowing ReceivedChunk, to slot: LoopOwned<ConnectionSlot>) {
        unsafe chunk.bytes.withUnsafeBytes { bytes in
            let start = UInt(bitPattern: bytes.baseAddress)
            state[].cork.lentStart = start
            state[].cork.lentEnd = start + UInt(bytes.count)
        }
        let watch = startWatch()
        state[].cork.owner = slot[].id
        withRole(of: slot) { $0.received(base(slot), chunk) }
        endWatch(watch, slot, .data, bytes: chunk.count)
        flushCork(slot)
        state[].cork.owner = ConnectionID(rawValue: 0)
    }

    // MARK: Unread bytes

    package func leaveUnread(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) {
        precondition(state[].cork.owner == slot[].id, "leaveUnread() belongs into onData")
        let lent = Int(state[].cork.lentEnd - state[].cork.lentStart)
        precondition(count >= 0 && count <= lent, "leaveUnread(\(count)) of \(lent) bytes")
        state[].unreadRequest = count
    }

    /// Keeps the last bytes, of which a transform has opened so many.
    private func keepUnread(
        _ slot: LoopOwned<ConnectionSlot>, _ bytes: RawSpan, last count: Int, opened: Int = 0
    ) {
        let limit = unreadBytesMax(slot)
        guard count <= limit else { return refuseUnread(slot, count, limit) }
        // What was left before and is left again, all of it, is as old as it was.
        let before = unsafe count == bytes.byteCount ? slot[].unread?.pointee.since : nil
        let since = before ?? state[].now
        if let unread = unsafe slot[].unread, unsafe unread.pointee.buffer.memory.count >= count {
            unsafe unread.pointee.clear()
            unsafe unread.pointee.since = since
            unsafe unread.pointee.openedCount = opened
            unsafe bytes.extracting(last: count).withUnsafeBytes { unsafe unread.pointee.append($0) }
            return
        }
        releaseUnread(slot)
        // Twice the rest: most messages that straddle two receptions end within the second.
        guard let buffer = takeBuffer(slot, minimumCapacity: count * 2) else { return refuseMemory(slot) }
        var unread = UnreadBytes(buffer: buffer, since: since)
        unread.openedCount = opened
        unsafe bytes.extracting(last: count).withUnsafeBytes { source in unsafe unread.append(source) }
        let memory = unsafe state[].spareUnreads.popLast() ?? .allocate(capacity: 1)
        unsafe memory.initialize(to: unread)
        unsafe slot[].unread = memory
    }

    /// Room behind the unread bytes, in a larger buffer if need be; nil closes the connection.
    ///
    /// Never more than the limit leaves: a handler that pauses early must not find that it left too much.
    private func unreadRoom(_ slot: LoopOwned<ConnectionSlot>) -> UnsafeMutableRawBufferPointer? {
        guard let unread = unsafe slot[].unread else { return nil }
        let count = unsafe unread.pointee.count
        let limit = unreadBytesMax(slot)
        if count >= limit {
            // Asking for no memory pauses the driver; the steps of the end resume it to see the peer's end.
            pause(slot, .pausedByApplication)
            refuseUnread(slot, count, limit)
            return nil
        }
        if unsafe unread.pointee.room.isEmpty {
            let capacity = min(count * 4, max(limit, count + 1))
            guard let larger = takeBuffer(slot, minimumCapacity: capacity) else {
                pause(slot, .pausedByApplication)
                refuseMemory(slot)
                return nil
            }
            unsafe unread.pointee.move(to: larger)
        }
        let room = unsafe unread.pointee.room
        return unsafe UnsafeMutableRawBufferPointer(rebasing: room.prefix(limit - count))
    }

    private func refuseUnread(_ slot: LoopOwned<ConnectionSlot>, _ count: Int, _ limit: Int) {
        let rule = ProtocolRule("at most \(limit) bytes may stay unread, got \(count)")
        end(slot, CloseReason(.protocolError(rule)), isAbortive: false)
    }

    func releaseUnread(_ slot: LoopOwned<ConnectionSlot>) {
        guard let unread = unsafe slot[].unread else { return }
        unsafe unread.deinitialize(count: 1)
        unsafe slot[].unread = nil
        // Why: in a steady stream every reception may end within a message, and shall allocate nothing.
        if unsafe state[].spareUnreads.count < 64 {
            unsafe state[].spareUnreads.append(unread)
        } else {
            unsafe unread.deallocate()
        }
    }

    // MARK: Pausing

    package func pauseReading(_ slot: LoopOwned<ConnectionSlot>) {
        if !slot[].flags.contains(.readsToEnd) { pause(slot, .pausedByApplication) }
    }

    package func resumeReading(_ slot: LoopOwned<ConnectionSlot>) { resume(slot, .pausedByApplication) }

    /// Stops receiving on a protocol layer's own account: a handler that resumes does not undo it, and
    /// `resumeFromRate` does not undo a handler's pause.
    package func pauseForRate(_ slot: LoopOwned<ConnectionSlot>) {
        if !slot[].flags.contains(.readsToEnd) { pause(slot, .pausedByRate) }
    }

    /// Ends what `pauseForRate` began.
    package func resumeFromRate(_ slot: LoopOwned<ConnectionSlot>) { resume(slot, .pausedByRate) }

    /// Reads from the peer whatever was paused before, and whoever would pause from now on, so that its last
    /// word is seen: nobody answers what still comes, so that reading on costs neither handler nor output.
    /// Only where memory is short it has to wait.
    func readToEnd(_ slot: LoopOwned<ConnectionSlot>) {
        slot[].flags.insert(.readsToEnd)
        slot[].flags.remove(.pausesUnderPressure)
        resume(slot, .pausedByApplication)
        resume(slot, .pausedByPressure)
        resume(slot, .pausedByRate)
    }

    func pause(_ slot: LoopOwned<ConnectionSlot>, _ flag: ConnectionSlot.Flags) {
        let wasPaused = !slot[].flags.isDisjoint(with: .paused)
        slot[].flags.insert(flag)
        if !wasPaused { driver.pauseReceiving(slot[].descriptor, token: slot[].id.token) }
    }

    func resume(_ slot: LoopOwned<ConnectionSlot>, _ flag: ConnectionSlot.Flags) {
        guard slot[].flags.contains(flag) else { return }
        slot[].flags.remove(flag)
        guard slot[].flags.isDisjoint(with: .paused) else { return }
        // Why first: a handler that takes a little of a lot each time would have as much received behind it
        // as there is room, until its limit of unread bytes is met, and an innocent peer is closed.
        if slot[].flags.contains(.unreadOwed) { return requestRedelivery(slot) }
        driver.resumeReceiving(slot[].descriptor, token: slot[].id.token)
    }
}
