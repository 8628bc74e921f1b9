/// What a loop's connections receive, until their handlers have taken it.
///
/// Bytes are received into one chunk of the loop (`ReceiveMemory`), which is lent to the handler in place.
/// What a handler leaves unread is kept in a buffer of the connection's own (`UnreadBytes`), and what comes
/// next is received behind it, or it is moved to the front of the chunk where that is cheaper (this file).
/// When nothing is to be received, and what is shown again once it is, stands in `+Pausing`.
///
/// The part knows no handlers and ends no connection. What it cannot do it answers, and the host decides.
/// Of a connection's slot it has `unread`, and the flags that pause it or speak of what is unread.
///
/// **Ownership.** Owns the chunk and what is unread; both are lent for single calls.
///
/// **Threads.** The loop's. **Cost.** Receiving allocates nothing as long as nothing is retained; leaving
/// bytes unread takes a pooled buffer, unless the connection has one.
final class ConnectionIntake {
    let driver: any Driver
    let buffers: ConnectionBuffers
    let turn: LoopOwned<Turn>
    /// How large the memory is that the loop receives into.
    let chunkBytes: Int
    /// The part's own: nobody else looks behind it.
    let state: LoopOwned<State>

    /// SAFETY: `@safe` because the pointers in it are the part's own allocations, freed by `deinit`.
    @safe
    struct State: ~Copyable {
        var memory: ReceiveMemory
        /// How many bytes the running callback is lent, and how many of the last ones it wants to see again.
        var lent = (count: 0, unread: 0)
        /// Places for unread bytes, nothing in them.
        var spares: [LoopOwned<UnreadBytes>] = []
        /// Connections whose unread bytes are to be shown again, as their handlers have resumed.
        var redeliveries: [ConnectionID] = []
        /// Connections that had something to receive while there was no memory for it.
        var starved: [ConnectionID] = []
        /// Retained chunks have taken their share of the memory: nothing is received until some come back.
        var isStarving = false
    }

    init(driver: any Driver, buffers: ConnectionBuffers, turn: LoopOwned<Turn>, chunks: ChunkPool) {
        self.driver = driver
        self.buffers = buffers
        self.turn = turn
        chunkBytes = chunks.chunkBytes
        state = LoopOwned(allocating: State(memory: ReceiveMemory(pool: chunks)))
    }

    deinit {
        // SAFETY: the loop has ended and with it every connection; nobody refers to the state.
        while let unread = state[].spares.popLast() { unsafe unread.address.deallocate() }
        state.free()
    }

    // MARK: The loop's chunk

    /// Whether the next reception takes another chunk.
    @inline(__always)
    var needsChunk: Bool { !state[].memory.hasChunk }

    /// Room for a connection that has nothing unread, valid until `recycle`.
    @inline(__always)
    func room() -> UnsafeMutableRawBufferPointer { unsafe state[].memory.prepare() }

    /// The first bytes of that room.
    ///
    /// SAFETY: the caller vouches that they were filled, and that neither `room` nor `recycle` is called
    /// while the view is in use, or what was sent from it has yet to be written.
    @unsafe @_lifetime(immortal)
    @inline(__always)
    func chunk(count: Int) -> ReceivedChunk { unsafe state[].memory.uncheckedChunk(count: count) }

    /// The chunk has been shown: the next reception may use what nobody has retained.
    @inline(__always)
    func recycle() { state[].memory.recycle() }

    /// The memory of chunks that handlers have retained, on whatever thread.
    var retainedBytes: Int { state[].memory.retainedBytes }

    // MARK: Lending

    /// A callback is about to be lent so many bytes.
    @inline(__always)
    func beginLending(_ count: Int) { state[].lent = (count, 0) }

    /// The callback is over; answers how many of the last bytes it wants to see again.
    @inline(__always)
    func endLending() -> Int {
        let unread = state[].lent.unread
        state[].lent = (0, 0)
        return unread
    }

    /// The running callback wants to see the last `count` bytes again.
    func leaveUnread(_ count: Int) {
        let lent = state[].lent.count
        precondition(count >= 0 && count <= lent, "leaveUnread(\(count)) of \(lent) bytes")
        state[].lent.unread = count
    }

