import ZCLibC

/// Output that waits: a queue per connection, only while it has something in it.
extension ConnectionOutput {
    // MARK: What waits

    /// Whether so many more bytes are within the connection's limit.
    func hasRoom(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) -> Bool {
        count <= Int(slot[].outboundBytesMax) - Int(slot[].queuedBytes)
    }

    /// Whether shared bytes may wait for a reader that is known to be slow. For others they are counted when
    /// they still wait at the end of the turn.
    func mayWait(_ slot: LoopOwned<ConnectionSlot>, _ bytes: SharedBytes) -> Bool {
        guard slot[].flags.contains(.blocked) else { return true }
        return buffers.mayKeep(books.cost(of: bytes) + MemoryLayout<OutboundPiece>.stride, for: slot)
    }

    /// What waiting output takes of the loop's memory: pooled buffers, and everything else.
    func memoryHeld(_ slot: LoopOwned<ConnectionSlot>) -> (pooled: Int, referred: Int) {
        guard let outbound = slot[].outbound else { return (0, 0) }
        return (outbound[].pooledBytes, outbound[].referredBytes)
    }

    /// All bytes that wait, file ranges included.
    func waitingBytes(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        slot[].outbound?[].byteCount ?? 0
    }

    // MARK: Adding

    /// Copies bytes behind what waits; false when there is no memory.
    func append(copying bytes: UnsafeRawBufferPointer, to slot: LoopOwned<ConnectionSlot>) -> Bool {
        guard reserve(bytes.count, of: slot) else { return false }
        unsafe slot[].outbound?[].append(copying: bytes)
        return true
    }

    /// Copies a message of two parts behind what waits; false, and nothing changed, when there is no memory
    /// for both: a head without its body would break the stream.
    func append(
        _ head: MessageHead, _ body: UnsafeRawBufferPointer, to slot: LoopOwned<ConnectionSlot>
    ) -> Bool {
        guard reserve(head.count + body.count, of: slot) else { return false }
        var bytes = (UInt64(0), UInt64(0))
        unsafe withUnsafeMutableBytes(of: &bytes) { memory in
            guard let start = memory.baseAddress else { return }
            unsafe head.store(to: start)
            unsafe slot[].outbound?[].append(
                copying: UnsafeRawBufferPointer(rebasing: memory[..<head.count]))
        }
        unsafe slot[].outbound?[].append(copying: body)
        return true
    }

    /// Queues a reference to bytes.
    func append(_ bytes: SharedBytes, key: UInt64, to slot: LoopOwned<ConnectionSlot>) {
        open(slot)[].append(bytes, key: key)
    }

    /// Queues a range of a file.
    func append(_ file: FileTransfer, to slot: LoopOwned<ConnectionSlot>) {
        open(slot)[].append(file)
    }

    /// The byte count of a waiting piece of the key, for which newer bytes may be put; nil where there is
    /// none.
    func replaceableCount(_ slot: LoopOwned<ConnectionSlot>, key: UInt64) -> Int? {
        slot[].outbound?[].replaceableCount(key: key)
    }

    /// Puts bytes in the place of a waiting piece of the same key.
    func conflate(_ slot: LoopOwned<ConnectionSlot>, _ bytes: SharedBytes, key: UInt64) {
        _ = slot[].outbound?[].conflate(bytes, key: key)
        metrics.add(1, to: .conflatedMessages)
    }

    /// Makes room behind what waits; false, and nothing changed, when there is no memory.
    private func reserve(_ count: Int, of slot: LoopOwned<ConnectionSlot>) -> Bool {
        let outbound = open(slot)
        if outbound[].reserve(count, from: buffers.pool) { return true }
        buffers.makeRoom(for: slot, pooled: max(count, Outbound.bufferBytesMin))
        if outbound[].reserve(count, from: buffers.pool) { return true }
        // A callback that is not to be gathered from keeps its queue.
        if outbound[].isEmpty && state[].cork.owner != slot[].id { close(slot) }
        return false
    }

    /// After output was added: has it written at the end of the turn. Answers whether more waits than
    /// `highWatermark`.
    func didQueue(_ slot: LoopOwned<ConnectionSlot>, highWatermark: UInt32) -> Bool {
        updateQueuedBytes(slot)
        if slot[].flags.contains(.blocked) {
            slot[].outbound?[].settle()
        } else if !slot[].flags.contains(.dirty) {
            slot[].flags.insert(.dirty)
            state[].dirty.append(slot[].id)
        }
        return slot[].queuedBytes > highWatermark
    }

