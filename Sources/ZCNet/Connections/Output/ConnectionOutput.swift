import ZCLibC

/// The output of a loop's connections, on its way to the kernel.
///
/// What the running callback sends is gathered in the `Cork` and offered to the kernel when the callback ends
/// (this file). What the kernel does not take, and what is sent from elsewhere, waits in the connection's own
/// `Outbound`, and is offered again at the end of the turn or when there is room (`+Queue`). For a connection
/// with a transform it is sealed on the way (`+Sealing`).
///
/// The part knows no handlers and ends no connection. What it cannot do it answers, and the host decides.
/// Of a connection's slot it has `outbound`, `queuedBytes`, `bytesOut`, and the flags `blocked`, `dirty`.
///
/// **Ownership.** Owns the cork and every queue; bytes are copied, or referred to as `Cork` says.
///
/// **Threads.** The loop's. **Cost.** Gathering and offering allocate nothing; a queue is made, or taken from
/// a few that are kept, when something has to wait.
final class ConnectionOutput {
    let driver: any Driver
    let metrics: LoopMetrics
    let buffers: ConnectionBuffers
    let books: OutputBooks
    /// Whether the kernel can be offered memory that is only borrowed; see `Driver.sendsDirectly`.
    let sendsDirectly: Bool
    let turn: LoopOwned<Turn>
    /// The part's own: nobody else looks behind it.
    let state: LoopOwned<State>

    /// SAFETY: `@safe` because the pointers in it are the part's own allocations, freed by `deinit`.
    @safe
    struct State: ~Copyable {
        var cork: Cork
        /// Connections with output to write at the end of the turn.
        var dirty: [ConnectionID] = []
        /// Queues that nobody has, for the next who needs one.
        var spares: [LoopOwned<Outbound>] = []
        var sealRoom = SealRoom()
    }

    /// What came of offering the kernel something.
    enum Outcome {
        /// The kernel has taken everything.
        case written
        /// Some of it waits.
        case waits
        /// The connection is broken.
        case failed(Errno)
        /// A file ended before the range that the peer was promised.
        case sourceEnded
        /// There is no memory for what has to wait, though it was accepted.
        case noMemory
    }

    init(
        driver: any Driver, metrics: LoopMetrics, buffers: ConnectionBuffers, turn: LoopOwned<Turn>,
        corkBytes: Int
    ) {
        self.driver = driver
        self.metrics = metrics
        self.buffers = buffers
        self.turn = turn
        books = OutputBooks(buffers.budget)
        sendsDirectly = driver.sendsDirectly
        state = LoopOwned(allocating: State(cork: Cork(capacity: corkBytes, stage: driver.stage)))
    }

    deinit {
        // SAFETY: the loop has ended and with it every connection; nobody refers to the state.
        while let outbound = state[].spares.popLast() { outbound.free() }
        state.free()
    }

    // MARK: A callback's own

    /// A callback of the connection begins: what it sends to it is gathered.
    @inline(__always)
    func begin(_ slot: LoopOwned<ConnectionSlot>) {
        state[].cork.owner = slot[].id
        state[].cork.isOpaque = slot[].flags.contains(.transformed)
    }

    /// As `begin`; the callback is lent bytes, which stay until `end` and need not be copied.
    @inline(__always)
    func begin(_ slot: LoopOwned<ConnectionSlot>, lent bytes: UnsafeRawBufferPointer) {
        let start = UInt(bitPattern: bytes.baseAddress)
        state[].cork.lentStart = start
        state[].cork.lentEnd = start + UInt(bytes.count)
        begin(slot)
    }

    /// What the connection sends from here on is transformed; what was gathered has been written, and what
    /// waits leaves as it is.
    func beginTransforming(_ slot: LoopOwned<ConnectionSlot>) {
        slot[].outbound?[].markSealed()
        state[].cork.isOpaque = true
    }

    /// The callback is over, and what it gathered has been written.
    @inline(__always)
    func end() {
        state[].cork.owner = ConnectionID(rawValue: 0)
        state[].cork.lentStart = 0
        state[].cork.lentEnd = 0
    }

    /// The connection whose callback is running, or the id of nobody.
    var running: ConnectionID { state[].cork.owner }

    /// How many bytes the running callback is lent.
    var lentCount: Int { Int(state[].cork.lentEnd - state[].cork.lentStart) }

    /// Whether what is sent to the connection now is gathered: its callback is running, and nothing waits.
    @inline(__always)
    func gathers(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        slot[].outbound == nil && state[].cork.owner == slot[].id
    }

    /// How much one callback may send at least before some of it is written.
    var corkBytes: Int { state[].cork.capacity }

    /// Whether something was gathered that is to be written.
    @inline(__always)
    var hasGathered: Bool { state[].cork.byteCount > 0 }

    // MARK: Gathering

    /// What became of bytes that are to be gathered.
    enum Gathering {
        case gathered
        /// They are pointed at, and the sender's only until its call returns: write now.
        case borrowed
        /// No room: write first, and offer them again.
        case full
        /// More than the connection may have waiting, with nothing in front of them.
        case excessive
    }

