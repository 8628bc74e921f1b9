import ZCLibC

/// Sending: what the output can take goes there; what it answers is seen to here.
extension ConnectionHost {
    /// Sends bytes that stay where they are for the length of this call.
    @inline(__always)
    func send(_ slot: LoopOwned<ConnectionSlot>, _ bytes: RawSpan) -> SendResult {
        // SAFETY: the pointer is used during the call only.
        unsafe bytes.withUnsafeBytes { unsafe send(slot, $0) }
    }

    /// As `send` of a head and a body below.
    @inline(__always)
    func send(
        _ slot: LoopOwned<ConnectionSlot>, _ head: MessageHead, _ body: RawSpan, exempt: Bool
    ) -> SendResult {
        // SAFETY: as above.
        unsafe body.withUnsafeBytes { unsafe send(slot, head, $0, exempt: exempt) }
    }

    /// Sends bytes that stay where they are for the length of this call.
    package func send(_ slot: LoopOwned<ConnectionSlot>, _ bytes: UnsafeRawBufferPointer) -> SendResult {
        guard slot[].takesOutput else { return .closed }
        if unsafe bytes.isEmpty { return .sent }
        if output.gathers(slot) {
            switch unsafe output.gather(bytes, of: slot) {
            case .gathered: return .sent
            case .borrowed: return flushBorrowed(slot)
            case .excessive: return overflow(slot, bytes.count)
            case .full:
                // The kernel may take what was gathered; if not, it waits, and `onWritable` comes when it is
                // gone.
                flush(slot)
                return unsafe send(slot, bytes)
            }
        }
        guard output.hasRoom(slot, bytes.count), unsafe output.append(copying: bytes, to: slot) else {
            return overflow(slot, bytes.count)
        }
        return didQueue(slot)
    }

    /// Sends a message of two parts, of which either both are accepted or neither.
    ///
    /// The body stays where it is for the length of this call. Messages that are `exempt` (a protocol's
    /// control frames, whose number and size the protocol bounds) pass although the output is at its limit.
    package func send(
        _ slot: LoopOwned<ConnectionSlot>, _ head: MessageHead, _ body: UnsafeRawBufferPointer,
        exempt: Bool = false
    ) -> SendResult {
        guard slot[].takesOutput else { return .closed }
        let total = head.count + body.count
        if output.gathers(slot) {
            let gathering = unsafe output.gather(head, body, of: slot, exempt: exempt)
            switch gathering {
            case .gathered, .borrowed:
                metrics.add(exempt ? 0 : 1, to: .messagesOut)
                if case .gathered = gathering { return .sent }
                return flushBorrowed(slot)
            case .excessive: return overflow(slot, total)
            case .full:
                // An empty cork has the place and the room; otherwise the kernel is full and the message
                // waits.
                flush(slot)
                return unsafe send(slot, head, body, exempt: exempt)
            }
        }
        guard exempt || output.hasRoom(slot, total), unsafe output.append(head, body, to: slot) else {
            return overflow(slot, total)
        }
        metrics.add(exempt ? 0 : 1, to: .messagesOut)
        return didQueue(slot)
    }

    /// Sends bytes that may be referred to for as long as it takes.
    package func send(_ slot: LoopOwned<ConnectionSlot>, _ bytes: SharedBytes, key: UInt64) -> SendResult {
        if bytes.count <= Outbound.copyBytesMax && key == 0 || output.gathers(slot) {
            return unsafe bytes.withUnsafeBytes { unsafe send(slot, $0) }
        }
        guard slot[].takesOutput else { return .closed }
        if bytes.isEmpty { return .sent }
        // Only what the kernel does not take in time is replaced: a reader that keeps up gets every value.
        if key != 0, slot[].flags.contains(.blocked), slot[].policy == .conflate,
            let replaced = output.replaceableCount(slot, key: key)
        {
            guard output.hasRoom(slot, bytes.count - replaced), output.mayWait(slot, bytes) else {
                return overflow(slot, bytes.count)
            }
            output.conflate(slot, bytes, key: key)
            return didQueue(slot)
        }
        guard output.hasRoom(slot, bytes.count), output.mayWait(slot, bytes) else {
            return overflow(slot, bytes.count)
        }
        output.append(bytes, key: key, to: slot)
        return didQueue(slot)
    }

    /// Sends from a file, behind everything sent before.
    func send(_ slot: LoopOwned<ConnectionSlot>, _ file: FileTransfer) -> SendResult {
        guard slot[].takesOutput else { return .closed }
        if file.remaining == 0 { return .sent }
        // A file occupies no memory, so it counts neither towards the limit nor as pressure.
        flush(slot)
        output.append(file, to: slot)
        return didQueue(slot)
    }

    // MARK: What came of it

    /// Writes what the callback gathered.
    @inline(__always)
    func flush(_ slot: LoopOwned<ConnectionSlot>) {
        if output.hasGathered { flushGathered(slot) }
    }

    private func flushGathered(_ slot: LoopOwned<ConnectionSlot>) { settle(slot, output.flush(slot)) }

    /// Writes bytes that were pointed at and are the sender's only until it is answered.
    private func flushBorrowed(_ slot: LoopOwned<ConnectionSlot>) -> SendResult {
        flush(slot)
        if slot[].flags.contains(.closing) { return .closed }
        return slot[].outbound == nil ? .sent : .queued
    }

