// What tests of applications stand on comes along with this module.
@_exported public import ZCNet
@_exported public import ZCNetWebSocket

/// A network made up from a seed: sockets are objects, time is virtual, and what goes wrong is drawn from the
/// seed, so that a run that failed replays exactly.
///
/// ```swift
/// let network = SimulatedNetwork(seed: 42, faults: .nasty)
/// let group = try network.makeGroup(loops: 2)
/// let server = try TCPServer(on: "127.0.0.1:9000", group: group) { Echo() }
/// network.start(group)
/// let peer = network.connect(to: server.address)
/// peer.send("hello")
/// try network.run { peer.received.count == 5 }
/// network.stop()
/// ```
/// **Threads.** One: network, peers and loops belong to the thread that steps them. A group of this network
/// is started with `start(_:)` here, never with its own `start()`, which would make threads.
///
/// **Tasks.** Time is virtual for loops and peers alone. A task that a policy or a route began, and whose
/// answer a client waits for, runs on its loop; where it waits for another thread or for real time, virtual
/// time stands still until it goes on, for at most ``taskPatience``.
///
/// **Ownership.** The network keeps its peers; a started group and the network keep each other until
/// `stop()`, or until a shutdown of the group has come to its end.
public final class SimulatedNetwork {
    /// What the run is made up from.
    public let seed: UInt64
    /// What goes wrong. May be changed between runs, for example to let a network recover.
    public var faults: SimulatedFaults
    /// How the drivers of this network send.
    public let sending: SimulatedSending
    /// The most connections that servers may have accepted and not closed; more fail for want of descriptors.
    public var descriptorsMax: Int?
    /// How long, in real time, virtual time waits for a task that is busy elsewhere. Then it goes on without
    /// it, as it has to for a task that waits for what only virtual time brings, or for ever.
    public var taskPatience: Duration = .seconds(2)
    /// How often a server has tried to accept a connection, in vain or not.
    public internal(set) var acceptAttempts = 0

    let clock: VirtualClock
    var random: SimulatedRandom
    var trace: SimulatedTrace
    var agenda = SimulatedAgenda()
    var sockets: [Int32: SimulatedSocket] = [:]
    var listeners: [SimulatedListener] = []
    var scripts: [SocketAddress: (SimulatedPeer) -> Void] = [:]
    var peers: [SimulatedPeer] = []
    var nextNumber: Int32 = 1 << 20
    var nextPort: UInt16 = 30_000
    /// Connections that drivers have accepted and not closed.
    var acceptedCount = 0
    var members: [SimulatedMember] = []
    /// Given by drivers that another thread wakes.
    let wakes = ThreadSignal()
    /// The tasks that were waited for in vain, until one of them is heard of.
    var waitedInVain: AwaitedTasks?
    /// Whether `run` steps the loops, so that no driver may let time pass by itself.
    var isStepping = false

    /// Makes an empty network.
    ///
    /// - Parameter traceMax: how many events `traceLines` keeps.
    public init(
        seed: UInt64, faults: SimulatedFaults = .none, sending: SimulatedSending = .direct,
        traceMax: Int = 2000
    ) {
        self.seed = seed
        self.faults = faults
        self.sending = sending
        clock = VirtualClock()
        random = SimulatedRandom(seed: seed)
        trace = SimulatedTrace(capacity: max(1, traceMax))
    }

    /// The virtual time since the network was made.
    public var elapsed: Duration { .nanoseconds(now) }

    /// The last events, as text: what to print with the seed of a run that failed.
    public var traceLines: [String] { trace.lines }

    /// How many events there were, and a digest of all of them: equal for equal runs.
    public var traceDigest: (count: Int, digest: UInt64) { (trace.total, trace.digest) }

    var now: Int64 { clock.now.nanoseconds }

    func record(_ kind: SimulatedTrace.Kind, _ subject: Int32, _ count: Int = 0) {
        trace.record(kind, subject, count, at: now)
    }

    func makeNumber() -> Int32 {
        defer { nextNumber += 1 }
        return nextNumber
    }

    func makePort() -> UInt16 {
        defer { nextPort = nextPort == .max ? 30_000 : nextPort + 1 }
        return nextPort
    }

    // MARK: Peers

    /// A scripted client connects; what it is sent is collected in it.
    ///
    /// - Parameter from: its address; nil takes 127.0.0.1.
    @discardableResult
    public func connect(to address: SocketAddress, from: IPAddress? = nil) -> SimulatedPeer {
        let source =
            address.ipAddress == nil
            ? .unix(path: "") : SocketAddress.ip(from ?? .loopbackV4, port: makePort())
        let socket = startConnecting(to: address, from: source)
        let peer = SimulatedPeer(network: self, socket: socket)
        socket.peer = peer
        peers.append(peer)
        return peer
    }

