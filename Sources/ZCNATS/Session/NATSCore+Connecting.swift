import ZCNet

/// Servers come and go: attempts in rounds over all of them, the greeting, and the way back after a loss.
extension NATSCore {
    /// A connection that has lived so long was a good one, and the delays begin anew.
    private static var stableAfter: Duration { .seconds(10) }

    // MARK: Attempts

    /// Begins to connect, once; `completion` is told of the first round.
    func start(_ completion: @escaping @Sendable (NATSError?) -> Void) {
        switch state[].phase {
        case .idle:
            state[].firstConnect.append(completion)
            beginRound()
        case .closed: completion(NATSError(.closed, expected: "an open client", got: "one that was closed"))
        case _ where state[].hasConnected: completion(nil)
        default: state[].firstConnect.append(completion)
        }
    }

    private func beginRound() {
        var generator = state[].generator
        state[].pool.beginRound(using: &generator)
        state[].generator = generator
        connectNext()
    }

    private func connectNext() {
        guard let tcp = state[].tcp else { return }
        guard let server = state[].pool.next() else { return roundFailed() }
        state[].phase = .connecting
        state[].ending = nil
        tcp.connect(to: server.endpoint, onLoop: loop.index) { [self] base, _ in
            opened(base)
        } failed: { [self] error in
            let failure = NATSError(
                .unreachable, expected: "a connection to \(server.endpoint)", got: error.description)
            // Where the loop has ended this is another thread, and nothing is left to be told.
            if loop.isCurrent { attemptFailed(failure) }
        }
    }

    private func attemptFailed(_ error: NATSError) {
        figures.add(1, to: .connectFailures)
        state[].failure = error
        if state[].phase != .closed { connectNext() }
    }

    private func roundFailed() {
        let error =
            state[].failure ?? NATSError(.unreachable, expected: "a server", got: "none that answers")
        guard state[].hasConnected else {
            state[].phase = .idle
            let waiting = state[].firstConnect
            state[].firstConnect = []
            for completion in waiting { completion(error) }
            return
        }
        state[].rounds += 1
        if let most = options.reconnectRoundsMax, state[].rounds > most { return close(error) }
        wait(error)
    }

    private func wait(_ error: NATSError) {
        var generator = state[].generator
        let delay = options.backoff.delay(beforeAttempt: max(1, state[].rounds), using: &generator)
        state[].generator = generator
        state[].phase = .waiting
        onEvent(.waiting(delay, error))
        guard state[].phase == .waiting else { return }
        state[].timer = schedule(after: delay) { core in
            core.state[].timer = nil
            if core.state[].phase == .waiting { core.beginRound() }
        }
    }

    // MARK: Greeting

    private func opened(_ base: ConnectionBase) {
        guard state[].phase == .connecting else { return base.end(CloseReason(.local), isAbortive: true) }
        state[].connection = base
        state[].phase = .greeting
        _ = base.schedule(after: options.connectTimeout, tag: .handshake)
        if options.beginsWithTLS { base.nextTurn { [self] _ in secure() } }
    }

    /// The server has said what it is.
    func greeted(_ info: NATSServerInfo, _ base: ConnectionBase) {
        state[].info = info
        outbox.setPayloadBytesMax(info.payloadBytesMax)
        discover(info)
        if state[].phase != .greeting {
            if info.isLameDuck { onEvent(.lameDuck) }
            return
        }
        let wantsTLS = options.security != nil || state[].pool.current?.isSecure == true
        if base.negotiated != nil || !wantsTLS && !info.requiresTLS { return enter(base) }
        guard options.security != nil else {
            return fail(
                NATSError(
                    .unreachable,
                    expected: "security in the options, as the server or its address asks for TLS",
                    got: "none"), base)
        }
        guard info.requiresTLS || info.offersTLS else {
            return fail(NATSError(.unreachable, expected: "a server with TLS", got: "one without"), base)
        }
        secure()
    }

    private func discover(_ info: NATSServerInfo) {
        guard options.discoversServers else { return }
        let added = state[].pool.add(discovered: info.connectURLs)
        if !added.isEmpty && state[].hasConnected { onEvent(.discovered(added)) }
    }

    /// Has the connection agree on TLS, and come back as the same connection.
    private func secure() {
        guard let base = state[].connection, let security = options.security,
            let role = state[].secureRole, let server = state[].pool.current,
            let endpoint = try? Endpoint(parsing: server.endpoint)
        else { return }
        state[].phase = .securing
        base.nextTurn { [self] host in
            guard state[].phase == .securing, let base = state[].connection else { return }
            base.handOver(to: role)
            let greeting = SecurityGreeting(endpoint: endpoint, timeout: options.connectTimeout) { cause in
                self.secured(cause)
            }
            base.withState { security.begin($0, $1, greeting) }
        }
    }