    func updateQueuedBytes(_ slot: LoopOwned<ConnectionSlot>) {
        let count = slot[].outbound?[].memoryByteCount ?? 0
        metrics.add(count - Int(slot[].queuedBytes), to: .queuedBytes)
        slot[].queuedBytes = UInt32(clamping: count)
    }

    /// Drops waiting output; answers how many bytes that were.
    func drop(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        guard let outbound = slot[].outbound else { return 0 }
        let dropped = outbound[].byteCount
        slot[].outbound = nil
        outbound.free()
        metrics.add(-Int(slot[].queuedBytes), to: .queuedBytes)
        slot[].queuedBytes = 0
        return dropped
    }

    /// As `drop`, for a connection that is not closed yet; nil where the driver is sending from where the
    /// bytes lie, which must stay until the descriptor is closed.
    func dropEarly(_ slot: LoopOwned<ConnectionSlot>) -> Int? {
        guard let outbound = slot[].outbound, outbound[].inFlight == 0 else { return nil }
        return drop(slot)
    }

    // MARK: Queues

    /// How many queues are kept for whoever needs one.
    private static let sparesMax = 64

    /// The connection's output queue, made when there is none.
    @discardableResult
    func open(_ slot: LoopOwned<ConnectionSlot>) -> LoopOwned<Outbound> {
        if let outbound = slot[].outbound { return outbound }
        let outbound = state[].spares.popLast() ?? LoopOwned(allocating: Outbound(books))
        slot[].outbound = outbound
        outbound[].open()
        buffers.noteHolding(slot)
        return outbound
    }

    /// Gives an empty queue back; a few are kept.
    func close(_ slot: LoopOwned<ConnectionSlot>) {
        guard let outbound = slot[].outbound else { return }
        slot[].outbound = nil
        let isSmall = outbound[].close()
        if isSmall && state[].spares.count < Self.sparesMax {
            state[].spares.append(outbound)
        } else {
            outbound.free()
        }
    }

    /// Whether a queue is kept for later; for tests.
    var hasSpares: Bool { !state[].spares.isEmpty }
}

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
        guard let outbound = slot[].outbound else { return false }
        if count > 0 {
            outbound[].inFlight -= count
            outbound[].consume(count)
            didSend(slot, count)
        }
        if outbound[].inFlight > 0 { return false }
        slot[].flags.remove(.blocked)
        return true
    }

    /// Offers waiting output to the kernel until it is out, or the kernel is full.
    func write(_ slot: LoopOwned<ConnectionSlot>) -> Outcome {
        guard let outbound = slot[].outbound else { return .written }
        switch offerAll(slot, outbound) {
        case .sourceEnded: return .sourceEnded
        case .noMemory: return .noMemory
        case .failed(let errno): return .failed(errno)
        case .sent, .inFlight: break
        }
        updateQueuedBytes(slot)
        guard outbound[].isEmpty else {
            outbound[].settle()
            return .waits
        }
        close(slot)
        return .written
    }

    /// Writes before the end of the turn what was gathered by reference; the turn's end does the rest, and
    /// tells the handler.
    func writeEarly(_ slot: LoopOwned<ConnectionSlot>) -> Outcome {
        guard let outbound = slot[].outbound else { return .written }
        switch offerAll(slot, outbound) {
        case .sourceEnded: return .sourceEnded
        case .noMemory: return .noMemory
        case .failed(let errno): return .failed(errno)
        case .sent, .inFlight: break
        }
        updateQueuedBytes(slot)
        if slot[].flags.contains(.blocked) { outbound[].settle() }
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
            let outbound = open(slot)
            outbound[].append(bytes)
            outbound[].consume(taken)
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
        _ slot: LoopOwned<ConnectionSlot>, _ outbound: LoopOwned<Outbound>
    ) -> Offer {
        var last = Offer.sent(0, isAll: true)
        while !outbound[].isEmpty {
            last = offer(slot, outbound)
            switch last {
            case .sent(let count, let isAll):
                outbound[].consume(count)
                didSend(slot, count)
                if isAll { continue }
                metrics.add(1, to: .partialSends)
                slot[].flags.insert(.blocked)
            case .inFlight(let count):
                outbound[].inFlight = count
                slot[].flags.insert(.blocked)
            case .sourceEnded, .noMemory, .failed: break
            }
            break
        }
        return last
    }

    private func offer(_ slot: LoopOwned<ConnectionSlot>, _ outbound: LoopOwned<Outbound>) -> Offer {
        if slot[].flags.contains(.transformed) { return offerSealed(slot, outbound) }
        if let file = outbound[].frontFile {
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
        let (count, bytes) = unsafe outbound[].gather(into: vectors, max: Cork.vectorsMax)
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
