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
        guard let outbound = unsafe slot[].outbound else { return (0, 0) }
        return unsafe (outbound.pointee.pooledBytes, outbound.pointee.referredBytes)
    }

    /// All bytes that wait, file ranges included.
    func waitingBytes(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        unsafe slot[].outbound?.pointee.byteCount ?? 0
    }

    // MARK: Adding

    /// Copies bytes behind what waits; false when there is no memory.
    func append(copying bytes: UnsafeRawBufferPointer, to slot: LoopOwned<ConnectionSlot>) -> Bool {
        guard reserve(bytes.count, of: slot) else { return false }
        unsafe slot[].outbound?.pointee.append(copying: bytes)
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
            unsafe slot[].outbound?.pointee.append(
                copying: UnsafeRawBufferPointer(rebasing: memory[..<head.count]))
        }
        unsafe slot[].outbound?.pointee.append(copying: body)
        return true
    }

    /// Queues a reference to bytes.
    func append(_ bytes: SharedBytes, key: UInt64, to slot: LoopOwned<ConnectionSlot>) {
        unsafe open(slot).pointee.append(bytes, key: key)
    }

    /// Queues a range of a file.
    func append(_ file: FileTransfer, to slot: LoopOwned<ConnectionSlot>) {
        unsafe open(slot).pointee.append(file)
    }

    /// The byte count of a waiting piece of the key, for which newer bytes may be put; nil where there is
    /// none.
    func replaceableCount(_ slot: LoopOwned<ConnectionSlot>, key: UInt64) -> Int? {
        unsafe slot[].outbound?.pointee.replaceableCount(key: key)
    }

    /// Puts bytes in the place of a waiting piece of the same key.
    func conflate(_ slot: LoopOwned<ConnectionSlot>, _ bytes: SharedBytes, key: UInt64) {
        _ = unsafe slot[].outbound?.pointee.conflate(bytes, key: key)
        metrics.add(1, to: .conflatedMessages)
    }

    /// Makes room behind what waits; false, and nothing changed, when there is no memory.
    private func reserve(_ count: Int, of slot: LoopOwned<ConnectionSlot>) -> Bool {
        let outbound = unsafe open(slot)
        if unsafe outbound.pointee.reserve(count, from: buffers.pool) { return true }
        buffers.makeRoom(for: slot, pooled: max(count, Outbound.bufferBytesMin))
        if unsafe outbound.pointee.reserve(count, from: buffers.pool) { return true }
        // A callback that is not to be gathered from keeps its queue.
        if unsafe outbound.pointee.isEmpty && state[].cork.owner != slot[].id { close(slot) }
        return false
    }

    /// After output was added: has it written at the end of the turn. Answers whether more waits than
    /// `highWatermark`.
    func didQueue(_ slot: LoopOwned<ConnectionSlot>, highWatermark: UInt32) -> Bool {
        updateQueuedBytes(slot)
        if slot[].flags.contains(.blocked) {
            unsafe slot[].outbound?.pointee.settle()
        } else if !slot[].flags.contains(.dirty) {
            slot[].flags.insert(.dirty)
            state[].dirty.append(slot[].id)
        }
        return slot[].queuedBytes > highWatermark
    }

    func updateQueuedBytes(_ slot: LoopOwned<ConnectionSlot>) {
        let count = unsafe slot[].outbound?.pointee.memoryByteCount ?? 0
        metrics.add(count - Int(slot[].queuedBytes), to: .queuedBytes)
        slot[].queuedBytes = UInt32(clamping: count)
    }

    /// Drops waiting output; answers how many bytes that were.
    func drop(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        guard let outbound = unsafe slot[].outbound else { return 0 }
        let dropped = unsafe outbound.pointee.byteCount
        unsafe slot[].outbound = nil
        unsafe Self.free(outbound)
        metrics.add(-Int(slot[].queuedBytes), to: .queuedBytes)
        slot[].queuedBytes = 0
        return dropped
    }

    /// As `drop`, for a connection that is not closed yet; nil where the driver is sending from where the
    /// bytes lie, which must stay until the descriptor is closed.
    func dropEarly(_ slot: LoopOwned<ConnectionSlot>) -> Int? {
        guard let outbound = unsafe slot[].outbound, unsafe outbound.pointee.inFlight == 0 else { return nil }
        return drop(slot)
    }

    // MARK: Queues

    /// How many queues are kept for whoever needs one.
    private static let sparesMax = 64

    /// The connection's output queue, made when there is none.
    @discardableResult
    func open(_ slot: LoopOwned<ConnectionSlot>) -> UnsafeMutablePointer<Outbound> {
        if let outbound = unsafe slot[].outbound { return unsafe outbound }
        let outbound = unsafe state[].spares.popLast() ?? make()
        unsafe slot[].outbound = outbound
        unsafe outbound.pointee.open()
        buffers.noteHolding(slot)
        return unsafe outbound
    }

    private func make() -> UnsafeMutablePointer<Outbound> {
        let memory = UnsafeMutablePointer<Outbound>.allocate(capacity: 1)
        unsafe memory.initialize(to: Outbound(books))
        return unsafe memory
    }

    /// Gives an empty queue back; a few are kept.
    func close(_ slot: LoopOwned<ConnectionSlot>) {
        guard let outbound = unsafe slot[].outbound else { return }
        unsafe slot[].outbound = nil
        let isSmall = unsafe outbound.pointee.close()
        if unsafe isSmall && state[].spares.count < Self.sparesMax {
            unsafe state[].spares.append(outbound)
        } else {
            unsafe Self.free(outbound)
        }
    }

    static func free(_ outbound: UnsafeMutablePointer<Outbound>) {
        unsafe outbound.deinitialize(count: 1)
        unsafe outbound.deallocate()
    }

    /// Whether a queue is kept for later; for tests.
    var hasSpares: Bool { unsafe !state[].spares.isEmpty }
}
