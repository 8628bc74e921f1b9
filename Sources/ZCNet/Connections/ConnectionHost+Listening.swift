import ZCLibC

extension ConnectionHost {
    /// Opens a listening socket and accepts from it; the answer is the address really bound.
    func listen(
        on address: SocketAddress, options: ListenerOptions, socketOptions: SocketOptions, role: UInt16,
        admission: Admission, handOut: (@Sendable (Descriptor, IPEndpoint) -> Void)?
    ) throws(SystemError) -> SocketAddress {
        let (descriptor, bound) = try driver.listen(on: address, options: options)
        let number = state[].nextListener
        let token = Token(listener: number)
        state[].nextListener += 1
        state[].listeners[number] = ListenerState(
            descriptor: descriptor, address: bound, token: token, role: role, socketOptions: socketOptions,
            admission: admission, handOut: handOut)
        do {
            try driver.startAccepting(descriptor, token: token)
        } catch {
            state[].listeners[number] = nil
            driver.closeListener(descriptor, token: token)
            throw error
        }
        return bound
    }

    func closeListeners() {
        for number in state[].listeners.keys.sorted() {
            guard let listener = state[].listeners[number] else { continue }
            if !listener.isPaused { driver.stopAccepting(listener.descriptor, token: listener.token) }
            driver.closeListener(listener.descriptor, token: listener.token)
            if let parked = listener.parked { refuse(parked, listener.token, reason: .connectionsMax) }
            // A socket that made no file must not take one that happens to be there.
            if driver.makesSocketFiles, case .unix(let path) = listener.address {
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

    func listenerDescriptor(_ token: Token) -> Descriptor? {
        state[].listeners[Self.number(token)]?.descriptor
    }

    private static func number(_ token: Token) -> UInt32 { UInt32(truncatingIfNeeded: token.rawValue) }

    // MARK: Accepting

    package func accepted(_ token: Token, descriptor: Descriptor, peer: IPEndpoint) -> Bool {
        let number = Self.number(token)
        guard let listener = state[].listeners[number] else {
            driver.close(descriptor, token: token, reset: true)
            return false
        }
        metrics.add(1, to: .accepted)
        state[].listeners[number]?.pauseMilliseconds = ListenerState.pauseMillisecondsMin
        driver.configure(descriptor, options: listener.socketOptions)
        return admit(AcceptedConnection(descriptor: descriptor, peer: peer), to: number)
    }

    /// Brings a connection in, or keeps it until there is room; false when no other may be accepted now.
    private func admit(_ connection: AcceptedConnection, to number: UInt32) -> Bool {
        guard let listener = state[].listeners[number] else { return false }
        switch listener.admission.admit(connection.peer) {
        case .tooMany:
            // Another loop took the last place between this loop's last look and now. The connection waits
            // here as the others wait in the backlog; there is never more than one, since none is accepted
            // meanwhile.
            state[].listeners[number]?.parked = connection
            return waitForRoom(number)
        case .tooManyFromAddress:
            refuse(connection, listener.token, reason: .perAddressMax)
            return true
        case .admitted(let isFull):
            if let handOut = listener.handOut {
                handOut(connection.descriptor, connection.peer)
            } else {
                adopt(connection.descriptor, peer: connection.peer, role: listener.role)
            }
            return isFull ? waitForRoom(number) : true
        }
    }

    private func refuse(_ connection: AcceptedConnection, _ token: Token, reason: RejectionReason) {
        // Told before the peer can know, so that who sees the reset finds it counted.
        metrics.add(1, to: reason == .connectionsMax ? .rejectedConnectionsMax : .rejectedPerAddress)
        turnedAway(connection.peer.socketAddress, reason)
        driver.close(connection.descriptor, token: token, reset: true)
    }

    /// Tells the observer of somebody who met a limit.
    package func turnedAway(_ peer: SocketAddress, _ limit: RejectionReason) {
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

    /// When the observer was last told of a limit, and how often the limit was met since.
    struct LimitNotice {
        var count = 0
        var toldAt: MonotonicInstant?
        static let pause = Duration.seconds(60)
    }

    /// Leaves further connections in the kernel's backlog until one ends; always answers false.
    private func waitForRoom(_ number: UInt32) -> Bool {
        reached(.connectionsMax)
        state[].listeners[number]?.isPaused = true
        let admission = state[].listeners[number]?.admission
        let siblings = siblings
        let index = loop.index
        admission?.whenRoom { siblings.post(to: index, isControl: true) { $0.resumeListener(number) } }
        return false
    }

    package func acceptFailed(_ token: Token, errno: Errno) -> Bool {
        let number = Self.number(token)
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
        scheduleListenerRetry(number, after: .milliseconds(pause))
        return true
    }

    func resumeListener(_ number: UInt32) {
        guard let listener = state[].listeners[number], listener.isPaused else { return }
        state[].listeners[number]?.isPaused = false
        if let parked = listener.parked {
            state[].listeners[number]?.parked = nil
            guard admit(parked, to: number) else { return }
        }
        do {
            try driver.startAccepting(listener.descriptor, token: listener.token)
        } catch {
            state[].listeners[number]?.isPaused = true
            scheduleListenerRetry(number, after: .milliseconds(ListenerState.pauseMillisecondsMax))
        }
    }
}
