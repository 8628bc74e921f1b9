import ZCLibC

/// Connections whose bytes are transformed on their way: records are opened before the handler is lent what
/// they hold, and sealed when they are offered to the kernel.
///
/// What waits in a connection's output is not sealed yet, so that it may still be replaced, and takes no more
/// memory than it would without; only what the kernel did not take of sealed bytes waits as it is, in front,
/// as a record cannot be sealed twice.
extension ConnectionHost {
    /// Has everything that follows transformed, both ways.
    ///
    /// Called within a callback of the connection's role, which usually hands it over to another one then.
    /// Bytes that the callback was lent and leaves unread are opened, and shown to the role that has the
    /// connection at the end of the turn. What was sent before leaves as it is.
    package func install<Transform: ByteTransform & ~Copyable>(
        _ transform: consuming Transform, on slot: LoopOwned<ConnectionSlot>
    ) {
        precondition(!slot[].flags.contains(.transformed), "one transform at a time")
        flush(slot)
        output.beginTransforming(slot)
        slot[].flags.insert(.transformed)
        unsafe slot[].transform = .passRetained(Installed(transform))
    }

    /// Forgets the connection's transform.
    func removeTransform(_ slot: LoopOwned<ConnectionSlot>) {
        guard let transform = unsafe slot[].transform else { return }
        unsafe slot[].transform = nil
        unsafe transform.release()
    }

    /// What both sides of a connection have agreed on; nil without a transform.
    func negotiated(_ slot: LoopOwned<ConnectionSlot>) -> NegotiatedSecurity? {
        guard slot[].flags.contains(.transformed) else { return nil }
        return slot.withTransform { $0.negotiated }
    }

    // MARK: Receiving

    /// How many bytes a connection may leave unread, with what it waits for to open more.
    func unreadBytesMax(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        let limit = withRole(of: slot) { $0.limits.unreadBytesMax }
        guard slot[].flags.contains(.transformed) else { return limit }
        return limit + slot.withTransform { $0.recordBytesMax }
    }

    /// Opens bytes in place behind those that are open already, and has what cannot be opened yet follow
    /// them.
    func open(
        _ slot: LoopOwned<ConnectionSlot>, _ bytes: UnsafeMutableRawBufferPointer, behind opened: Int
    ) -> OpenedBytes {
        let result = slot.withTransform { unsafe $0.open(bytes, behind: opened) }
        precondition(
            result.end >= opened && result.unopened >= 0 && result.end + result.unopened <= bytes.count,
            "a transform opens what it was lent")
        if result.owesAnswer { sendAnswer(slot) }
        let from = bytes.count - result.unopened
        if result.unopened > 0 && from > result.end {
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[result.end...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[from...]))
        }
        return result
    }

    /// What opened bytes have said beside what they hold, once the handler has had that.
    func conclude(_ slot: LoopOwned<ConnectionSlot>, _ outcome: OpenedBytes.Outcome) {
        if slot[].flags.contains(.closing) { return }
        switch outcome {
        case .open: break
        case .peerEnded: peerEnded(slot)
        case .failed(let reason): end(slot, reason, isAbortive: false)
        }
    }

    /// Why a connection ends whose socket's stream is over; nil where that is in order.
    func brokenOff(_ slot: LoopOwned<ConnectionSlot>) -> CloseReason? {
        guard slot[].flags.contains(.transformed) else { return nil }
        return slot.withTransform { $0.streamEnded() }
    }

    // MARK: Sending

    /// Sends what the transform itself has to say, ahead of everything that is not sealed yet.
    private func sendAnswer(_ slot: LoopOwned<ConnectionSlot>) {
        // What the running callback has said already is sealed first.
        flush(slot)
        settle(slot, unsafe output.say(slot) { unsafe $0.answer(into: $1) })
    }

    /// Tells the peer, once, that nothing follows; false while that waits for the kernel.
    func sayEnd(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        if slot[].flags.contains(.saidEnd) { return true }
        slot[].flags.insert(.saidEnd)
        flush(slot)
        settle(slot, unsafe output.say(slot) { unsafe $0.sealEnd(into: $1) })
        return unsafe slot[].outbound == nil
    }
}
