import ZCLibC

/// Sending the same bytes to many connections of a loop.
extension ConnectionHost {
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
        guard slot[].flags.isDisjoint(with: [.closing, .finishing, .finishedSending]) else { return .closed }
        if bytes.isEmpty { return .sent }
        if unsafe slot[].outbound == nil {
            if !hasMore && sendsDirectly && !slot[].flags.contains(.transformed) {
                return sendNow(slot, bytes)
            }
        } else if slot[].flags.contains(.blocked) {
            // Why not by reference: for a reader that is slow, small pieces must not cost more than they
            // count for.
            return send(slot, bytes, key: key)
        } else if sendsDirectly && !isGathering(slot, bytes.count) {
            writeEarly(slot)
            if slot[].flags.contains(.closing) { return .closed }
        }
        guard hasRoom(slot, bytes.count) else { return overflow(slot, bytes.count) }
        unsafe openOutbound(slot).pointee.append(bytes, key: key)
        return didQueue(slot)
    }

    /// Whether `count` more bytes may wait for the end of the turn.
    private func isGathering(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) -> Bool {
        let total = Int(slot[].queuedBytes) + count
        let bytesMax = min(Self.gatheredBytesMax, withRole(of: slot) { Int($0.highWatermark) })
        let pieces = unsafe slot[].outbound?.pointee.pieceCount ?? 0
        return total <= bytesMax && pieces < Self.gatheredPiecesMax && hasRoom(slot, count)
    }

    private func sendNow(_ slot: LoopOwned<ConnectionSlot>, _ bytes: SharedBytes) -> SendResult {
        guard bytes.count <= Int(slot[].outboundBytesMax) else { return overflow(slot, bytes.count) }
        let taken = unsafe bytes.withUnsafeBytes { memory in
            // Between callbacks the cork's vectors are free to be used.
            let vectors = unsafe state[].cork.vectors
            unsafe vectors[0] = iovec(
                iov_base: UnsafeMutableRawPointer(mutating: memory.baseAddress), iov_len: memory.count)
            let offered = unsafe IOVectors(base: vectors, count: 1, byteCount: memory.count)
            return offerDirectly(slot, offered)
        }
        guard let taken else { return .closed }
        didSend(slot, taken)
        if taken == bytes.count { return .sent }
        let outbound = unsafe openOutbound(slot)
        unsafe outbound.pointee.append(bytes)
        unsafe outbound.pointee.consume(taken)
        return didQueue(slot)
    }

    /// Writes before the end of the turn what was gathered; the turn's end does the rest, and tells the
    /// handler.
    private func writeEarly(_ slot: LoopOwned<ConnectionSlot>) {
        guard let outbound = unsafe slot[].outbound else { return }
        switch unsafe offerAll(slot, outbound) {
        case .sourceEnded: breakOff(slot, Errno(rawValue: EIO))
        case .noMemory: end(slot, CloseReason(.overflow), isAbortive: true)
        case .failed(let errno): breakOff(slot, errno)
        case .sent, .inFlight:
            updateQueuedBytes(slot)
            if slot[].flags.contains(.blocked) { unsafe outbound.pointee.settle() }
        }
    }
}
