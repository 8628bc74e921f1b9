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
        var spares: [UnsafeMutablePointer<UnreadBytes>] = unsafe []
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
        let memory = UnsafeMutablePointer<State>.allocate(capacity: 1)
        unsafe memory.initialize(to: State(memory: ReceiveMemory(pool: chunks)))
        state = unsafe LoopOwned(memory)
    }

    deinit {
        // SAFETY: the loop has ended and with it every connection; nobody refers to the state.
        while let unread = unsafe state[].spares.popLast() { unsafe unread.deallocate() }
        unsafe state.address.deinitialize(count: 1)
        unsafe state.address.deallocate()
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
        guard let unread = unsafe slot[].unread else { return unsafe .memory(room()) }
        let inFront = countInFront(slot)
        if inFront > 0 {
            let room = unsafe room()
            unsafe room.copyMemory(from: UnsafeRawBufferPointer(unread.pointee.filled))
            return unsafe .memory(UnsafeMutableRawBufferPointer(rebasing: room[inFront...]))
        }
        let count = unsafe unread.pointee.count
        if count >= limit { return .none(unread: count) }
        if unsafe unread.pointee.room.isEmpty {
            let capacity = min(count * 4, max(limit, count + 1))
            guard let larger = buffers.take(for: slot, minimumCapacity: capacity) else { return .noMemory }
            unsafe unread.pointee.move(to: larger)
        }
        let room = unsafe unread.pointee.room
        return unsafe .memory(UnsafeMutableRawBufferPointer(rebasing: room.prefix(limit - count)))
    }

    /// How many unread bytes stand in front of the chunk's room while the connection is received from; 0
    /// where its bytes are received behind them into their own buffer. The answer stays as long as nothing is
    /// kept or recycled.
    func countInFront(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        guard slot[].flags.contains(.unreadGoesInFront), let unread = unsafe slot[].unread else { return 0 }
        let count = unsafe unread.pointee.count
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
        let before = unsafe count == bytes.byteCount ? slot[].unread?.pointee.since : nil
        let since = before ?? turn[].now
        if let unread = unsafe slot[].unread, unsafe unread.pointee.buffer.memory.count >= count {
            unsafe unread.pointee.clear()
            unsafe unread.pointee.since = since
            unsafe unread.pointee.openedCount = opened
            unsafe bytes.extracting(last: count).withUnsafeBytes { unsafe unread.pointee.append($0) }
            return .kept
        }
        release(slot)
        // Twice the rest: most messages that straddle two receptions end within the second.
        guard let buffer = buffers.take(for: slot, minimumCapacity: count * 2) else { return .noMemory }
        var unread = UnreadBytes(buffer: buffer, since: since)
        unread.openedCount = opened
        unsafe bytes.extracting(last: count).withUnsafeBytes { source in unsafe unread.append(source) }
        let memory = unsafe state[].spares.popLast() ?? .allocate(capacity: 1)
        unsafe memory.initialize(to: unread)
        unsafe slot[].unread = memory
        return .kept
    }

    /// Keeps only the last of the unread bytes: `rest` of which a transform has opened `opened`, and behind
    /// them what it could not open yet. At least one in all.
    func keepRest(
        _ slot: LoopOwned<ConnectionSlot>, _ rest: Int, opened: Int, unopened: Int, limit: Int
    ) -> Keeping {
        guard let unread = unsafe slot[].unread else { return .kept }
        // There was room for no more than the limit, so that more than it is left only where the connection
        // was handed over to one with a smaller limit.
        guard rest <= limit else { return .excessive }
        if unsafe rest + unopened < unread.pointee.count { unsafe unread.pointee.since = turn[].now }
        unsafe unread.pointee.keepLast(rest + unopened)
        unsafe unread.pointee.openedCount = opened
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
        guard let unread = unsafe slot[].unread else { return }
        unsafe unread.deinitialize(count: 1)
        unsafe slot[].unread = nil
        // Why: in a steady stream every reception may end within a message, and shall allocate nothing.
        if unsafe state[].spares.count < Self.sparesMax {
            unsafe state[].spares.append(unread)
        } else {
            unsafe unread.deallocate()
        }
    }

    /// What unread bytes take of the loop's memory.
    func memoryHeld(_ slot: LoopOwned<ConnectionSlot>) -> Int {
        unsafe slot[].unread?.pointee.buffer.capacity ?? 0
    }
}

