import Glibc

extension ConnectionHost {
    /// Sends bytes that stay where they are for the length of this call.
    @usableFromInline
    package func send(_ slot: LoopOwned<ConnectionSlot>, _ bytes: UnsafeRawBufferPointer) -> SendResult {
        guard slot[].flags.isDisjoint(with: [.closing, .finishing, .finishedSending]) else { return .closed }
        if unsafe bytes.isEmpty { return .sent }
        if unsafe slot[].outbound == nil && state[].cork.owner == slot[].id {
            return unsafe sendCorked(slot, bytes)
        }
        guard hasRoom(slot, bytes.count) else { return overflow(slot, bytes.count) }
        guard unsafe appendCopy(slot, bytes) else { return overflow(slot, bytes.count) }
        return didQueue(slot)
    }

    /// Sends bytes that may be referred to for as long as it takes.
    package func send(_ slot: LoopOwned<ConnectionSlot>, _ bytes: SharedBytes, key: UInt64) -> SendResult {
        if bytes.count <= Outbound.copyBytesMax && key == 0 || isCorked(slot) {
            return unsafe bytes.withUnsafeBytes { unsafe send(slot, $0) }
        }
        guard slot[].flags.isDisjoint(with: [.closing, .finishing, .finishedSending]) else { return .closed }
        if bytes.isEmpty { return .sent }
        // Only what the kernel does not take in time is replaced: a reader that keeps up gets every value.
        let isSlow = key != 0 && slot[].flags.contains(.blocked)
        if isSlow, slot[].policy == .conflate, let result = conflate(slot, bytes, key) { return result }
        guard hasRoom(slot, bytes.count), mayWait(slot, bytes) else { return overflow(slot, bytes.count) }
        unsafe openOutbound(slot).pointee.append(bytes, key: key)
        return didQueue(slot)
    }

    /// Whether what is sent leaves with the callback that is running, as far as the kernel takes it.
    @inline(__always)
    func isCorked(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        unsafe slot[].outbound == nil && state[].cork.owner == slot[].id
    }

    /// Sends from a file, behind everything sent before.
    func send(_ slot: LoopOwned<ConnectionSlot>, _ file: FileTransfer) -> SendResult {
        guard slot[].flags.isDisjoint(with: [.closing, .finishing, .finishedSending]) else { return .closed }
        if file.remaining == 0 { return .sent }
        // A file occupies no memory, so it counts neither towards the limit nor as pressure.
        flushCork(slot)
        unsafe openOutbound(slot).pointee.append(file)
        return didQueue(slot)
    }

    // MARK: The cork

    private func sendCorked(
        _ slot: LoopOwned<ConnectionSlot>, _ bytes: UnsafeRawBufferPointer
    ) -> SendResult {
        guard state[].cork.byteCount + bytes.count <= Int(slot[].outboundBytesMax) else {
            if state[].cork.byteCount == 0 { return overflow(slot, bytes.count) }
            // The kernel may take what was gathered; if not, it waits, and `onWritable` comes when it is
            // gone.
            flushCork(slot)
            return unsafe send(slot, bytes)
        }
        let isRoomy = state[].cork.vectorCount < Cork.vectorsMax - 1
        let isLent = unsafe state[].cork.isLent(bytes)
        if isLent && bytes.count >= Cork.borrowBytesMin && isRoomy {
            unsafe state[].cork.refer(to: bytes)
            return .sent
        }
        if !state[].cork.hasRoom(bytes.count) {
            // Too large to be gathered: what was gathered and these bytes leave together, from where they
            // are.
            if bytes.count > state[].cork.capacity / 4 && isRoomy {
                unsafe state[].cork.refer(to: bytes)
                flushCork(slot)
                if slot[].flags.contains(.closing) { return .closed }
                return unsafe slot[].outbound == nil ? .sent : .queued
            }
            flushCork(slot)
            return unsafe send(slot, bytes)
        }
        unsafe UnsafeMutableRawBufferPointer(start: state[].cork.append(bytes.count), count: bytes.count)
            .copyMemory(from: bytes)
        return .sent
    }

    /// Offers the kernel what the callback gathered; keeps what it does not take.
    @inline(__always)
    func flushCork(_ slot: LoopOwned<ConnectionSlot>) {
        if state[].cork.byteCount > 0 { writeCork(slot) }
    }

    private func writeCork(_ slot: LoopOwned<ConnectionSlot>) {
        if slot[].flags.contains(.transformed) { return sealCork(slot) }
        let total = state[].cork.byteCount
        var taken = 0
        if unsafe slot[].outbound == nil && sendsDirectly {
            let vectors = unsafe IOVectors(
                base: state[].cork.vectors, count: state[].cork.vectorCount, byteCount: total)
            guard let count = offerDirectly(slot, vectors) else { return state[].cork.reset() }
            taken = count
        }
        didSend(slot, taken)
        if taken < total { queueCork(slot, after: taken) }
        state[].cork.reset()
    }

