import ZCNet

/// What a `ReconnectingWebSocket` runs on: a machine that attempts, ends and timers drive.
///
/// Any thread. Nothing of anybody else's is called under the lock. Every closure that refers to the machine
/// goes with what it waits for: an attempt's with its answer, a connection's with its end, a timer's with the
/// timer, the loop's with `stopped`.
final class Reconnector: Sendable {
    typealias State = ReconnectingWebSocket.State

    private struct Machine {
        var state = State.idle
        /// Attempts since the connection was last stable.
        var retries = 0
        /// Changes with every wait, so that a timer that comes late is known.
        var round = 0
        var attempt: ClientAttempt?
        var timer: TimerID?
        /// Whether the interruption that is waited after has not been taken notice of yet, where attempts are
        /// held until then, and whether the delay is over.
        var isHeld = false
        var isOverdue = false
        var openedAt = MonotonicInstant.zero
        var generator: any RandomNumberGenerator & Sendable
        /// States that nobody has been told of yet, and whether somebody is about to.
        var untold: [State] = []
        var isTelling = false

        var isStopped: Bool {
            if case .stopped = state { true } else { false }
        }

        mutating func enter(_ next: State) {
            state = next
            untold.append(next)
        }
    }

    private let client: WebSocketClient
    private let url: String
    private let policy: ReconnectPolicy
    private let loop: EventLoop
    private let makeHeaders: @Sendable () -> HTTPHeaders
    private let onState: @Sendable (State) -> Void
    private let holdsAttempts: Bool
    private let machine: Locked<Machine>

    init(
        _ client: WebSocketClient, to url: String, policy: ReconnectPolicy, loop: EventLoop,
        makeHeaders: @escaping @Sendable () -> HTTPHeaders, generator: any RandomNumberGenerator & Sendable,
        holdsAttempts: Bool, onState: @escaping @Sendable (State) -> Void
    ) {
        self.client = client
        self.url = url
        self.policy = policy
        self.loop = loop
        self.makeHeaders = makeHeaders
        self.holdsAttempts = holdsAttempts
        self.onState = onState
        machine = Locked(Machine(generator: generator))
    }

    var state: State { machine.withLock { $0.state } }

    // MARK: From outside

    func start() {
        let isFirst = machine.withLock { machine in
            guard case .idle = machine.state else { return false }
            machine.enter(.connecting(attempt: 0))
            return true
        }
        guard isFirst else { return }
        client.watchers.add(self, loop: loop.index) { [self] in loopEnded() }
        tell()
        connect()
    }

    func stop(_ code: WebSocketCloseCode, _ reason: String) {
        let before = machine.withLock { machine -> (State, ClientAttempt?, TimerID?)? in
            if machine.isStopped { return nil }
            defer {
                machine.enter(.stopped(nil))
                machine.round += 1
                (machine.attempt, machine.timer) = (nil, nil)
            }
            return (machine.state, machine.attempt, machine.timer)
        }
        guard let (state, attempt, timer) = before else { return }
        client.watchers.remove(self)
        attempt?.cancel()
        if let timer { loop.post(isControl: true) { $0.cancel(timer) } }
        if case .open(let socket) = state { socket.close(code, reason: reason) }
        tell()
    }

    // MARK: Attempts

    private func connect() {
        let attempt: ClientAttempt
        do throws(WebSocketConnectError) {
            attempt = try client.makeAttempt(url, makeHeaders()) { [self] reason in ended(reason) }
        } catch {
            return interrupted(.failed(error))
        }
        let isWanted = machine.withLock { machine in
            guard case .connecting = machine.state else { return false }
            machine.attempt = attempt
            return true
        }
        guard isWanted else { return }
        client.begin(attempt, onLoop: loop.index) { [self] result in
            switch result {
            case .success(let socket): opened(socket)
            case .failure(let error): interrupted(.failed(error))
            }
        }
    }

    /// A conversation has begun. On its loop.
    private func opened(_ socket: RemoteWebSocket) {
        let now = loop.now
        let isWanted = machine.withLock { machine in
            machine.attempt = nil
            guard case .connecting = machine.state else { return false }
            machine.openedAt = now
            machine.enter(.open(socket))
            return true
        }
        if isWanted { tell() } else { socket.close() }
    }

    /// On the loop: the conversation is over.
    private func ended(_ reason: WebSocketCloseReason) {
        let now = loop.now
        machine.withLock { machine in
            if now - machine.openedAt >= policy.stableAfter { machine.retries = 0 }
        }
        interrupted(.closed(reason))
    }