/// When nothing is received from a connection, for whatever reason, and what is shown again once it is.
extension ConnectionIntake {
    /// Receives nothing more, for one reason more.
    func pause(_ slot: LoopOwned<ConnectionSlot>, _ reason: ConnectionSlot.Flags) {
        let wasPaused = !slot[].flags.isDisjoint(with: .paused)
        slot[].flags.insert(reason)
        if !wasPaused { driver.pauseReceiving(slot[].descriptor, token: slot[].id.token) }
    }

    /// One or several reasons less; receives again when there is none.
    func resume(_ slot: LoopOwned<ConnectionSlot>, _ reasons: ConnectionSlot.Flags) {
        guard !slot[].flags.isDisjoint(with: reasons) else { return }
        slot[].flags.subtract(reasons)
        guard slot[].flags.isDisjoint(with: .paused) else { return }
        // Why first: a handler that takes a little of a lot each time would have as much received behind it
        // as there is room, until its limit of unread bytes is met, and an innocent peer is closed.
        if slot[].flags.contains(.unreadOwed) { return requestRedelivery(slot) }
        driver.resumeReceiving(slot[].descriptor, token: slot[].id.token)
    }

    // MARK: Showing again

    /// Has unread bytes shown again at the end of the turn, though nothing may have come behind them; until
    /// then nothing does.
    func requestRedelivery(_ slot: LoopOwned<ConnectionSlot>) {
        slot[].flags.remove(.unreadOwed)
        slot[].flags.insert(.pausedForUnread)
        state[].redeliveries.append(slot[].id)
    }

    /// Has bytes that a transform has not opened shown again at the end of the turn.
    func requestOpening(_ slot: LoopOwned<ConnectionSlot>) {
        pause(slot, .pausedForUnread)
        requestRedelivery(slot)
    }

    var hasRedeliveries: Bool { !state[].redeliveries.isEmpty }

    /// The connections whose unread bytes are to be shown again now.
    func takeRedeliveries() -> [ConnectionID] {
        var ids: [ConnectionID] = []
        swap(&ids, &state[].redeliveries)
        return ids
    }

    /// Whether a connection of these is to be shown its unread bytes: it has some, and is not paused once
    /// more, in which case they are owed to it again.
    func mayRedeliver(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        guard unsafe slot[].unread != nil, !slot[].flags.contains(.closing) else { return false }
        if slot[].flags.isDisjoint(with: .paused.subtracting(.pausedForUnread)) { return true }
        slot[].flags.insert(.unreadOwed)
        return false
    }

    /// Unread bytes have been shown, or owed again: receives what comes behind them, unless the callback has
    /// them shown once more, or has paused.
    func endRedelivery(_ slot: LoopOwned<ConnectionSlot>) {
        if state[].redeliveries.last == slot[].id { return }
        slot[].flags.remove(.pausedForUnread)
        if !slot[].flags.isDisjoint(with: .paused) { return }
        driver.resumeReceiving(slot[].descriptor, token: slot[].id.token)
    }

    // MARK: Without memory

    /// Whether nothing is received, by any connection, until retained chunks come back.
    var isStarving: Bool { state[].isStarving }

    func setStarving(_ isStarving: Bool) { state[].isStarving = isStarving }

    /// Has a connection wait with what it would receive.
    func starve(_ slot: LoopOwned<ConnectionSlot>) {
        pause(slot, .pausedForMemory)
        state[].starved.append(slot[].id)
    }

    /// The connections that wait for memory to receive into.
    var starved: [ConnectionID] { state[].starved }

    /// Whether there are any.
    var hasStarved: Bool { !state[].starved.isEmpty }

    /// The connections that may receive again.
    func takeStarved() -> [ConnectionID] {
        var ids: [ConnectionID] = []
        swap(&ids, &state[].starved)
        return ids
    }
}
