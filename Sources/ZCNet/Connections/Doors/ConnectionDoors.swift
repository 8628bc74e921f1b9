import ZCLibC

/// How connections come to a loop: its listening sockets, who is let in, and attempts to connect that are
/// under way.
///
/// The part has no connections. Whom it lets in it answers, and the host takes them.
///
/// **Threads.** The loop's. **Cost.** Per connection a look at its listener, and the lock of `Admission`.
final class ConnectionDoors {
    private let driver: any Driver
    private let loop: EventLoop
    private let metrics: LoopMetrics
    private let observer: (any Observer)?
    private let siblings: SiblingHosts
    private let state: LoopOwned<State>

    private struct State {
        var listeners: [UInt32: ListenerState] = [:]
        var nextListener: UInt32 = 1
        /// What is called when an outgoing connection is up, or not.
        var connects: [ConnectionID: PendingConnect] = [:]
        /// What the observer was told of limits, at most one for each.
        var limitNotices: [RejectionReason: LimitNotice] = [:]
    }

    /// What waits for an outgoing connection.
    struct PendingConnect {
        let address: SocketAddress
        let completion: (Result<ConnectionID, SystemError>) -> Void
    }

    /// What became of a connection that was accepted.
    enum Entry {
        /// It has been refused, or waits, and `isLast` as below.
        case none(isLast: Bool)
        /// The host takes it, to begin with a role; no other may be accepted now where it is the last.
        case adopt(role: UInt16, isLast: Bool)
        /// Another loop has been given it.
        case handedOut(isLast: Bool)
    }

    init(
        driver: any Driver, loop: EventLoop, metrics: LoopMetrics, observer: (any Observer)?,
        siblings: SiblingHosts
    ) {
        self.driver = driver
        self.loop = loop
        self.metrics = metrics
        self.observer = observer
        self.siblings = siblings
        state = LoopOwned(allocating: State())
    }

    deinit {
        // SAFETY: the loop has ended; nobody refers to the state.
        state.free()
    }

    // MARK: Listening

    /// Opens a listening socket, or takes the one that was given, and accepts from it; the answer is the
    /// address really bound.
    func listen(
        on target: ListenTarget, options: ListenerOptions, socketOptions: SocketOptions, role: UInt16,
        admission: Admission, handOut: (@Sendable (Descriptor, IPEndpoint) -> Void)?
    ) throws -> SocketAddress {
        let (descriptor, bound, ownsPath) = try open(target, options)
        let number = state[].nextListener
        let token = Token(listener: number)
        state[].nextListener += 1
        state[].listeners[number] = ListenerState(
            descriptor: descriptor, address: bound, token: token, role: role, socketOptions: socketOptions,
            admission: admission, handOut: handOut, ownsPath: ownsPath)
        do {
            try driver.startAccepting(descriptor, token: token)
        } catch {
            state[].listeners[number] = nil
            driver.closeListener(descriptor, token: token)
            throw error
        }
        return bound
    }

    private func open(
        _ target: ListenTarget, _ options: ListenerOptions
    ) throws -> (Descriptor, SocketAddress, ownsPath: Bool) {
        switch target {
        case .address(let address):
            let (descriptor, bound) = try driver.listen(on: address, options: options)
            return (descriptor, bound, driver.makesSocketFiles)
        case .inherited(let descriptor):
            return (descriptor, try driver.adoptListener(descriptor), false)
        }
    }

    func closeListeners() {
        for number in state[].listeners.keys.sorted() {
            guard let listener = state[].listeners[number] else { continue }
            if !listener.isPaused { driver.stopAccepting(listener.descriptor, token: listener.token) }
            driver.closeListener(listener.descriptor, token: listener.token)
            if let parked = listener.parked { refuse(parked, listener.token, reason: .connectionsMax) }
            // A socket that made no file must not take one that happens to be there.
            if listener.ownsPath, case .unix(let path) = listener.address {
                SystemCalls.unlinkFile(path)
            }
        }
        state[].listeners = [:]
    }

    /// Takes back the last `listen`, for a server that could not be set up on every loop.
    func closeLatestListener() {
        let number = state[].nextListener - 1
        guard let listener = state[].listeners.removeValue(forKey: number) else { return }
        driver.stopAccepting(listener.descriptor, token: listener.token)
        driver.closeListener(listener.descriptor, token: listener.token)
    }

    func descriptor(of token: Token) -> Descriptor? {
        state[].listeners[Self.number(of: token)]?.descriptor
    }

    static func number(of token: Token) -> UInt32 { UInt32(truncatingIfNeeded: token.rawValue) }

    // MARK: Accepting

    /// A connection has been accepted; nil where nobody listens any more, and it is closed.
    func arrived(_ token: Token, _ descriptor: Descriptor, from peer: IPEndpoint) -> AcceptedConnection? {
        let number = Self.number(of: token)
        guard let listener = state[].listeners[number] else {
            driver.close(descriptor, token: token, reset: true)
            return nil
        }
        metrics.add(1, to: .accepted)
        state[].listeners[number]?.pauseMilliseconds = ListenerState.pauseMillisecondsMin
        driver.configure(descriptor, options: listener.socketOptions)
        return AcceptedConnection(descriptor: descriptor, peer: peer)
    }