    // MARK: Room behind what is unread

    /// Where bytes may be received that come behind unread ones.
    ///
    /// SAFETY: `@safe` because the memory is the intake's, and is filled before anything else is asked of it.
    @safe
    enum Room {
        case memory(UnsafeMutableRawBufferPointer)
        /// As much is unread as may be.
        case none(unread: Int)
        case noMemory
    }

    /// Room behind the unread bytes: in the loop's chunk, to whose front they are copied, or in their own
    /// buffer, which is replaced by a larger one if need be.
    ///
    /// Never more than the limit leaves: a handler that pauses early must not find that it left too much.
    func roomBehindUnread(_ slot: LoopOwned<ConnectionSlot>, limit: Int) -> Room {
        guard let unread = slot[].unread else { return unsafe .memory(room()) }
        let inFront = countInFront(slot)
        if inFront > 0 {
            let room = unsafe room()
            unsafe room.copyMemory(from: UnsafeRawBufferPointer(unread[].filled))
            return unsafe .memory(UnsafeMutableRawBufferPointer(rebasing: room[inFront...]))
        }
        let count = unread[].count
        if count >= limit { return .none(unread: count) }
        if unsafe unread[].room.isEmpty {
            let capacity = min(count * 4, max(limit, count + 1))
            if !unread[].extend(to: capacity) {
                guard let larger = buffers.takeToGrow(for: slot, minimumCapacity: capacity) else {
                    return .noMemory
                }
                unread[].move(to: larger)
            }
        }
        let room = unsafe unread[].room
        return unsafe .memory(UnsafeMutableRawBufferPointer(rebasing: room.prefix(limit - count)))
    }

    /// How many unread bytes stand in front of the chunk's room while the connection is received from; 0
    /// where its bytes are received behind them into their own buffer. The answer stays as long as nothing is
    /// kept or recycled.
    func countInFront(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        guard slot[].flags.contains(.unreadGoesInFront), let unread = slot[].unread else { return 0 }
        let count = unread[].count
        // They must not take up most of the room.
        let room = unsafe room()
        return count <= room.count / 4 ? count : 0
    }

    // MARK: Keeping

    /// What became of bytes that are to be kept.
    enum Keeping {
        case kept
        /// More than may stay unread.
        case excessive
        case noMemory
    }

    /// Keeps the last bytes, of which a transform has opened so many, in place of what was unread before.
    func keep(
        _ slot: LoopOwned<ConnectionSlot>, _ bytes: RawSpan, last count: Int, opened: Int, limit: Int
    ) -> Keeping {
        guard count <= limit else { return .excessive }
        // What was left before and is left again, all of it, is as old as it was.
        let before = count == bytes.byteCount ? slot[].unread?[].since : nil
        let since = before ?? turn[].now
        if let unread = slot[].unread, unsafe unread[].buffer.memory.count >= count {
            unread[].clear()
            unread[].since = since
            unread[].openedCount = opened
            unsafe bytes.extracting(last: count).withUnsafeBytes { unsafe unread[].append($0) }
            return .kept
        }
        release(slot)
        // Twice the rest: most messages that straddle two receptions end within the second.
        guard let buffer = buffers.take(for: slot, minimumCapacity: count * 2) else { return .noMemory }
        var unread = UnreadBytes(buffer: buffer, since: since)
        unread.openedCount = opened
        unsafe bytes.extracting(last: count).withUnsafeBytes { source in unsafe unread.append(source) }
        if let place = state[].spares.popLast() {
            unsafe place.address.initialize(to: unread)
            slot[].unread = place
        } else {
            slot[].unread = LoopOwned(allocating: unread)
        }
        return .kept
    }

