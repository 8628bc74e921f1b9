/// Buffers for what connections leave unread and for output that waits, and whom to ask when none is free.
///
/// The one thing that the intake and the output share. What makes room is the host's, which ends connections
/// for it: see `ConnectionHost.makeRoom`.
///
/// **Threads.** The loop's. **Cost.** A load beyond the pool's own, where a buffer is free.
final class ConnectionBuffers {
    /// Makes room for so many bytes that a connection asks for, if that is possible.
    typealias Relief = (_ slot: LoopOwned<ConnectionSlot>, _ count: Int, _ isPooled: Bool) -> Void

    let pool: BufferPool
    let budget: MemoryBudget
    /// Set once, by the host that has the connections.
    var relief: Relief?
    /// Enters a stranger that takes memory in the host's row of those; see `ConnectionHost.noteHolding`. Set
    /// once.
    var strangerHolds: ((_ slot: LoopOwned<ConnectionSlot>) -> Void)?

    init(_ configuration: BufferPool.Configuration, _ budget: MemoryBudget) throws(BufferPoolError) {
        pool = try BufferPool(configuration, budget)
        self.budget = budget
    }

    /// A buffer for a connection; those that hold more make room if there is none.
    func take(for slot: LoopOwned<ConnectionSlot>, minimumCapacity count: Int) -> PooledBuffer? {
        noteHolding(slot)
        if let buffer = pool.take(minimumCapacity: count) { return buffer }
        makeRoom(for: slot, pooled: count)
        return pool.take(minimumCapacity: count)
    }

    /// As `take`, for who goes on growing.
    func takeToGrow(for slot: LoopOwned<ConnectionSlot>, minimumCapacity count: Int) -> PooledBuffer? {
        noteHolding(slot)
        if let buffer = pool.takeToGrow(minimumCapacity: count) { return buffer }
        makeRoom(for: slot, pooled: count)
        return pool.takeToGrow(minimumCapacity: count)
    }

    // MARK: Giving back

    /// How often the pool's buffers are looked at: what lies idle for one whole period goes back to the
    /// system, so within two.
    static let freeingPeriod = Duration.seconds(10)
    /// Whether the next look has its timer.
    private var isLookDue = false

    /// Whether a look at idle buffers is to be scheduled; asked at the end of every turn. A load, unless
    /// buffers are alive.
    @inline(__always)
    var wantsLook: Bool { pool.mayHaveUnused && !isLookDue && pool.hasIdle }

    /// The next look has its timer.
    func willLook() { isLookDue = true }

    /// Gives back what nobody has needed since the last look.
    func freeUnused() {
        isLookDue = false
        pool.freeUnused()
    }

    /// A connection is about to take memory.
    @inline(__always)
    func noteHolding(_ slot: LoopOwned<ConnectionSlot>) {
        if slot[].flags.contains(.stranger) { strangerHolds?(slot) }
    }

    /// Makes room for a buffer of so many bytes, if that is possible.
    func makeRoom(for slot: LoopOwned<ConnectionSlot>, pooled count: Int) {
        relief?(slot, pool.capacity(for: count), true)
    }

    /// Whether a connection may keep so many bytes that are no buffer's; those that hold more make room.
    func mayKeep(_ count: Int, for slot: LoopOwned<ConnectionSlot>) -> Bool {
        if count <= budget.available { return true }
        relief?(slot, count, false)
        return count <= budget.available
    }

    /// Whether so many bytes could ever be had.
    func couldHold(_ count: Int) -> Bool { count <= min(budget.bytesMax, pool.outstandingBytesMax) }

    /// Whether so many bytes are free.
    func hasFree(_ count: Int) -> Bool { count <= min(budget.available, pool.availableBytes) }
}