    /// Lets a connection in, or keeps it until there is room.
    func admit(_ connection: AcceptedConnection, to number: UInt32) -> Entry {
        guard let listener = state[].listeners[number] else { return .none(isLast: true) }
        switch listener.admission.admit(connection.peer) {
        case .tooMany:
            // Another loop took the last place between this loop's last look and now. The connection waits
            // here as the others wait in the backlog; there is never more than one, since none is accepted
            // meanwhile.
            state[].listeners[number]?.parked = connection
            return .none(isLast: true)
        case .tooManyFromAddress:
            refuse(connection, listener.token, reason: .perAddressMax)
            return .none(isLast: false)
        case .admitted(let isFull):
            guard let handOut = listener.handOut else { return .adopt(role: listener.role, isLast: isFull) }
            handOut(connection.descriptor, connection.peer)
            return .handedOut(isLast: isFull)
        }
    }

    private func refuse(_ connection: AcceptedConnection, _ token: Token, reason: RejectionReason) {
        // Told before the peer can know, so that who sees the reset finds it counted.
        metrics.add(1, to: reason == .connectionsMax ? .rejectedConnectionsMax : .rejectedPerAddress)
        turnedAway(connection.peer.socketAddress, reason)
        driver.close(connection.descriptor, token: token, reset: true)
    }

    /// Leaves further connections in the kernel's backlog until one ends.
    func waitForRoom(_ number: UInt32) {
        guard let listener = state[].listeners[number] else { return }
        reached(.connectionsMax)
        state[].listeners[number]?.isPaused = true
        let siblings = siblings
        let index = loop.index
        listener.admission.whenRoom {
            siblings.post(to: index, isControl: true) { $0.resumeListener(number) }
        }
    }

    /// Accepting failed; whether it is to be stopped for now.
    func acceptFailed(_ token: Token, errno: Errno) -> Bool {
        let number = Self.number(of: token)
        metrics.add(1, to: .acceptErrors)
        observer?.acceptFailed(errno: errno)
        // accept(2): errors of the connection, not of the listener; the next one may be well.
        let passing = [
            ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
            ENETUNREACH, EPERM,
        ]
        if passing.contains(errno.rawValue) { return false }
        // Out of descriptors or memory: asking again at once would spin. Others may give some back, so ask
        // later.
        guard let pause = state[].listeners[number]?.pauseMilliseconds else { return true }
        state[].listeners[number]?.isPaused = true
        state[].listeners[number]?.pauseMilliseconds = min(pause * 2, ListenerState.pauseMillisecondsMax)
        retry(number, after: .milliseconds(pause))
        return true
    }

    /// Notes that a listener accepts nobody for now, as its driver is about to be told; false where nobody
    /// listens any more.
    func pause(_ number: UInt32) -> Bool {
        guard state[].listeners[number] != nil else { return false }
        state[].listeners[number]?.isPaused = true
        return true
    }

    /// Ends a listener's pause; false where it had none. Whoever calls this admits what is parked, and then
    /// has more accepted.
    func endPause(_ number: UInt32) -> Bool {
        guard state[].listeners[number]?.isPaused == true else { return false }
        state[].listeners[number]?.isPaused = false
        return true
    }

    /// The connection that waited for room.
    func takeParked(_ number: UInt32) -> AcceptedConnection? {
        defer { state[].listeners[number]?.parked = nil }
        return state[].listeners[number]?.parked
    }

    /// Has a listener that was paused accept again.
    func acceptMore(_ number: UInt32) {
        guard let listener = state[].listeners[number] else { return }
        do {
            try driver.startAccepting(listener.descriptor, token: listener.token)
        } catch {
            state[].listeners[number]?.isPaused = true
            retry(number, after: .milliseconds(ListenerState.pauseMillisecondsMax))
        }
    }

    private func retry(_ number: UInt32, after delay: Duration) {
        _ = loop.schedule(TimerPayload(.listenerRetry, number: number), at: loop.now + delay)
    }

    // MARK: Limits that were met

    /// When the observer was last told of a limit, and how often the limit was met since.
    private struct LimitNotice {
        var count = 0
        var toldAt: MonotonicInstant?
        static let pause = Duration.seconds(60)
    }

    /// Tells the observer of somebody who met a limit.
    func turnedAway(_ peer: SocketAddress, _ limit: RejectionReason) {
        observer?.connectionRejected(from: peer, reason: limit)
        reached(limit)
    }

    /// Tells the observer of a limit that was met, unless it has been told within the last minute.
    private func reached(_ limit: RejectionReason) {
        guard let observer else { return }
        var notice = state[].limitNotices[limit] ?? LimitNotice()
        notice.count += 1
        if notice.toldAt.map({ loop.now - $0 >= LimitNotice.pause }) ?? true {
            observer.limitReached(limit, count: notice.count, loop: loop.index)
            notice = LimitNotice(count: 0, toldAt: loop.now)
        }
        state[].limitNotices[limit] = notice
    }

    // MARK: Connecting

    /// Notes who waits for an outgoing connection.
    func expect(_ id: ConnectionID, _ pending: PendingConnect) { state[].connects[id] = pending }

    /// Who waits for a connection that is up, or has failed.
    func takePending(_ id: ConnectionID) -> PendingConnect? { state[].connects.removeValue(forKey: id) }

    /// The connections that are under way, in the order in which they began.
    var pendingIDs: [ConnectionID] { state[].connects.keys.sorted { $0.rawValue < $1.rawValue } }
}
