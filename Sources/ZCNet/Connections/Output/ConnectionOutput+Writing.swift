import ZCLibC

/// Offering waiting output to the kernel.
extension ConnectionOutput {
    /// Calls `body` for every connection with output to write, and for those that come to it meanwhile.
    func forEachDirty(_ body: (ConnectionID) -> Void) {
        while !state[].dirty.isEmpty {
            var ids: [ConnectionID] = []
            swap(&ids, &state[].dirty)
            for id in ids { body(id) }
            if state[].dirty.isEmpty {
                ids.removeAll(keepingCapacity: true)
                state[].dirty = ids
            }
        }
    }

    /// Whether some connection has output to write at the end of the turn.
    var hasDirty: Bool { !state[].dirty.isEmpty }

    /// Takes the connection off that list; whether the kernel has room for its output, as far as is known.
    func isDue(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        slot[].flags.remove(.dirty)
        return !slot[].flags.contains(.blocked)
    }

    /// So many bytes of a send in flight are done, or (0) there is room again. Answers whether there is
    /// something to go on with.
    func didComplete(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) -> Bool {
        guard let outbound = unsafe slot[].outbound else { return false }
        if count > 0 {
            unsafe outbound.pointee.inFlight -= count
            unsafe outbound.pointee.consume(count)
            didSend(slot, count)
        }
        if unsafe outbound.pointee.inFlight > 0 { return false }
        slot[].flags.remove(.blocked)
        return true
    }

    /// Offers waiting output to the kernel until it is out, or the kernel is full.
    func write(_ slot: LoopOwned<ConnectionSlot>) -> Outcome {
        guard let outbound = unsafe slot[].outbound else { return .written }
        switch unsafe offerAll(slot, outbound) {
        case .sourceEnded: return .sourceEnded
        case .noMemory: return .noMemory
        case .failed(let errno): return .failed(errno)
        case .sent, .inFlight: break
        }
        updateQueuedBytes(slot)
        guard unsafe outbound.pointee.isEmpty else {
            unsafe outbound.pointee.settle()
            return .waits
        }
        close(slot)
        return .written
    }

    /// Writes before the end of the turn what was gathered by reference; the turn's end does the rest, and
    /// tells the handler.
    func writeEarly(_ slot: LoopOwned<ConnectionSlot>) -> Outcome {
        guard let outbound = unsafe slot[].outbound else { return .written }
        switch unsafe offerAll(slot, outbound) {
        case .sourceEnded: return .sourceEnded
        case .noMemory: return .noMemory
        case .failed(let errno): return .failed(errno)
        case .sent, .inFlight: break
        }
        updateQueuedBytes(slot)
        if slot[].flags.contains(.blocked) { unsafe outbound.pointee.settle() }
        return .written
    }

    /// Offers a direct driver bytes that many connections are sent, with nothing in front of them; refers to
    /// what it does not take.
    ///
    /// - Precondition: no callback of a connection is running.
    func offer(_ bytes: SharedBytes, of slot: LoopOwned<ConnectionSlot>) -> Outcome {
        let offered = unsafe bytes.withUnsafeBytes { memory in
            // Between callbacks the cork's vectors are free to be used.
            let vectors = unsafe state[].cork.vectors
            unsafe vectors[0] = iovec(
                iov_base: UnsafeMutableRawPointer(mutating: memory.baseAddress), iov_len: memory.count)
            return unsafe offerDirectly(
                slot, IOVectors(base: vectors, count: 1, byteCount: memory.count))
        }
        switch offered {
        case .failed(let errno): return .failed(errno)
        case .taken(let taken):
            didSend(slot, taken)
            if taken == bytes.count { return .written }
            let outbound = unsafe open(slot)
            unsafe outbound.pointee.append(bytes)
            unsafe outbound.pointee.consume(taken)
            return .waits
        }
    }

    // MARK: Steps

    /// What came of one offer.
    enum Offer {
        case sent(Int, isAll: Bool)
        case inFlight(Int)
        case sourceEnded
        case noMemory
        case failed(Errno)
    }

    /// Offers waiting output until it is out, or the kernel is full; answers what came last.
    private func offerAll(
        _ slot: LoopOwned<ConnectionSlot>, _ outbound: UnsafeMutablePointer<Outbound>
    ) -> Offer {
        var last = Offer.sent(0, isAll: true)
        while unsafe !outbound.pointee.isEmpty {
            last = unsafe offer(slot, outbound)
            switch last {
            case .sent(let count, let isAll):
                unsafe outbound.pointee.consume(count)
                didSend(slot, count)
                if isAll { continue }
                metrics.add(1, to: .partialSends)
                slot[].flags.insert(.blocked)
            case .inFlight(let count):
                unsafe outbound.pointee.inFlight = count
                slot[].flags.insert(.blocked)
            case .sourceEnded, .noMemory, .failed: break
            }
            break
        }
        return last
    }

    private func offer(_ slot: LoopOwned<ConnectionSlot>, _ outbound: UnsafeMutablePointer<Outbound>) -> Offer
    {
        if slot[].flags.contains(.transformed) { return unsafe offerSealed(slot, outbound) }
        if let file = unsafe outbound.pointee.frontFile {
            switch driver.sendFile(slot[].descriptor, token: slot[].id.token, from: file.source) {
            case .sent(let count):
                // A short transfer may have other reasons than a full socket: only "none at all" is that.
                return .sent(count, isAll: count > 0)
            case .inFlight: return .inFlight(file.source.count)
            case .sourceEnded: return .sourceEnded
            case .failed(let errno): return .failed(errno)
            }
        }
        // Between callbacks the cork's vectors are free to be used.
        let vectors = unsafe state[].cork.vectors
        let (count, bytes) = unsafe outbound.pointee.gather(into: vectors, max: Cork.vectorsMax)
        return unsafe offer(slot, vectors, count, bytes)
    }

    /// Offers gathered bytes to the kernel.
    func offer(
        _ slot: LoopOwned<ConnectionSlot>, _ vectors: UnsafeMutablePointer<iovec>, _ count: Int, _ bytes: Int
    ) -> Offer {
        let offered = unsafe IOVectors(base: vectors, count: count, byteCount: bytes)
        switch driver.send(slot[].descriptor, token: slot[].id.token, vectors: offered) {
        case .sent(let sent): return .sent(sent, isAll: sent == bytes)
        case .inFlight: return .inFlight(bytes)
        case .sourceEnded: return .sourceEnded
        case .failed(let errno): return .failed(errno)
        }
    }
}