    /// Answers connections to `address` with scripted peers; `greet` is given each as it comes.
    public func answer(at address: SocketAddress, _ greet: @escaping (SimulatedPeer) -> Void) {
        scripts[address] = greet
    }

    func adoptByScript(_ socket: SimulatedSocket, _ greet: (SimulatedPeer) -> Void) {
        let peer = SimulatedPeer(network: self, socket: socket)
        socket.peer = peer
        peers.append(peer)
        peer.connected()
        greet(peer)
    }
}

/// A loop that is stepped, and what it serves.
struct SimulatedMember {
    let loop: EventLoop
    let tenant: any LoopTenant
    let driver: SimulatedDriver
    /// Keeps the group alive while its loops run.
    let group: EventLoopGroup
}

extension SimulatedNetwork {
    /// Builds loops whose drivers belong to this network; servers and clients are added before `start(_:)`.
    public func makeGroup(
        loops: Int = 1, configuration: EventLoopGroup.Configuration = EventLoopGroup.Configuration()
    ) throws -> EventLoopGroup {
        var configuration = configuration
        configuration.loops = loops
        try configuration.validate()
        return try EventLoopGroup(configuration) { SimulatedDriver(network: self, index: $0) }
    }

    /// Begins the loops of a group on the calling thread, where `run` steps them.
    ///
    /// - Precondition: the group was made by `makeGroup` of this network.
    public func start(_ group: EventLoopGroup) {
        for loop in group.loops {
            guard let driver = loop.driver as? SimulatedDriver, driver.network === self,
                let tenant = loop.begin()
            else { preconditionFailure("a group of another network, or one that was started already") }
            members.append(SimulatedMember(loop: loop, tenant: tenant, driver: driver, group: group))
        }
    }

    /// Runs the simulation until a condition holds; answers whether it does.
    ///
    /// Ends in vain after `turnsMax` turns of all loops, or when nothing will ever happen again.
    @discardableResult
    public func run(turnsMax: Int = 200_000, until condition: () -> Bool) throws(SystemError) -> Bool {
        try step(turnsMax: turnsMax, deadline: nil, until: condition)
    }

    /// Lets so much virtual time pass.
    public func run(for duration: Duration) throws(SystemError) {
        let deadline = now + duration.nanoseconds
        _ = try step(turnsMax: .max, deadline: deadline) { now >= deadline }
        advance(to: deadline)
    }

    /// Runs the simulation until nothing will ever happen again, but not longer than `turnsMax` turns.
    public func runToRest(turnsMax: Int = 200_000) throws(SystemError) {
        _ = try step(turnsMax: turnsMax, deadline: nil) { false }
    }

    /// Ends all loops at once, as a loop that has failed does: connections are reset.
    public func stop() {
        for member in members { member.loop.end() }
        members = []
    }

    private func step(
        turnsMax: Int, deadline: Int64?, until condition: () -> Bool
    ) throws(SystemError) -> Bool {
        isStepping = true
        defer { isStepping = false }
        var turns = 0
        var quietTurns = 0
        while !condition() {
            if turns == turnsMax { return false }
            turns += 1
            if try turn() {
                quietTurns = 0
                // Work takes time, so that what would spin for ever is seen to.
                advance(to: now + 1000)
                continue
            }
            quietTurns += 1
            // What a quiet turn did at its end is known to the loops' timers in the next one.
            if quietTurns < 2 { continue }
            quietTurns = 0
            if waitForTasks() { continue }
            let waits = members.compactMap { $0.driver.waitsUntil }
            guard let next = (waits + [agenda.nextDue, deadline].compactMap { $0 }).min() else {
                return condition()
            }
            advance(to: next)
        }
        return true
    }

    /// Before time passes: waits for tasks whose answers are owed and that are busy elsewhere. Whether one of
    /// them has come back.
    private func waitForTasks() -> Bool {
        var tasks = AwaitedTasks()
        for member in members { tasks += member.loop.awaitedTasks }
        if tasks.isEmpty || tasks == waitedInVain { return false }
        while !members.contains(where: { $0.driver.isWakePending }) {
            if !wakes.wait(timeoutNanoseconds: taskPatience.nanoseconds) {
                waitedInVain = tasks
                return false
            }
        }
        waitedInVain = nil
        return true
    }

    /// One turn of every loop; answers whether anything happened or was left undone.
    private func turn() throws(SystemError) -> Bool {
        var isBusy = runDueEvents() > 0
        if faults.reorders { members.shuffle(using: &random) }
        for member in members {
            let count = try member.loop.turn(member.tenant)
            let isDue = member.driver.waitsUntil.map { $0 <= now } ?? false
            if count > 0 || member.driver.isRestless || isDue { isBusy = true }
        }
        if members.contains(where: { $0.driver.isWakePending }) { isBusy = true }
        for member in members where member.loop.isFinished { member.loop.end() }
        members.removeAll { $0.loop.isFinished }
        return isBusy
    }
}