    /// Offers a direct driver bytes with nothing in front of them. Answers how many it took, or nil when the
    /// connection is over.
    @inline(__always)
    func offerDirectly(_ slot: LoopOwned<ConnectionSlot>, _ vectors: IOVectors) -> Int? {
        switch driver.send(slot[].descriptor, token: slot[].id.token, vectors: vectors) {
        case .sent(let taken):
            if taken < vectors.byteCount {
                slot[].flags.insert(.blocked)
                metrics.add(1, to: .partialSends)
            }
            return taken
        case .failed(let errno):
            breakOff(slot, errno)
            return nil
        case .inFlight, .sourceEnded: preconditionFailure("a direct driver answers .sent or .failed")
        }
    }

    /// Copies what the kernel did not take to the connection's own output.
    func queueCork(_ slot: LoopOwned<ConnectionSlot>, after taken: Int) {
        var skip = taken
        for index in 0..<state[].cork.vectorCount {
            let vector = unsafe state[].cork.vectors[index]
            let bytes = unsafe UnsafeRawBufferPointer(start: vector.iov_base, count: vector.iov_len)
            let passed = min(skip, bytes.count)
            skip -= passed
            if passed == bytes.count { continue }
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[passed...])
            guard unsafe appendCopy(slot, rest) else {
                // Accepted already, so it must not be dropped in silence: the connection goes, with its
                // cause.
                return end(slot, CloseReason(.overflow), isAbortive: true)
            }
        }
        _ = didQueue(slot)
    }

    // MARK: Waiting output

    private func conflate(
        _ slot: LoopOwned<ConnectionSlot>, _ bytes: SharedBytes, _ key: UInt64
    ) -> SendResult? {
        guard let outbound = unsafe slot[].outbound,
            let replaced = unsafe outbound.pointee.replaceableCount(key: key)
        else { return nil }
        guard hasRoom(slot, bytes.count - replaced), mayWait(slot, bytes) else {
            return overflow(slot, bytes.count)
        }
        _ = unsafe outbound.pointee.conflate(bytes, key: key)
        metrics.add(1, to: .conflatedMessages)
        return didQueue(slot)
    }

    /// The connection's output queue, made when there is none.
    @discardableResult
    func openOutbound(_ slot: LoopOwned<ConnectionSlot>) -> UnsafeMutablePointer<Outbound> {
        if let outbound = unsafe slot[].outbound { return unsafe outbound }
        let outbound = unsafe state[].spareOutbounds.popLast() ?? makeOutbound()
        unsafe slot[].outbound = outbound
        unsafe outbound.pointee.open()
        noteHolding(slot)
        return unsafe outbound
    }

    private func makeOutbound() -> UnsafeMutablePointer<Outbound> {
        let memory = UnsafeMutablePointer<Outbound>.allocate(capacity: 1)
        unsafe memory.initialize(to: Outbound(outputBooks))
        return unsafe memory
    }

    /// Copies bytes behind what waits; false when there is no memory.
    func appendCopy(_ slot: LoopOwned<ConnectionSlot>, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard reserveCopy(slot, bytes.count) else { return false }
        unsafe slot[].outbound?.pointee.append(copying: bytes)
        return true
    }

    /// Makes room behind what waits; false, and nothing changed, when there is no memory.
    func reserveCopy(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) -> Bool {
        let outbound = unsafe openOutbound(slot)
        if unsafe outbound.pointee.reserve(count, from: state[].pool) { return true }
        let capacity = state[].pool.capacity(for: max(count, Outbound.bufferBytesMin))
        makeRoom(for: slot, capacity, isPooled: true)
        if unsafe outbound.pointee.reserve(count, from: state[].pool) { return true }
        // A callback that is not to be corked keeps its queue.
        if unsafe outbound.pointee.isEmpty && state[].cork.owner != slot[].id { closeOutbound(slot) }
        return false
    }

    /// Whether shared bytes may wait for a reader that is known to be slow. For others they are counted when
    /// they still wait at the end of the turn.
    func mayWait(_ slot: LoopOwned<ConnectionSlot>, _ bytes: SharedBytes) -> Bool {
        guard slot[].flags.contains(.blocked) else { return true }
        let cost = outputBooks.cost(of: bytes) + MemoryLayout<OutboundPiece>.stride
        if cost <= budget.available { return true }
        makeRoom(for: slot, cost, isPooled: false)
        return cost <= budget.available
    }

    static func free(_ outbound: UnsafeMutablePointer<Outbound>) {
        unsafe outbound.deinitialize(count: 1)
        unsafe outbound.deallocate()
    }

    /// Gives an empty queue back; a few are kept.
    func closeOutbound(_ slot: LoopOwned<ConnectionSlot>) {
        guard let outbound = unsafe slot[].outbound else { return }
        unsafe slot[].outbound = nil
        let isSmall = unsafe outbound.pointee.close()
        if unsafe isSmall && state[].spareOutbounds.count < 64 {
            unsafe state[].spareOutbounds.append(outbound)
        } else {
            unsafe Self.free(outbound)
        }
    }

    /// Drops waiting output; answers how many bytes that were.
    func dropOutbound(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        guard let outbound = unsafe slot[].outbound else { return 0 }
        let dropped = unsafe outbound.pointee.byteCount
        unsafe slot[].outbound = nil
        unsafe Self.free(outbound)
        metrics.add(-Int(slot[].queuedBytes), to: .queuedBytes)
        slot[].queuedBytes = 0
        return dropped
    }

    /// After output was added: has it written at the end of the turn, and feels the pressure.
    func didQueue(_ slot: LoopOwned<ConnectionSlot>) -> SendResult {
        updateQueuedBytes(slot)
        let isBlocked = slot[].flags.contains(.blocked)
        if isBlocked { unsafe slot[].outbound?.pointee.settle() } else { markDirty(slot) }
        if slot[].queuedBytes > withRole(of: slot, { $0.highWatermark }) {
            slot[].flags.insert(.writableOwed)
            if slot[].flags.contains(.pausesUnderPressure) { pause(slot, .pausedByPressure) }
        }
        return isBlocked ? .queued : .sent
    }

    private func markDirty(_ slot: LoopOwned<ConnectionSlot>) {
        if slot[].flags.contains(.dirty) { return }
        slot[].flags.insert(.dirty)
        state[].dirty.append(slot[].id)
    }

    func updateQueuedBytes(_ slot: LoopOwned<ConnectionSlot>) {
        let count = unsafe slot[].outbound?.pointee.memoryByteCount ?? 0
        metrics.add(count - Int(slot[].queuedBytes), to: .queuedBytes)
        slot[].queuedBytes = UInt32(clamping: count)
    }

    @inline(__always)
    func didSend(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) {
        slot[].bytesOut &+= UInt64(count)
        slot[].lastActivity = state[].now
        metrics.recordSend(bytes: count)
    }

    // MARK: Writing

    package func sent(_ token: Token, count: Int) {
        guard let slot = find(token), let outbound = unsafe slot[].outbound else { return }
        if count > 0 {
            unsafe outbound.pointee.inFlight -= count
            unsafe outbound.pointee.consume(count)
            didSend(slot, count)
        }
        if unsafe outbound.pointee.inFlight > 0 { return }
        slot[].flags.remove(.blocked)
        write(slot)
        finishEnding()
    }

    /// Writes what was queued during the turn.
    func writeDirty() {
        while !state[].dirty.isEmpty {
            var ids: [ConnectionID] = []
            swap(&ids, &state[].dirty)
            for id in ids {
                guard let slot = find(id.token) else { continue }
                slot[].flags.remove(.dirty)
                if !slot[].flags.contains(.blocked) { write(slot) }
            }
            if state[].dirty.isEmpty {
                ids.removeAll(keepingCapacity: true)
                state[].dirty = ids
            }
        }
    }

    /// Offers waiting output to the kernel until it is out, or the kernel is full.
    private func write(_ slot: LoopOwned<ConnectionSlot>) {
        guard let outbound = unsafe slot[].outbound else { return }
        switch unsafe offerAll(slot, outbound) {
        case .sourceEnded:
            // The peer was promised a range that no longer exists; only breaking off tells it so.
            return breakOff(slot, Errno(rawValue: EIO))
        case .noMemory: return end(slot, CloseReason(.overflow), isAbortive: true)
        case .failed(let errno): return breakOff(slot, errno)
        case .sent, .inFlight: break
        }
        updateQueuedBytes(slot)
        if unsafe outbound.pointee.isEmpty {
            closeOutbound(slot)
        } else {
            unsafe outbound.pointee.settle()
        }
        relievePressure(slot)
    }

    /// Offers waiting output until it is out, or the kernel is full; answers what came last.
    func offerAll(_ slot: LoopOwned<ConnectionSlot>, _ outbound: UnsafeMutablePointer<Outbound>) -> Offer {
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

    enum Offer {
        case sent(Int, isAll: Bool)
        case inFlight(Int)
        case sourceEnded
        case noMemory
        case failed(Errno)
    }

    private func offer(_ slot: LoopOwned<ConnectionSlot>, _ outbound: UnsafeMutablePointer<Outbound>) -> Offer
    {
        let token = slot[].id.token
        if slot[].flags.contains(.transformed) { return unsafe offerSealed(slot, outbound) }
        if let file = unsafe outbound.pointee.frontFile {
            switch driver.sendFile(slot[].descriptor, token: token, from: file.source) {
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

    /// Once output is down to the low watermark: reads again, tells the handler, goes on with a close.
    private func relievePressure(_ slot: LoopOwned<ConnectionSlot>) {
        if slot[].queuedBytes <= withRole(of: slot, { $0.lowWatermark }) {
            resume(slot, .pausedByPressure)
            if slot[].flags.contains(.writableOwed) && !slot[].flags.contains(.closing) {
                tellWritable(slot)
            }
        }
        if unsafe slot[].outbound == nil && !slot[].flags.isDisjoint(with: [.closing, .finishing]) {
            requestStep(slot)
        }
    }
}