    /// Gathers bytes that the sender keeps in place for the length of the call.
    @inline(__always)
    func gather(_ bytes: UnsafeRawBufferPointer, of slot: LoopOwned<ConnectionSlot>) -> Gathering {
        guard state[].cork.byteCount + bytes.count <= Int(slot[].outboundBytesMax) else {
            return state[].cork.byteCount == 0 ? .excessive : .full
        }
        let isRoomy = state[].cork.vectorCount < Cork.vectorsMax - 1
        if isRoomy && bytes.count >= Cork.borrowBytesMin && !state[].cork.isForStage(bytes.count) {
            if unsafe state[].cork.isLent(bytes) {
                unsafe state[].cork.refer(to: bytes)
                return .gathered
            }
        }
        if !state[].cork.hasRoom(bytes.count) {
            // Too large to be gathered: what was gathered and these bytes leave together, from where they
            // are.
            guard bytes.count > state[].cork.capacity / 4 && isRoomy else { return .full }
            unsafe state[].cork.refer(to: bytes)
            return .borrowed
        }
        unsafe UnsafeMutableRawBufferPointer(start: state[].cork.append(bytes.count), count: bytes.count)
            .copyMemory(from: bytes)
        return .gathered
    }

    /// Up to so many bytes a message is copied into the cork in one go: cheaper than the two vectors that
    /// pointing at its body takes (measured: see Docs/Performance.md).
    private static var smallMessageBytesMax: Int { 4096 }

    /// Gathers a message of two parts, both or neither. A message that is `exempt` passes although the
    /// connection's limit is reached.
    @inline(__always)
    func gather(
        _ head: MessageHead, _ body: UnsafeRawBufferPointer, of slot: LoopOwned<ConnectionSlot>,
        exempt: Bool
    ) -> Gathering {
        let total = head.count + body.count
        guard state[].cork.byteCount + total <= Int(slot[].outboundBytesMax) || exempt else {
            return state[].cork.byteCount == 0 ? .excessive : .full
        }
        // Sixteen bytes of slack, as a head is stored whole.
        if total <= Self.smallMessageBytesMax && state[].cork.hasRoom(total + 16) {
            let target = unsafe state[].cork.append(total)
            unsafe head.store(to: target)
            unsafe UnsafeMutableRawBufferPointer(start: target + head.count, count: body.count)
                .copyMemory(from: body)
            return .gathered
        }
        return unsafe gatherLarge(head, body)
    }

    /// Points at a large body, or copies it where it must not be pointed at, behind its head.
    private func gatherLarge(_ head: MessageHead, _ body: UnsafeRawBufferPointer) -> Gathering {
        let isLent = unsafe state[].cork.isLent(body) && !state[].cork.isForStage(head.count + body.count)
        let isReferable = isLent || body.count > state[].cork.capacity / 4
        let hasPlace = state[].cork.vectorCount < Cork.vectorsMax - 3
        guard hasPlace && state[].cork.hasRoom(isReferable ? 32 : body.count + 32) else { return .full }
        unsafe head.store(to: state[].cork.append(head.count))
        if isReferable {
            unsafe state[].cork.refer(to: body)
            return isLent ? .gathered : .borrowed
        }
        let target = unsafe state[].cork.append(body.count)
        unsafe UnsafeMutableRawBufferPointer(start: target, count: body.count).copyMemory(from: body)
        return .gathered
    }

    // MARK: Writing what was gathered

    /// Offers the kernel what was gathered; what it does not take waits.
    func flush(_ slot: LoopOwned<ConnectionSlot>) -> Outcome {
        if slot[].flags.contains(.transformed) { return sealGathered(slot) }
        let total = state[].cork.byteCount
        var taken = 0
        if slot[].outbound == nil && sendsDirectly {
            let vectors = unsafe IOVectors(
                base: state[].cork.vectors, count: state[].cork.vectorCount, byteCount: total)
            switch offerDirectly(slot, vectors) {
            case .taken(let count): taken = count
            case .failed(let errno):
                state[].cork.reset()
                return .failed(errno)
            }
        }
        didSend(slot, taken)
        let isKept = taken == total || keepGathered(slot, after: taken)
        state[].cork.reset()
        return taken == total ? .written : isKept ? .waits : .noMemory
    }

    /// What a direct driver took at once of bytes with nothing in front of them.
    enum DirectOffer {
        case taken(Int)
        case failed(Errno)
    }

    /// Offers a direct driver bytes with nothing in front of them.
    @inline(__always)
    func offerDirectly(_ slot: LoopOwned<ConnectionSlot>, _ vectors: IOVectors) -> DirectOffer {
        switch driver.send(slot[].descriptor, token: slot[].id.token, vectors: vectors) {
        case .sent(let taken):
            if taken < vectors.byteCount {
                slot[].flags.insert(.blocked)
                metrics.add(1, to: .partialSends)
            }
            return .taken(taken)
        case .failed(let errno): return .failed(errno)
        case .inFlight, .sourceEnded: preconditionFailure("a direct driver answers .sent or .failed")
        }
    }

    /// Copies what the kernel did not take behind what waits; false when there is no memory.
    func keepGathered(_ slot: LoopOwned<ConnectionSlot>, after taken: Int) -> Bool {
        var skip = taken
        for index in 0..<state[].cork.vectorCount {
            let vector = unsafe state[].cork.vectors[index]
            let bytes = unsafe UnsafeRawBufferPointer(start: vector.iov_base, count: vector.iov_len)
            let passed = min(skip, bytes.count)
            skip -= passed
            if passed == bytes.count { continue }
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[passed...])
            guard unsafe append(copying: rest, to: slot) else { return false }
        }
        return true
    }

    @inline(__always)
    func didSend(_ slot: LoopOwned<ConnectionSlot>, _ count: Int) {
        slot[].bytesOut &+= UInt64(count)
        slot[].lastActivity = turn[].now
        metrics.recordSend(bytes: count)
    }
}
