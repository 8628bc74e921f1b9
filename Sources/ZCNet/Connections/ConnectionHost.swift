/// The connections of one loop, and everything that is done for them. Loop thread only.
///
/// The host takes the driver's completions (`+Receiving`, `+Opening`), gathers and writes output
/// (`+Sending`), ends connections (`+Closing`) and keeps their time (`+Timers`). Its mutable state lies
/// behind a pointer and is touched field by field, because handlers call back into the host while it serves
/// them.
@usableFromInline
package final class ConnectionHost: LoopTenant {
    package let loop: EventLoop
    let observer: (any Observer)?
    let siblings: SiblingHosts
    @usableFromInline let state: LoopOwned<State>
    // Why kept here too: a reference reached through another object is retained for each use.
    let metrics: LoopMetrics
    let driver: any Driver
    let sendsDirectly: Bool
    /// The books of all that the connections hold.
    package let budget: MemoryBudget
    let outputBooks: OutputBooks
    /// What queues to other threads hold for the connections.
    package let queues: QueueMemory
    let tracer: (any Tracer)?
    /// Looking at `tracer` itself would copy it.
    let isTraced: Bool
    let slowCallbackNanoseconds: Int64
    /// As the driver's clock runs; its property would be an indirect call for every callback.
    let watchesSlowness: Bool

    /// SAFETY: `@safe` because the pointers in it are the host's own allocations, freed by `deinit`.
    @safe
    @usableFromInline
    struct State: ~Copyable {
        @usableFromInline var table: ConnectionTable
        @usableFromInline var cork: Cork
        var memory: ReceiveMemory
        let pool: BufferPool
        var roles: [ConnectionRole] = []
        /// The same roles to be borrowed, see `withRole`.
        var borrowedRoles: [Unmanaged<ConnectionRole>] = unsafe []
        var listeners: [UInt32: ListenerState] = [:]
        var nextListener: UInt32 = 1

        /// The connection that memory was lent for last.
        var current: LoopOwned<ConnectionSlot>?
        /// What the handler asked to be left unread, in the callback that is running.
        var unreadRequest = 0
        /// How many unread bytes were moved to the front of the memory that was lent for receiving.
        var unreadInFront = 0
        /// Connections with output to write at the end of the turn.
        var dirty: [ConnectionID] = []
        /// Connections to take a step towards their end, after the callback that is running.
        var ending: [ConnectionID] = []
        /// Connections whose unread bytes are to be shown again, as their handlers have resumed.
        var redeliveries: [ConnectionID] = []
        /// What is kept of connections on their way out; the first place is nobody's, others are reused.
        var departures = [Departure()]
        var freeDepartures: [UInt32] = []
        /// What is called when an outgoing connection is up, or not.
        var connects: [ConnectionID: PendingConnect] = [:]
        /// What the observer was told of limits, at most one for each.
        var limitNotices: [RejectionReason: LimitNotice] = [:]
        var tasks: LoopTasks = [:]
        /// What queues to other threads hold, counted anew; for `auditMemory`.
        var queueAudits: [() -> Int] = []
        var spareOutbounds: [UnsafeMutablePointer<Outbound>] = unsafe []
        /// Places for unread bytes, nothing in them.
        var spareUnreads: [UnsafeMutablePointer<UnreadBytes>] = unsafe []
        var relief = MemoryRelief()
        /// Strangers that hold memory, or did, in the order in which they began to.
        var strangers = ArrivalRow<ConnectionID>()
        var sealRoom = SealRoom()
        /// Connections that were refused memory while none of their output waits.
        var refused = MemoryWaits()
        var starvation = Starvation()
        var now: CoarseTime
        /// The same, exactly: when this turn's waiting was over.
        @usableFromInline var turnBegan: MonotonicInstant
        var shutdown = ShutdownPhase.none
    }

    /// Where a shutdown stands.
    enum ShutdownPhase {
        case none
        /// Listeners are closed; what has been received already is still being handled.
        case handlingReceived(turnsLeft: Int, deadline: MonotonicInstant)
        /// Connections are on their way out, but for `pressed` ones whose blocked output kept them from
        /// being read; they are looked at again by an idle turn, or after so many.
        case closing(deadline: MonotonicInstant, pressed: Int, turnsLeft: Int)
    }

    init(
        loop: EventLoop, limits: LoopLimits, observer: (any Observer)?, tracer: (any Tracer)? = nil,
        siblings: SiblingHosts
    ) throws {
        self.loop = loop
        metrics = loop.metrics
        driver = loop.driver
        self.observer = observer
        self.siblings = siblings
        self.tracer = tracer
        isTraced = tracer != nil
        sendsDirectly = driver.sendsDirectly
        slowCallbackNanoseconds = limits.slowCallback.nanoseconds
        watchesSlowness = driver.clockRunsInCallbacks
        let chunks = ChunkPool(chunkBytes: limits.chunkBytes)
        try chunks.prepare()
        let budget = MemoryBudget(bytesMax: limits.memoryBytesMax)
        self.budget = budget
        outputBooks = OutputBooks(budget)
        queues = QueueMemory(bytesMax: limits.memoryBytesMax)
        let pool = try BufferPool(limits.pool, budget)
        let memory = UnsafeMutablePointer<State>.allocate(capacity: 1)
        unsafe memory.initialize(
            to: State(
                table: ConnectionTable(
                    loop: loop.number, firstGeneration: loop.numbers.firstGeneration(ofLoop: loop.index)),
                cork: Cork(capacity: limits.corkBytes), memory: ReceiveMemory(pool: chunks), pool: pool,
                now: CoarseTime(loop.now), turnBegan: loop.now))
        state = unsafe LoopOwned(memory)
        budget.relief = { [unowned self] needed, holding in
            makeRoom(needed, holding: holding, isPooled: false)
        }
    }

    deinit {
        loop.numbers.setNextGeneration(state[].table.nextGeneration, ofLoop: loop.index)
        // SAFETY: the loop has ended and with it every connection; nobody refers to the state.
        while let outbound = unsafe state[].spareOutbounds.popLast() { unsafe Self.free(outbound) }
        while let unread = unsafe state[].spareUnreads.popLast() { unsafe unread.deallocate() }
        unsafe state.address.deinitialize(count: 1)
        unsafe state.address.deallocate()
    }

    // MARK: The turn

    package func start() {
        for (number, role) in state[].roles.enumerated() {
            role.started(LoopContext(host: self, service: UInt16(number)))
        }
    }

    package func awoke() {
        loop.refreshTime()
        state[].now = CoarseTime(loop.now)
        state[].turnBegan = loop.now
    }

    package func turnEnded(completions: Int) {
        settleOthers()
        finishTurn()
        metrics.recordTurn(completions: completions)
        if !state[].starvation.waiting.isEmpty { feedStarved() }
        metrics.set(.memoryBytes, to: budget.bytes)
        if case .none = state[].shutdown { return }
        continueShutdown(wasIdle: completions == 0)
    }

    /// Writes and ends until neither has caused the other: a handler that is told of an end may send
    /// elsewhere.
    func finishTurn() {
        repeat {
            redeliver()
            writeDirty()
            finishEnding()
            // Output that could not be refused, as it was to leave with the turn, may have gone beyond.
            if budget.available < 0 { makeRoom(0, holding: 0, isPooled: false) }
        } while !state[].dirty.isEmpty || !state[].redeliveries.isEmpty || !state[].ending.isEmpty
    }

    package func stop() {
        failPendingConnects()
        closeListeners()
        state[].table.forEach { end($0, CloseReason(.shutdown), isAbortive: true) }
        finishEnding()
        for (number, role) in state[].roles.enumerated() {
            role.stopped(LoopContext(host: self, service: UInt16(number)))
        }
        unsafe state[].borrowedRoles = []
        state[].roles = []
        state[].queueAudits = []
        siblings.remove(loop.index)
    }

    // MARK: Finding

    @inlinable @inline(__always)
    func find(_ token: Token) -> LoopOwned<ConnectionSlot>? {
        state[].table.find(ConnectionID(rawValue: token.rawValue))
    }

    /// The slot of a connection, or nil when it is over.
    package func find(_ id: ConnectionID) -> LoopOwned<ConnectionSlot>? { state[].table.find(id) }

    package func descriptor(of token: Token) -> Descriptor? {
        if token.isListener { return listenerDescriptor(token) }
        return find(token)?[].descriptor
    }

    func role(of slot: LoopOwned<ConnectionSlot>) -> ConnectionRole { state[].roles[Int(slot[].role)] }

    /// Runs `body` with a connection's role, which is not retained for it.
    @inline(__always)
    func withRole<Result>(of slot: LoopOwned<ConnectionSlot>, _ body: (ConnectionRole) -> Result) -> Result {
        // SAFETY: `roles` holds every role until `stop`, which no callback can be in the midst of.
        unsafe state[].borrowedRoles[Int(slot[].role)]._withUnsafeGuaranteedRef(body)
    }

    func base(_ slot: LoopOwned<ConnectionSlot>) -> ConnectionBase { ConnectionBase(slot: slot, host: self) }

    /// How large the memory is that the loop receives into.
    package var chunkBytes: Int { state[].memory.pool.chunkBytes }

    /// The loop's number in its group.
    package var loopIndex: Int { loop.index }

    /// When this turn of the loop began.
    package var now: MonotonicInstant { loop.now }

    /// See `MonotonicClock.wallTime`.
    package var wallTime: (seconds: Int64, nanoseconds: Int64) { driver.clock.wallTime }

    /// Output of all of the loop's connections that waits for the kernel.
    package var queuedBytes: Int { metrics[.queuedBytes] }

    /// Counts messages that a protocol layer has taken apart, many at a time.
    package func countReceived(messages: Int) { metrics.add(messages, to: .messagesIn) }

    /// Counts a message that a protocol layer has sent as shared bytes.
    package func countSentMessage() { metrics.add(1, to: .messagesOut) }

    /// How many connections the loop serves.
    package var connectionCount: Int { state[].table.count }

    /// Registers a kind of connection; the answer is its number on this loop.
    @usableFromInline
    package func add(_ role: ConnectionRole) -> UInt16 {
        state[].roles.append(role)
        unsafe state[].borrowedRoles.append(.passUnretained(role))
        return UInt16(state[].roles.count - 1)
    }

    // MARK: Callbacks

    /// Runs a callback of one connection: what it sends to that connection is corked, and written at its end.
    @inline(__always)
    func serve(
        _ slot: LoopOwned<ConnectionSlot>, _ kind: CallbackKind,
        _ callback: (ConnectionRole, ConnectionBase) -> Void
    ) {
        let watch = startWatch()
        state[].cork.owner = slot[].id
        withRole(of: slot) { callback($0, base(slot)) }
        endWatch(watch, slot, kind)
        flushCork(slot)
        state[].cork.owner = ConnectionID(rawValue: 0)
    }
}
