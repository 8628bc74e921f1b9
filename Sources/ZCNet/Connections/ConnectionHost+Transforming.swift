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
        flushCork(slot)
        // What waits was said before, and goes out as it is.
        unsafe slot[].outbound?.pointee.markSealed()
        slot[].flags.insert(.transformed)
        unsafe slot[].transform = .passRetained(Installed(transform))
    }

    /// Forgets the connection's transform.
    func removeTransform(_ slot: LoopOwned<ConnectionSlot>) {
        guard let transform = unsafe slot[].transform else { return }
        unsafe slot[].transform = nil
        unsafe transform.release()
    }

    @inline(__always)
    private func withTransform<Result>(
        of slot: LoopOwned<ConnectionSlot>, _ body: (InstalledTransform) -> Result
    ) -> Result {
        guard let transform = unsafe slot[].transform else {
            preconditionFailure("a transformed connection has a transform")
        }
        // SAFETY: the slot keeps the transform until the connection is gone, which is never within a call.
        return unsafe transform._withUnsafeGuaranteedRef(body)
    }

    // MARK: Receiving

    /// How many bytes a connection may leave unread, with what it waits for to open more.
    func unreadBytesMax(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        let limit = withRole(of: slot) { $0.limits.unreadBytesMax }
        guard slot[].flags.contains(.transformed) else { return limit }
        return limit + withTransform(of: slot) { $0.recordBytesMax }
    }

    /// Opens bytes in place behind those that are open already, and has what cannot be opened yet follow
    /// them.
    func open(
        _ slot: LoopOwned<ConnectionSlot>, _ bytes: UnsafeMutableRawBufferPointer, behind opened: Int
    ) -> OpenedBytes {
        let result = withTransform(of: slot) { unsafe $0.open(bytes, behind: opened) }
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
        return withTransform(of: slot) { $0.streamEnded() }
    }

    // MARK: Sending

    /// Seals what the callback gathered, and offers it to the kernel; what it does not take waits.
    func sealCork(_ slot: LoopOwned<ConnectionSlot>) {
        if sendsDirectly {
            while unsafe slot[].outbound == nil && state[].cork.byteCount > 0 {
                let step = state[].cork.part(bytesMax: SealRoom.bytesMax)
                let room = unsafe sealRoom(slot, step.vectors.byteCount)
                let made = withTransform(of: slot) { unsafe $0.seal(step.vectors, into: room) }
                state[].cork.drop(step)
                guard unsafe offer(slot, sealed: UnsafeRawBufferPointer(rebasing: room[..<made])) else {
                    return state[].cork.reset()
                }
            }
        }
        if state[].cork.byteCount > 0 { queueCork(slot, after: 0) }
        state[].cork.reset()
    }

    private func sealRoom(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) -> UnsafeMutableRawBufferPointer {
        let most = withTransform(of: slot) { $0.sealedBytesMax(of: count) }
        return unsafe state[].sealRoom.room(most)
    }

    /// Offers the kernel sealed bytes with nothing in front of them; false when the connection is over.
    private func offer(_ slot: LoopOwned<ConnectionSlot>, sealed bytes: UnsafeRawBufferPointer) -> Bool {
        var vector = unsafe iovec(
            iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
        let taken = unsafe withUnsafeMutablePointer(to: &vector) { vector in
            unsafe offerDirectly(slot, IOVectors(base: vector, count: 1, byteCount: bytes.count))
        }
        guard let taken else { return false }
        didSend(slot, taken)
        if taken == bytes.count { return true }
        return unsafe queue(slot, sealed: UnsafeRawBufferPointer(rebasing: bytes[taken...]))
    }

    /// Has sealed bytes wait behind others that are sealed; false when there is no memory and the connection
    /// ends.
    private func queue(_ slot: LoopOwned<ConnectionSlot>, sealed bytes: UnsafeRawBufferPointer) -> Bool {
        guard let buffer = takeBuffer(slot, minimumCapacity: bytes.count) else {
            end(slot, CloseReason(.overflow), isAbortive: true)
            return false
        }
        unsafe buffer.memory.copyMemory(from: bytes)
        unsafe openOutbound(slot).pointee.insert(sealed: OutboundPiece(sealed: bytes.count, in: buffer))
        _ = didQueue(slot)
        return true
    }

    /// Offers the kernel what is sealed of a connection's output, or seals some first.
    func offerSealed(
        _ slot: LoopOwned<ConnectionSlot>, _ outbound: UnsafeMutablePointer<Outbound>
    ) -> Offer {
        if unsafe !outbound.pointee.isFrontSealed, let failure = unsafe sealFront(slot, outbound) {
            return failure
        }
        let vectors = unsafe state[].cork.vectors
        let (count, bytes) = unsafe outbound.pointee.gatherSealed(into: vectors, max: Cork.vectorsMax)
        return unsafe offer(slot, vectors, count, bytes)
    }

    /// Seals what stands in front of the output; nil when that went well.
    private func sealFront(
        _ slot: LoopOwned<ConnectionSlot>, _ outbound: UnsafeMutablePointer<Outbound>
    ) -> Offer? {
        let vectors = unsafe state[].cork.vectors
        let step: IOVectors
        if let file = unsafe outbound.pointee.frontFile {
            let room = unsafe state[].sealRoom.room(SealRoom.bytesMax)
            let count = min(file.remaining, SealRoom.bytesMax)
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: room.prefix(count))
            switch unsafe KernelSocket.read(file.source, into: part) {
            case .success(0): return .sourceEnded
            case .success(let count):
                unsafe vectors[0] = iovec(iov_base: part.baseAddress, iov_len: count)
                step = unsafe IOVectors(base: vectors, count: 1, byteCount: count)
            case .failure(let failure): return .failed(failure.errno)
            }
        } else {
            step = unsafe outbound.pointee.gather(
                into: vectors, max: Cork.vectorsMax, bytesMax: SealRoom.bytesMax)
        }
        let most = withTransform(of: slot) { $0.sealedBytesMax(of: step.byteCount) }
        guard let buffer = takeBuffer(slot, minimumCapacity: most) else { return .noMemory }
        let made = withTransform(of: slot) { unsafe $0.seal(step, into: buffer.memory) }
        unsafe outbound.pointee.consume(step.byteCount)
        unsafe outbound.pointee.insert(sealed: OutboundPiece(sealed: made, in: buffer))
        return nil
    }

    /// Sends what the transform itself has to say, ahead of everything that is not sealed yet.
    private func sendAnswer(_ slot: LoopOwned<ConnectionSlot>) {
        unsafe say(slot) { transform, room in unsafe transform.answer(into: room) }
    }

    /// Tells the peer, once, that nothing follows; false while that waits for the kernel.
    func sayEnd(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        if slot[].flags.contains(.saidEnd) { return true }
        slot[].flags.insert(.saidEnd)
        unsafe say(slot) { transform, room in unsafe transform.sealEnd(into: room) }
        return unsafe slot[].outbound == nil
    }

    private func say(
        _ slot: LoopOwned<ConnectionSlot>,
        _ words: (InstalledTransform, UnsafeMutableRawBufferPointer) -> Int
    ) {
        // What the running callback has said already is sealed first.
        flushCork(slot)
        let room = unsafe sealRoom(slot, SealRoom.bytesMax)
        let made = withTransform(of: slot) { unsafe words($0, room) }
        if made == 0 { return }
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: room[..<made])
        if unsafe slot[].outbound == nil && sendsDirectly {
            _ = unsafe offer(slot, sealed: bytes)
        } else {
            _ = unsafe queue(slot, sealed: bytes)
        }
    }
}
