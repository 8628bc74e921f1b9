/// Opening: the doors let connections in, and the host gives each a slot.
extension ConnectionHost {
    // MARK: Accepting

    package func accepted(_ token: Token, descriptor: Descriptor, peer: IPEndpoint) -> Bool {
        guard let arrival = doors.arrived(token, descriptor, from: peer) else { return false }
        return admit(arrival, to: ConnectionDoors.number(of: token))
    }

    package func acceptFailed(_ token: Token, errno: Errno) -> Bool {
        doors.acceptFailed(token, errno: errno)
    }

    /// Brings a connection in, or has it wait until there is room; false when no other may be accepted now.
    private func admit(_ connection: AcceptedConnection, to number: UInt32) -> Bool {
        let isLast: Bool
        switch doors.admit(connection, to: number) {
        case .none(let last), .handedOut(let last): isLast = last
        case .adopt(let role, let last):
            isLast = last
            arrive(connection, role: role)
            if !isLast && holdsBackArrivals(of: number) { return false }
        }
        if isLast { doors.waitForRoom(number) }
        return !isLast
    }

    /// There may be room, or descriptors: accepts again.
    func resumeListener(_ number: UInt32) {
        guard doors.endPause(number) else { return }
        if let parked = doors.takeParked(number), !admit(parked, to: number) { return }
        doors.acceptMore(number)
    }

    /// Takes an accepted connection, which was admitted.
    func adopt(_ descriptor: Descriptor, peer: IPEndpoint, role number: UInt16) {
        let role = state[].roles.indices.contains(Int(number)) ? state[].roles[Int(number)] : nil
        guard let role, !state[].shutdown.hasBegun, let slot = insert(descriptor, peer: peer, role: number)
        else {
            driver.close(descriptor, token: Token(listener: 0), reset: true)
            role?.service?.release(peer)
            return
        }
        do {
            try attach(slot)
        } catch {
            driver.close(descriptor, token: slot[].id.token, reset: true)
            state[].table.remove(slot)
            role.service?.release(peer)
            observer?.acceptFailed(errno: error.errno)
            return
        }
        open(slot)
    }

    private func attach(_ slot: LoopOwned<ConnectionSlot>) throws(SystemError) {
        let (descriptor, token) = (slot[].descriptor, slot[].id.token)
        if withRole(of: slot, { $0.mayReceive == nil }) {
            try driver.attach(descriptor, token: token)
        } else {
            try driver.attachInTurns(descriptor, token: token)
        }
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

    /// Starts a connection to one address; the completion comes on this loop, after `onOpen` if it is up.
    func connect(
        to address: SocketAddress, options: SocketOptions, role: UInt16, timeout: Duration,
        completion: @escaping (Result<ConnectionID, SystemError>) -> Void
    ) {
        guard !state[].shutdown.hasBegun,
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
        doors.expect(id, ConnectionDoors.PendingConnect(address: address, completion: completion))
        endings.setDeadline(slot, at: loop.now + timeout)
    }

    package func connected(_ token: Token) {
        guard let slot = find(token), slot[].flags.contains(.connecting) else { return }
        let id = slot[].id
        do {
            try attach(slot)
        } catch {
            return connectFailed(slot, error.errno)
        }
        endings.cancelDeadline(slot)
        let pending = doors.takePending(id)
        open(slot) { pending?.completion(.success(id)) }
    }

    func connectFailed(_ slot: LoopOwned<ConnectionSlot>, _ errno: Errno) {
        let id = slot[].id
        endings.cancelDeadline(slot)
        driver.close(slot[].descriptor, token: id.token, reset: true)
        state[].table.remove(slot)
        guard let pending = doors.takePending(id) else { return }
        pending.completion(.failure(SystemError("connect", on: pending.address.description, errno: errno)))
    }

    func failPendingConnects() {
        for id in doors.pendingIDs {
            if let slot = find(id) { connectFailed(slot, .cancelled) }
        }
    }

    // MARK: Handing over

    /// Gives the connection to another role of the same server, and calls its `opened`.
    ///
    /// Called from within a callback of the old role, whose state is gone when this returns. Limits are the
    /// new role's from here on, which says again if the peer is still a stranger; what was sent before leaves
    /// first.
    func handOver(_ slot: LoopOwned<ConnectionSlot>, to number: UInt16) {
        role(of: slot).dispose(base(slot))
        slot[].role = number
        treatAsKnown(slot)
        slot[].flags.remove(.receivesInTurns)
        let next = role(of: slot)
        apply(next.limits, to: slot)
        endings.cancelDeadline(slot)
        armIdle(slot)
        next.prepare(base(slot))
        next.opened(base(slot))
    }

    /// Lends the last `count` bytes of what the running callback was lent to the role that has the connection
    /// now.
    func deliverRest(_ slot: LoopOwned<ConnectionSlot>, _ chunk: borrowing ReceivedChunk) {
        if chunk.isEmpty || slot[].flags.contains(.closing) { return }
        withRole(of: slot) { $0.received(base(slot), chunk) }
    }

    /// Runs work with a connection's state; not within one of its callbacks. What the work sends leaves at
    /// the end of the turn.
    package func withState(
        _ slot: LoopOwned<ConnectionSlot>, _ work: (ConnectionBase, StatePlace) -> Void
    ) {
        if slot[].flags.contains(.connecting) { return }
        let base = base(slot)
        work(base, withRole(of: slot) { $0.statePlace(base) })
    }

    /// Takes a role's limits over into the connection's own.
    private func apply(_ limits: ConnectionLimits, to slot: LoopOwned<ConnectionSlot>) {
        slot[].policy = limits.overflowPolicy
        slot[].outboundBytesMax = UInt32(clamping: limits.outboundBytesMax)
        if limits.pausesReadingUnderPressure {
            slot[].flags.insert(.pausesUnderPressure)
        } else {
            slot[].flags.remove(.pausesUnderPressure)
        }
    }
}