    // MARK: Waiting

    private func interrupted(_ interruption: WebSocketInterruption) {
        let isWorthIt = policy.reconnects(interruption)
        let wait = machine.withLock { machine -> (delay: Duration, round: Int)? in
            machine.attempt = nil
            if machine.isStopped { return nil }
            machine.retries += 1
            machine.round += 1
            guard isWorthIt, machine.retries <= policy.attemptsMax ?? Int.max else {
                machine.enter(.stopped(interruption))
                return nil
            }
            (machine.isHeld, machine.isOverdue) = (holdsAttempts, false)
            let delay = policy.delay(beforeAttempt: machine.retries, using: &machine.generator)
            machine.enter(.waiting(delay, after: interruption))
            return (delay, machine.round)
        }
        if let wait { arm(after: wait.delay, round: wait.round) }
        if state.isStopped { client.watchers.remove(self) }
        tell()
    }

    private func arm(after delay: Duration, round: Int) {
        let result = loop.post(isControl: true) { [self] context in
            let timer = context.schedule(after: delay) { [self] _ in fire(round) }
            let isWanted = machine.withLock { machine in
                guard machine.round == round else { return false }
                machine.timer = timer
                return true
            }
            if !isWanted { context.cancel(timer) }
        }
        if result == .stopped { loopEnded() }
    }

    private func fire(_ round: Int) {
        let isDue = machine.withLock { machine in
            guard machine.round == round, case .waiting = machine.state else { return false }
            machine.timer = nil
            machine.isOverdue = machine.isHeld
            if machine.isHeld { return false }
            machine.enter(.connecting(attempt: machine.retries))
            return true
        }
        guard isDue else { return }
        tell()
        connect()
    }

    /// The interruption was taken notice of: the next attempt follows when its delay is over, or now.
    func goOn() {
        let overdue = machine.withLock { machine -> Int? in
            machine.isHeld = false
            return machine.isOverdue ? machine.round : nil
        }
        if let overdue { fire(overdue) }
    }

    /// No timer and no attempt will come any more.
    private func loopEnded() {
        machine.withLock { machine in
            if machine.isStopped { return }
            machine.enter(.stopped(.failed(WebSocketConnectError(url: url, cause: .stopped))))
            machine.round += 1
            (machine.attempt, machine.timer) = (nil, nil)
        }
        client.watchers.remove(self)
        tell()
    }

    // MARK: Telling

    /// Tells of what has not been told, in order: a thread that finds another at it leaves it to that one.
    private func tell() {
        while let next = nextToTell() {
            onState(next)
            machine.withLock { $0.isTelling = false }
        }
    }

    private func nextToTell() -> State? {
        machine.withLock { machine in
            if machine.isTelling || machine.untold.isEmpty { return nil }
            machine.isTelling = true
            return machine.untold.removeFirst()
        }
    }
}

extension ReconnectingWebSocket.State {
    /// Whether it is over for good.
    public var isStopped: Bool {
        if case .stopped = self { true } else { false }
    }
}

/// Who wants to know that a client's loop has ended, because what they wait for there will not come. Any
/// thread.
final class LoopEndWatchers: Sendable {
    private struct Watcher {
        let loop: Int
        /// Watchers are told in the order in which they came: a simulated run must not depend on addresses.
        let number: Int
        let ended: @Sendable () -> Void
    }

    private struct State {
        var watchers: [ObjectIdentifier: Watcher] = [:]
        var nextNumber = 0
    }

    private let state = Locked(State())

    /// Tells `ended` when the loop has; `owner` names it, for `remove`.
    func add(_ owner: AnyObject, loop: Int, _ ended: @escaping @Sendable () -> Void) {
        let key = ObjectIdentifier(owner)
        state.withLock { state in
            state.watchers[key] = Watcher(loop: loop, number: state.nextNumber, ended: ended)
            state.nextNumber += 1
        }
    }

    func remove(_ owner: AnyObject) {
        let key = ObjectIdentifier(owner)
        let removed = state.withLock { $0.watchers.removeValue(forKey: key) }
        // What the closure keeps alive may end here: outside of the lock.
        _ = removed
    }

    func loopEnded(_ index: Int) {
        let due = state.withLock { state in
            let due = state.watchers.filter { $0.value.loop == index }
            for key in due.keys { state.watchers[key] = nil }
            return due
        }
        for watcher in due.values.sorted(by: { $0.number < $1.number }) { watcher.ended() }
    }
}
