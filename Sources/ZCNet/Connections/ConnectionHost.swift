/// The connections of one loop, and everything that is done for them. Loop thread only.
///
/// Four parts do the work, each with a state that nobody else looks behind, and none knows another:
/// `ConnectionDoors` lets connections in (`+Opening`), `ConnectionIntake` receives (`+Receiving`),
/// `ConnectionOutput` gathers and writes (`+Sending`), `ConnectionEndings` says how they go (`+Closing`,
/// `+Timers`). What a part needs is an argument, what it decides a result, and what follows from that for
/// handlers, observers and the other parts is done here. Beside them stand who has to go when memory is short
/// (`+Memory`, `+Refusing`) and the place of a transform (in `ByteTransform.swift`).
///
/// Mutable state lies behind pointers and is touched field by field, because handlers call back into the host
/// while it serves them.
@usableFromInline
package final class ConnectionHost: LoopTenant {
    package let loop: EventLoop
    let observer: (any Observer)?
    let siblings: SiblingHosts
    @usableFromInline let state: LoopOwned<State>
    // Why kept here too: a reference reached through another object is retained for each use.
    let metrics: LoopMetrics
    let driver: any Driver
    /// Listens, connects and lets connections in.
    let doors: ConnectionDoors
    /// Has what they receive until their handlers have taken it.
    let intake: ConnectionIntake
    /// Gathers what is sent, queues what waits, and writes it.
    let output: ConnectionOutput
    /// Knows why they end, and which step is due.
    let endings: ConnectionEndings
    let buffers: ConnectionBuffers
    @usableFromInline let turn: LoopOwned<Turn>
    /// The books of all that the connections hold.
    package let budget: MemoryBudget
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
        var roles: [ConnectionRole] = []
        /// The same roles to be borrowed, see `withRole`.
        var borrowedRoles: [LoopReference<ConnectionRole>] = []
        var arrivals = Arrivals()
        var tasks: LoopTasks = [:]
        /// What queues to other threads hold, counted anew; for `auditMemory`.
        var queueAudits: [() -> Int] = []
        var relief = MemoryRelief()
        var starvation = Starvation()
        /// Strangers that hold memory, or did, in the order in which they began to.
        var strangers = ArrivalRow<ConnectionID>()
        /// Connections that were refused memory while none of their output waits.
        var refused = MemoryWaits()
        var shutdown = Shutdown()
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
        slowCallbackNanoseconds = limits.slowCallback.nanoseconds
        watchesSlowness = driver.clockRunsInCallbacks
        let chunks = ChunkPool(chunkBytes: limits.chunkBytes)
        try chunks.prepare()
        let budget = MemoryBudget(bytesMax: limits.memoryBytesMax)
        self.budget = budget
        queues = QueueMemory(bytesMax: limits.memoryBytesMax)
        buffers = try ConnectionBuffers(limits.pool, budget)
        turn = LoopOwned(allocating: Turn(at: loop.now))
        output = ConnectionOutput(
            driver: driver, metrics: metrics, buffers: buffers, turn: turn, corkBytes: limits.corkBytes)
        intake = ConnectionIntake(driver: driver, buffers: buffers, turn: turn, chunks: chunks)
        endings = ConnectionEndings(driver: driver, loop: loop)
        doors = ConnectionDoors(
            driver: driver, loop: loop, metrics: metrics, observer: observer, siblings: siblings)
        state = LoopOwned(
            allocating: State(
                table: ConnectionTable(
                    loop: loop.number, firstGeneration: loop.numbers.firstGeneration(ofLoop: loop.index))))
        budget.relief = { [unowned self] needed, holding in
            makeRoom(needed, holding: holding, isPooled: false)
        }
        buffers.relief = { [unowned self] slot, count, isPooled in
            makeRoom(for: slot, count, isPooled: isPooled)
        }
        buffers.strangerHolds = { [unowned self] slot in noteHolding(slot) }
    }

    deinit {
        loop.numbers.setNextGeneration(state[].table.nextGeneration, ofLoop: loop.index)
        // SAFETY: the loop has ended and with it every connection; nobody refers to the state.
        state.free()
        turn.free()
    }

    // MARK: The turn

    package func start() {
        for (number, role) in state[].roles.enumerated() {
            role.started(LoopContext(host: self, service: UInt16(number)))
        }
    }

    package func awoke() {
        loop.refreshTime()
        turn[] = Turn(at: loop.now)
    }

    package func turnEnded(completions: Int) {
        settleOthers()
        finishTurn()
        metrics.recordTurn(completions: completions)
        if intake.hasStarved { feedStarved() }
        metrics.set(.memoryBytes, to: budget.bytes)
        if buffers.wantsLook { scheduleLookAtBuffers() }
        if state[].shutdown.hasBegun { continueShutdown(wasIdle: completions == 0) }
    }

    /// Writes and ends until neither has caused the other: a handler that is told of an end may send
    /// elsewhere. Writes first, as whoever is shown again what was left may take long over it.
    func finishTurn() {
        repeat {
            writeDirty()
            redeliver()
            finishEnding()
            // Output that could not be refused, as it was to leave with the turn, may have gone beyond.
            if budget.available < 0 { makeRoom(0, holding: 0, isPooled: false) }
        } while output.hasDirty || intake.hasRedeliveries || endings.hasDue
    }

    package func stop() {
        failPendingConnects()
        doors.closeListeners()
        refuseArrivals()
        state[].table.forEach { end($0, CloseReason(.shutdown), isAbortive: true) }
        finishEnding()
        for (number, role) in state[].roles.enumerated() {
            role.stopped(LoopContext(host: self, service: UInt16(number)))
        }
        state[].borrowedRoles = []
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
        if token.isListener { return doors.descriptor(of: token) }
        return find(token)?[].descriptor
    }

    func role(of slot: LoopOwned<ConnectionSlot>) -> ConnectionRole { state[].roles[Int(slot[].role)] }

    /// Runs `body` with a connection's role, which is not retained for it.
    @inline(__always)
    func withRole<Result>(of slot: LoopOwned<ConnectionSlot>, _ body: (ConnectionRole) -> Result) -> Result {
        // SAFETY: `roles` holds every role until `stop`, which no callback can be in the midst of.
        state[].borrowedRoles[Int(slot[].role)].with(body)
    }

    func base(_ slot: LoopOwned<ConnectionSlot>) -> ConnectionBase { ConnectionBase(slot: slot, host: self) }

    /// How large the memory is that the loop receives into.
    package var chunkBytes: Int { intake.chunkBytes }

    /// The loop's number in its group.
    package var loopIndex: Int { loop.index }

    /// When this turn of the loop began.
    package var now: MonotonicInstant { loop.now }

    /// The driver's clock of the wall; see `MonotonicClock.wallTime`.
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
        state[].borrowedRoles.append(LoopReference(role))
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
        output.begin(slot)
        withRole(of: slot) { callback($0, base(slot)) }
        endWatch(watch, slot, kind)
        flush(slot)
        output.end()
    }
}