    /// Sees to what came of offering the kernel something.
    @inline(__always)
    func settle(_ slot: LoopOwned<ConnectionSlot>, _ outcome: ConnectionOutput.Outcome) {
        switch outcome {
        case .written: break
        case .waits: _ = didQueue(slot)
        case .failed, .sourceEnded, .noMemory: fail(slot, outcome)
        }
    }

    /// Ends a connection whose output cannot leave.
    private func fail(_ slot: LoopOwned<ConnectionSlot>, _ outcome: ConnectionOutput.Outcome) {
        switch outcome {
        case .written, .waits: break
        case .failed(let errno): breakOff(slot, errno)
        // The peer was promised a range that no longer exists; only breaking off tells it so.
        case .sourceEnded: breakOff(slot, Errno(rawValue: EIO))
        // Accepted already, so it must not be dropped in silence: the connection goes, with its cause.
        case .noMemory: end(slot, CloseReason(.overflow), isAbortive: true)
        }
    }

    /// After output was added: stops receiving where more waits than the high watermark.
    func didQueue(_ slot: LoopOwned<ConnectionSlot>) -> SendResult {
        if output.didQueue(slot, highWatermark: withRole(of: slot) { $0.highWatermark }) {
            slot[].flags.insert(.writableOwed)
            if slot[].flags.contains(.pausesUnderPressure) { intake.pause(slot, .pausedByPressure) }
        }
        return slot[].flags.contains(.blocked) ? .queued : .sent
    }

    // MARK: Writing what waits

    package func sent(_ token: Token, count: Int) {
        guard let slot = find(token), output.didComplete(slot, count) else { return }
        write(slot)
        finishEnding()
    }

    /// Writes what was queued during the turn.
    func writeDirty() {
        output.forEachDirty { id in
            if let slot = find(id.token), output.isDue(slot) { write(slot) }
        }
    }

    private func write(_ slot: LoopOwned<ConnectionSlot>) {
        if slot[].outbound == nil { return }
        let outcome = output.write(slot)
        switch outcome {
        case .written, .waits: relievePressure(slot)
        case .failed, .sourceEnded, .noMemory: fail(slot, outcome)
        }
    }

    /// Once output is down to the low watermark: reads again, tells the handler, goes on with a close.
    private func relievePressure(_ slot: LoopOwned<ConnectionSlot>) {
        if slot[].queuedBytes <= withRole(of: slot, { $0.lowWatermark }) {
            intake.resume(slot, .pausedByPressure)
            if slot[].flags.contains(.writableOwed) && !slot[].flags.contains(.closing) {
                tellWritable(slot)
            }
        }
        if slot[].outbound == nil && !slot[].flags.isDisjoint(with: [.closing, .finishing]) {
            endings.requestStep(slot)
        }
    }

    // MARK: The same bytes to many

    /// How much of a burst is gathered per connection before it is written: one call of the kernel's.
    private static let gatheredBytesMax = 64 << 10
    private static let gatheredPiecesMax = Cork.vectorsMax

    /// Sends bytes that many connections are sent, by reference.
    ///
    /// Where nothing waits, the kernel is offered the bytes at once and no queue is made; only what it does
    /// not take is queued. With `hasMore` the caller says that more of the same kind is due before the turn
    /// ends: then the bytes are gathered and leave together. Retains the bytes only where they are queued.
    ///
    /// Runs none of the connection's callbacks: a loop over members may go on.
    ///
    /// With a key other than 0 the bytes may be replaced while they wait, see `OverflowPolicy.conflate`.
    ///
    /// - Precondition: no callback of a connection is running.
    package func sendShared(
        _ slot: LoopOwned<ConnectionSlot>, _ bytes: SharedBytes, hasMore: Bool, key: UInt64 = 0
    ) -> SendResult {
        guard slot[].takesOutput else { return .closed }
        if bytes.isEmpty { return .sent }
        if slot[].outbound == nil {
            if !hasMore && output.sendsDirectly && !slot[].flags.contains(.transformed) {
                return sendNow(slot, bytes)
            }
        } else if slot[].flags.contains(.blocked) {
            // Why not by reference: for a reader that is slow, small pieces must not cost more than they
            // count for.
            return send(slot, bytes, key: key)
        } else if output.sendsDirectly && !isGathering(slot, bytes.count) {
            // The turn's end does what this leaves, and tells the handler.
            settle(slot, output.writeEarly(slot))
            if slot[].flags.contains(.closing) { return .closed }
        }
        guard output.hasRoom(slot, bytes.count) else { return overflow(slot, bytes.count) }
        output.append(bytes, key: key, to: slot)
        return didQueue(slot)
    }

    /// Whether `count` more bytes may wait for the end of the turn.
    private func isGathering(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) -> Bool {
        let total = Int(slot[].queuedBytes) + count
        let bytesMax = min(Self.gatheredBytesMax, withRole(of: slot) { Int($0.highWatermark) })
        let pieces = slot[].outbound?[].pieceCount ?? 0
        return total <= bytesMax && pieces < Self.gatheredPiecesMax && output.hasRoom(slot, count)
    }

    private func sendNow(_ slot: LoopOwned<ConnectionSlot>, _ bytes: SharedBytes) -> SendResult {
        guard bytes.count <= Int(slot[].outboundBytesMax) else { return overflow(slot, bytes.count) }
        let outcome = output.offer(bytes, of: slot)
        switch outcome {
        case .written: return .sent
        case .waits: return didQueue(slot)
        case .failed, .sourceEnded, .noMemory:
            fail(slot, outcome)
            return .closed
        }
    }
}