    private func secured(_ cause: ConnectError.Cause?) {
        guard let base = state[].connection, state[].phase == .securing else { return }
        if let cause {
            // The connection has come to its end already, and its role is not this client's.
            state[].connection = nil
            let error = ConnectError(
                endpoint: state[].pool.current?.endpoint ?? "", cause: cause, attempts: [])
            return attemptFailed(
                NATSError(.unreachable, expected: "a secure connection", got: error.description))
        }
        if options.beginsWithTLS { state[].phase = .greeting } else { enter(base) }
    }

    /// Says who the client is.
    private func enter(_ base: ConnectionBase) {
        state[].phase = .entering
        do throws(NATSError) {
            let credentials = state[].pool.current?.credentials ?? options.credentials
            let fields: [(String, JSONText?)] =
                [
                    ("verbose", .boolean(false)), ("pedantic", .boolean(false)),
                    ("tls_required", .boolean(base.negotiated != nil)), ("name", .string(options.name)),
                    ("lang", .string("swift")), ("version", .string("0.1.0")), ("protocol", .integer(1)),
                    ("echo", .boolean(options.hearsItself)), ("headers", .boolean(true)),
                    ("no_responders", .boolean(true)),
                ] + (try credentials.fields(nonce: state[].info.nonce)).map { ($0, Optional($1)) }
            state[].pongs = []
            state[].pingsOutstanding = 0
            var text = "CONNECT \(JSONText.object(fields).text)\r\nPING\r\n"
            _ = text.withBytes { base.send($0) }
        } catch {
            fail(error, base)
        }
    }

    /// The server has consented.
    func entered(_ base: ConnectionBase) {
        state[].phase = .ready
        state[].connectedAt = base.now
        figures.add(1, to: .connects)
        figures.set(.connected, to: 1)
        let batch = batch
        batch[].clear()
        for subscription in state[].subscriptions.all { try? batch[].append(subscription) }
        flushBatch(base)
        armPing(base)
        state[].hasConnected = true
        let waiting = state[].firstConnect
        state[].firstConnect = []
        flushOutbox()
        onEvent(.connected(state[].info))
        // What could not wait while the client was away can be said now.
        roomAgain()
        for completion in waiting { completion(nil) }
    }

    // MARK: Liveness

    func armPing(_ base: ConnectionBase) { _ = base.schedule(after: options.pingInterval, tag: .keepalive) }

    func timerFired(_ tag: ConnectionTimerTag, _ base: ConnectionBase) {
        guard isCurrent(base) else { return }
        if tag == .handshake {
            if state[].phase == .ready { return }
            return fail(
                NATSError(
                    .timedOut, expected: "the server's consent within \(options.connectTimeout)",
                    got: "none"),
                base, .timeout(.handshake))
        }
        guard tag == .keepalive, state[].phase == .ready else { return }
        guard state[].pingsOutstanding < options.pingsOutstandingMax else {
            return fail(
                NATSError(
                    .timedOut, expected: "an answer to \(options.pingsOutstandingMax) PINGs", got: "none"),
                base, .timeout(.pong))
        }
        state[].pingsOutstanding += 1
        ping(nil)
        armPing(base)
    }

    /// Asks the server for an answer; it comes behind everything that was said before.
    func ping(_ completion: (@Sendable (NATSError?) -> Void)?) {
        guard state[].phase == .ready, let base = state[].connection else {
            completion?(NATSError(.away, expected: "a connection", got: "none"))
            return
        }
        state[].pongs.append(completion)
        say(SharedBytes("PING\r\n").bytes, base)
    }

    // MARK: Losing

    func isCurrent(_ base: ConnectionBase) -> Bool { state[].connection?.slot[].id == base.slot[].id }

    /// Ends a connection that is of no use.
    func fail(_ error: NATSError, _ base: ConnectionBase, _ cause: CloseCause = .local) {
        if error.code == .protocolViolation { figures.add(1, to: .protocolErrors) }
        if state[].ending == nil { state[].ending = error }
        base.end(CloseReason(cause), isAbortive: true)
    }

    /// A connection has ended.
    func lost(_ base: ConnectionBase, _ reason: CloseReason) {
        guard isCurrent(base) else { return }
        state[].connection = nil
        batch[].clear()
        let error =
            state[].ending ?? state[].failureFromServer
            ?? NATSError(.away, expected: "a connection to stay", got: reason.description)
        state[].ending = nil
        state[].failureFromServer = nil
        let before = state[].phase
        if before == .closed { return }
        state[].failure = error
        failPongs(error)
        guard before == .ready else { return attemptFailed(error) }
        figures.set(.connected, to: 0)
        figures.add(1, to: .disconnects)
        let isStable = base.now - state[].connectedAt >= Self.stableAfter
        state[].rounds = isStable ? 1 : state[].rounds + 1
        state[].phase = .waiting
        onEvent(.away(error))
        if state[].phase == .waiting { wait(error) }
    }

    /// The loop ends, and with it everything.
    func loopEnded() { close(NATSError(.closed, expected: "a loop that runs", got: "one that has ended")) }
}
