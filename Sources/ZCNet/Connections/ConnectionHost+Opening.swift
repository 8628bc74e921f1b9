extension ConnectionHost {
    /// Takes an accepted connection, which was admitted.
    func adopt(_ descriptor: Descriptor, peer: IPEndpoint, role number: UInt16) {
        let role = state[].roles.indices.contains(Int(number)) ? state[].roles[Int(number)] : nil
        guard let role, case .none = state[].shutdown, let slot = insert(descriptor, peer: peer, role: number)
        else {
            driver.close(descriptor, token: Token(listener: 0), reset: true)
            role?.service?.release(peer)
            return
        }
        do {
            try driver.attach(descriptor, token: slot[].id.token)
        } catch {
            driver.close(descriptor, token: slot[].id.token, reset: true)
            state[].table.remove(slot)
            role.service?.release(peer)
            observer?.acceptFailed(errno: error.errno)
            return
        }
        open(slot)
    }

    private func insert(_ descriptor: Descriptor, peer: IPEndpoint, role: UInt16) -> LoopOwned<
        ConnectionSlot
    >? {
        guard let slot = state[].table.insert() else { return nil }
        let limits = state[].roles[Int(role)].limits
        slot[].descriptor = descriptor
        slot[].peer = peer
        slot[].role = role
        apply(limits, to: slot)
        slot[].openedAt = CoarseTime(loop.now)
        slot[].lastActivity = slot[].openedAt
        return slot
    }

    /// The connection is up: from here on it will be closed exactly once.
    ///
    /// - Parameter opened: whoever waits for it, told between `onOpen` and everything else, `onClose`
    ///   included.
    private func open(_ slot: LoopOwned<ConnectionSlot>, _ opened: () -> Void = {}) {
        slot[].flags.remove(.connecting)
        metrics.recordOpen()
        armIdle(slot)
        role(of: slot).prepare(base(slot))
        observer?.connectionOpened(slot[].id, peer: slot[].peer.socketAddress)
        serve(slot, .open) { $0.opened($1) }
        opened()
        finishEnding()
    }

    // MARK: Connecting

    /// What waits for an outgoing connection.
    struct PendingConnect {
        let address: SocketAddress
        let completion: (Result<ConnectionID, SystemError>) -> Void
    }

    /// Starts a connection to one address; the completion comes on this loop, after `onOpen` if it is up.
    func connect(
        to address: SocketAddress, options: SocketOptions, role: UInt16, timeout: Duration,
        completion: @escaping (Result<ConnectionID, SystemError>) -> Void
    ) {
        guard case .none = state[].shutdown,
            let slot = insert(.none, peer: IPEndpoint(address), role: role)
        else {
            return completion(.failure(SystemError("connect", on: address.description, errno: .cancelled)))
        }
        slot[].flags.insert(.connecting)
        let id = slot[].id
        do {
            slot[].descriptor = try driver.connect(to: address, options: options, token: id.token)
        } catch {
            state[].table.remove(slot)
            return completion(.failure(error))
        }
        state[].connects[id] = PendingConnect(address: address, completion: completion)
        slot[].timer = loop.schedule(TimerPayload(id, tag: .connectionDeadline), at: loop.now + timeout)
    }

    package func connected(_ token: Token) {
        guard let slot = find(token), slot[].flags.contains(.connecting) else { return }
        let id = slot[].id
        do {
            try driver.attach(slot[].descriptor, token: token)
        } catch {
            return connectFailed(slot, error.errno)
        }
        loop.cancel(slot[].timer)
        let pending = state[].connects.removeValue(forKey: id)
        open(slot) { pending?.completion(.success(id)) }
    }

    func connectFailed(_ slot: LoopOwned<ConnectionSlot>, _ errno: Errno) {
        let id = slot[].id
        loop.cancel(slot[].timer)
        driver.close(slot[].descriptor, token: id.token, reset: true)
        state[].table.remove(slot)
        guard let pending = state[].connects.removeValue(forKey: id) else { return }
        pending.completion(.failure(SystemError("connect", on: pending.address.description, errno: errno)))
    }

    func failPendingConnects() {
        for id in state[].connects.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            if let slot = find(id) { connectFailed(slot, .cancelled) }
        }
    }
}
