import Glibc

extension ConnectionHost {
    /// Opens a listening socket and accepts from it; the answer is the address really bound.
    func listen(
        on address: SocketAddress, options: ListenerOptions, socketOptions: SocketOptions, role: UInt16,
        admission: Admission, handOut: (@Sendable (Descriptor, IPEndpoint) -> Void)?
    ) throws(SystemError) -> SocketAddress {
        let (descriptor, bound) = try loop.driver.listen(on: address, options: options)
        let number = state[].nextListener
        let token = Token(listener: number)
        state[].nextListener += 1
        state[].listeners[number] = ListenerState(
            descriptor: descriptor, address: bound, token: token, role: role, socketOptions: socketOptions,
            admission: admission, handOut: handOut)
        do {
            try loop.driver.startAccepting(descriptor, token: token)
        } catch {
            state[].listeners[number] = nil
            loop.driver.closeListener(descriptor, token: token)
            throw error
        }
        return bound
    }

    func closeListeners() {
        for number in state[].listeners.keys.sorted() {
            guard let listener = state[].listeners[number] else { continue }
            if !listener.isPaused { loop.driver.stopAccepting(listener.descriptor, token: listener.token) }
            loop.driver.closeListener(listener.descriptor, token: listener.token)
            // A simulated socket has no file, and must not take one that happens to be there.
            let isReal = loop.driver.kind != .simulated
            if isReal, case .unix(let path) = listener.address { _ = unsafe unlink(path) }
        }
        state[].listeners = [:]
    }

    func listenerDescriptor(_ token: Token) -> Descriptor? {
        state[].listeners[Self.number(token)]?.descriptor
    }

    private static func number(_ token: Token) -> UInt32 { UInt32(truncatingIfNeeded: token.rawValue) }

    // MARK: Accepting

    package func accepted(_ token: Token, descriptor: Descriptor, peer: IPEndpoint) -> Bool {
        let number = Self.number(token)
        guard let listener = state[].listeners[number] else {
            loop.driver.close(descriptor, token: token, reset: true)
            return false
        }
        metrics.add(1, to: .accepted)
        state[].listeners[number]?.pauseMilliseconds = ListenerState.pauseMillisecondsMin
        switch listener.admission.admit(peer) {
        case .tooMany:
            // Another loop took the last place between this loop's last look and now.
            refuse(descriptor, peer, token, reason: .connectionsMax)
            return waitForRoom(number)
        case .tooManyFromAddress:
            refuse(descriptor, peer, token, reason: .perAddressMax)
            return true
        case .admitted(let isFull):
            loop.driver.configure(descriptor, options: listener.socketOptions)
            if let handOut = listener.handOut {
                handOut(descriptor, peer)
            } else {
                adopt(descriptor, peer: peer, role: listener.role)
            }
            return isFull ? waitForRoom(number) : true
        }
    }

    private func refuse(_ descriptor: Descriptor, _ peer: IPEndpoint, _ token: Token, reason: RejectionReason)
    {
        loop.driver.close(descriptor, token: token, reset: true)
        metrics.add(1, to: reason == .connectionsMax ? .rejectedConnectionsMax : .rejectedPerAddress)
        observer?.connectionRejected(from: peer.socketAddress, reason: reason)
    }

    /// Leaves further connections in the kernel's backlog until one ends; always answers false.
    private func waitForRoom(_ number: UInt32) -> Bool {
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
        do {
            try loop.driver.startAccepting(listener.descriptor, token: listener.token)
        } catch {
            state[].listeners[number]?.isPaused = true
            scheduleListenerRetry(number, after: .milliseconds(ListenerState.pauseMillisecondsMax))
        }
    }
}