    /// Keeps only the last of the unread bytes: `rest` of which a transform has opened `opened`, and behind
    /// them what it could not open yet. At least one in all.
    func keepRest(
        _ slot: LoopOwned<ConnectionSlot>, _ rest: Int, opened: Int, unopened: Int, limit: Int
    ) -> Keeping {
        guard let unread = slot[].unread else { return .kept }
        // There was room for no more than the limit, so that more than it is left only where the connection
        // was handed over to one with a smaller limit.
        guard rest <= limit else { return .excessive }
        if rest + unopened < unread[].count { unread[].since = turn[].now }
        unread[].keepLast(rest + unopened)
        unread[].openedCount = opened
        return .kept
    }

    /// After bytes were kept, `fresh` of which have just come: says where those behind them go, and that they
    /// are owed to a handler that has paused.
    func didKeep(_ slot: LoopOwned<ConnectionSlot>, _ count: Int, fresh: Int) {
        // Bytes that were left because the handler paused are to come again without new ones behind them.
        if !slot[].flags.isDisjoint(with: [.pausedByApplication, .pausedByRate]) {
            slot[].flags.insert(.unreadOwed)
        }
        // Why: behind a tail that was moved to the front of a chunk there is room for many messages, behind
        // one in a buffer of its own for hardly one. Moving costs what is moved, so it is done only when at
        // least as much has just come: a peer that sends byte by byte makes nobody copy.
        if count <= fresh {
            slot[].flags.insert(.unreadGoesInFront)
        } else {
            slot[].flags.remove(.unreadGoesInFront)
        }
    }

    /// How many places for unread bytes are kept.
    private static let sparesMax = 64

    /// Forgets what is unread.
    func release(_ slot: LoopOwned<ConnectionSlot>) {
        guard let unread = slot[].unread else { return }
        unsafe unread.address.deinitialize(count: 1)
        slot[].unread = nil
        // Why: in a steady stream every reception may end within a message, and shall allocate nothing.
        if state[].spares.count < Self.sparesMax {
            state[].spares.append(unread)
        } else {
            unsafe unread.address.deallocate()
        }
    }

    /// What unread bytes take of the loop's memory.
    func memoryHeld(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        slot[].unread?[].buffer.capacity ?? 0
    }
}

/// Received bytes that a handler left unread, in a buffer of fitting size; what comes next is received behind
/// them.
///
/// The buffer grows with the bytes that really arrive, never with a length that somebody promised.
@usableFromInline
package struct UnreadBytes: ~Copyable {
    var buffer: PooledBuffer
    /// Where in the buffer they begin.
    private var start = 0
    private(set) var count = 0
    /// How many of the first ones a transform has opened, where there is one.
    var openedCount = 0
    /// When the handler last took any, or found the first of them.
    var since: CoarseTime

    init(buffer: consuming PooledBuffer, since: CoarseTime) {
        self.buffer = buffer
        self.since = since
    }

    /// Room to receive into.
    var room: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[(start + count)...])
    }

    /// The unread bytes, to be read or opened in place.
    var filled: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[start..<(start + count)])
    }

    /// Counts bytes that were received into the room.
    mutating func didReceive(_ bytes: Int) { count += bytes }

    /// Forgets what is there.
    mutating func clear() {
        start = 0
        count = 0
    }

    /// Forgets the last bytes.
    mutating func shorten(to bytes: Int) { count = bytes }

    /// Adds bytes; there must be room.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        unsafe room.copyMemory(from: bytes)
        count += bytes.count
    }

    /// Makes the buffer larger where it is large and that takes no copy; whether it did.
    mutating func extend(to bytes: Int) -> Bool { buffer.extend(to: bytes) }

    /// Moves to a larger buffer.
    mutating func move(to larger: consuming PooledBuffer) {
        unsafe larger.memory.copyMemory(from: UnsafeRawBufferPointer(filled))
        buffer = larger
        start = 0
    }

    /// Keeps only the last `tail` bytes.
    ///
    /// Why not always to the front: a handler that takes a backlog in small steps, pausing after each, would
    /// have all of the rest moved every time. Moved is only what is at most as much as what went before it,
    /// so that every byte pays for itself.
    mutating func keepLast(_ tail: Int) {
        start += count - tail
        count = tail
        guard tail <= start, let base = unsafe buffer.memory.baseAddress else { return }
        unsafe base.copyMemory(from: base + start, byteCount: tail)
        start = 0
    }
}
