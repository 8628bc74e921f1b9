import ZCLibC

/// Output of connections with a transform, which seals what is offered to the kernel.
///
/// What waits is not sealed yet, so that it may still be replaced, and takes no more memory than it would
/// without; only what the kernel did not take of sealed bytes waits as it is, in front, as a record cannot be
/// sealed twice.
extension ConnectionOutput {
    /// Seals what the callback gathered, and offers it to the kernel; what it does not take waits.
    func sealGathered(_ slot: LoopOwned<ConnectionSlot>) -> Outcome {
        defer { state[].cork.reset() }
        var last = Outcome.written
        while sendsDirectly && slot[].outbound == nil && state[].cork.byteCount > 0 {
            let step = state[].cork.part(bytesMax: SealRoom.bytesMax)
            let room = unsafe sealRoom(slot, step.vectors.byteCount)
            guard let made = slot.withTransform({ unsafe $0.seal(step.vectors, into: room) }) else {
                return .failed(Self.unsealed)
            }
            state[].cork.drop(step)
            if made == 0 { continue }
            last = unsafe offer(sealed: UnsafeRawBufferPointer(rebasing: room[..<made]), of: slot)
            switch last {
            case .written, .waits: break
            case .failed, .noMemory, .sourceEnded: return last
            }
        }
        if state[].cork.byteCount == 0 { return last }
        return keepGathered(slot, after: 0) ? .waits : .noMemory
    }

    /// What the transform says of its own accord, ahead of everything that is not sealed yet.
    ///
    /// - Precondition: what the running callback has gathered has been written.
    func say(
        _ slot: LoopOwned<ConnectionSlot>,
        _ words: (InstalledTransform, UnsafeMutableRawBufferPointer) -> Int
    ) -> Outcome {
        let room = unsafe sealRoom(slot, SealRoom.bytesMax)
        let made = slot.withTransform { unsafe words($0, room) }
        if made == 0 { return .written }
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: room[..<made])
        if slot[].outbound == nil && sendsDirectly { return unsafe offer(sealed: bytes, of: slot) }
        return unsafe append(sealed: bytes, to: slot) ? .waits : .noMemory
    }

    /// What stands for a cipher that fails, after which nothing may leave. No system call of a socket gives
    /// it.
    private static var unsealed: Errno { Errno(rawValue: ENOKEY) }

    private func sealRoom(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) -> UnsafeMutableRawBufferPointer {
        let most = slot.withTransform { $0.sealedBytesMax(of: count) }
        return unsafe state[].sealRoom.room(most)
    }

    /// Offers the kernel sealed bytes with nothing in front of them.
    private func offer(
        sealed bytes: UnsafeRawBufferPointer, of slot: LoopOwned<ConnectionSlot>
    ) -> Outcome {
        var vector = unsafe iovec(
            iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
        let offered = unsafe withUnsafeMutablePointer(to: &vector) { vector in
            unsafe offerDirectly(slot, IOVectors(base: vector, count: 1, byteCount: bytes.count))
        }
        switch offered {
        case .failed(let errno): return .failed(errno)
        case .taken(let taken):
            didSend(slot, taken)
            if taken == bytes.count { return .written }
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[taken...])
            return unsafe append(sealed: rest, to: slot) ? .waits : .noMemory
        }
    }

    /// Has sealed bytes wait behind others that are sealed; false when there is no memory.
    private func append(sealed bytes: UnsafeRawBufferPointer, to slot: LoopOwned<ConnectionSlot>) -> Bool {
        guard let buffer = buffers.take(for: slot, minimumCapacity: bytes.count) else { return false }
        unsafe buffer.memory.copyMemory(from: bytes)
        open(slot)[].insert(sealed: OutboundPiece(sealed: bytes.count, in: buffer))
        return true
    }

    /// Offers the kernel what is sealed of a connection's output, or seals some first.
    func offerSealed(
        _ slot: LoopOwned<ConnectionSlot>, _ outbound: LoopOwned<Outbound>
    ) -> Offer {
        if !outbound[].isFrontSealed, let end = sealFront(slot, outbound) { return end }
        let vectors = unsafe state[].cork.vectors
        let (count, bytes) = unsafe outbound[].gatherSealed(into: vectors, max: Cork.vectorsMax)
        return unsafe offer(slot, vectors, count, bytes)
    }

    /// Seals what stands in front of the output, where nothing does that is sealed; nil when there is
    /// something to offer then, else what came of it.
    private func sealFront(
        _ slot: LoopOwned<ConnectionSlot>, _ outbound: LoopOwned<Outbound>
    ) -> Offer? {
        let vectors = unsafe state[].cork.vectors
        let step: IOVectors
        if let file = outbound[].frontFile {
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
            step = unsafe outbound[].gather(
                into: vectors, max: Cork.vectorsMax, bytesMax: SealRoom.bytesMax)
        }
        let most = slot.withTransform { $0.sealedBytesMax(of: step.byteCount) }
        guard let buffer = buffers.take(for: slot, minimumCapacity: most) else { return .noMemory }
        let made = slot.withTransform { unsafe $0.seal(step, into: buffer.memory) }
        guard let made else { return .failed(Self.unsealed) }
        if made == 0 {
            // The peer is to hear nothing of what waits: a file is not read to its end for that.
            outbound[].consume(outbound[].byteCount)
            return .sent(0, isAll: true)
        }
        outbound[].consume(step.byteCount)
        outbound[].insert(sealed: OutboundPiece(sealed: made, in: buffer))
        return nil
    }
}
