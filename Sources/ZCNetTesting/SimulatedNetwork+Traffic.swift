internal import ZCNet

extension SimulatedNetwork {
    private func latency() -> Int64 {
        let range = faults.latencyNanoseconds
        return range.lowerBound == range.upperBound
            ? range.lowerBound : Int64.random(in: range, using: &random)
    }

    // MARK: Connecting

    /// Makes both ends of a connection and sends the attempt on its way.
    func startConnecting(to address: SocketAddress, from source: SocketAddress) -> SimulatedSocket {
        let near = SimulatedEnd(number: makeNumber(), address: source)
        let far = SimulatedEnd(number: makeNumber(), address: address)
        let up = SimulatedStream(reader: far.number)
        let down = SimulatedStream(reader: near.number)
        let client = SimulatedSocket(
            near.number, other: far, phase: .connecting, local: source,
            streams: SimulatedStreams(incoming: down, outgoing: up))
        let server = SimulatedSocket(
            far.number, other: near, phase: .open, local: address,
            streams: SimulatedStreams(incoming: up, outgoing: down))
        sockets[near.number] = client
        sockets[far.number] = server
        record(.connecting, near.number)
        agenda.add(.attempt(client: near.number), at: now + latency())
        return client
    }

    private func attempt(_ client: SimulatedSocket) {
        guard !client.isClosed, let server = sockets[client.other] else { return }
        if random.happens(faults.lostConnects) { return }
        if !random.happens(faults.refusedConnects) {
            if let greet = scripts[server.local] {
                agenda.add(.answer(client: client.number, refused: false), at: now + latency())
                return adoptByScript(server, greet)
            }
            let candidates = listeners(at: server.local)
            if let listener = candidates.randomElement(using: &random),
                listener.backlog.count < listener.capacity
            {
                listener.backlog.append(server.number)
                record(.backlog, server.number, listener.backlog.count)
                agenda.add(.answer(client: client.number, refused: false), at: now + latency())
                return
            }
        }
        server.phase = .closed
        agenda.add(.answer(client: client.number, refused: true), at: now + latency())
    }

    private func listeners(at address: SocketAddress) -> [SimulatedListener] {
        let exact = listeners.filter { $0.address == address }
        if !exact.isEmpty { return exact }
        return listeners.filter { listener in
            guard case .ip(let ip, let port) = listener.address else { return false }
            return (ip == .anyV6 || ip == .anyV4) && port == address.port
        }
    }

    private func answer(_ client: SimulatedSocket, refused: Bool) {
        guard case .connecting = client.phase else { return }
        client.phase = .answered
        if refused { client.error = .connectionRefused }
        record(refused ? .refused : .connected, client.number)
        guard let peer = client.peer else { return }
        if refused {
            client.phase = .closed
            peer.refused()
        } else {
            client.phase = .open
            peer.connected()
        }
    }

    // MARK: Time

    /// Lets everything happen that is due; answers how much that was.
    @discardableResult
    func runDueEvents() -> Int {
        var count = 0
        while let event = agenda.take(dueBy: now) {
            count += 1
            switch event {
            case .segment(let reader): segmentArrived(at: reader)
            case .attempt(let number): if let client = sockets[number] { attempt(client) }
            case .answer(let number, let refused):
                if let client = sockets[number] { answer(client, refused: refused) }
            case .reset(let number): resetArrived(at: number)
            }
        }
        return count
    }

    func advance(to nanoseconds: Int64) {
        if nanoseconds > now { clock.advance(by: .nanoseconds(nanoseconds - now)) }
    }

    // MARK: Bytes

    /// Sends what the window allows on its way, and lets a scripted peer refill the room.
    func flush(_ socket: SimulatedSocket) {
        while true {
            let limit =
                faults.shortWrites > 0 ? random.size(upTo: faults.segmentBytesMax) : faults.segmentBytesMax
            guard
                socket.outgoing.launch(
                    limit: limit, window: faults.receiveBufferBytes, arrival: now + latency()) != nil
            else { break }
            agenda.add(.segment(reader: socket.other), at: socket.outgoing.lastArrival)
        }
        socket.peer?.pump()
    }

    /// Room in the socket's send buffer.
    func room(_ socket: SimulatedSocket) -> Int { max(0, faults.sendBufferBytes - socket.outgoing.waiting) }

    private func segmentArrived(at number: Int32) {
        guard let socket = sockets[number], !socket.isDeaf, let count = socket.incoming.arrive() else {
            return
        }
        record(.arrived, number, count)
        if socket.isClosed {
            // Bytes for a socket that is gone are answered with a reset.
            if count > 0 {
                socket.incoming.breakOff(dropsArrived: true)
                agenda.add(.reset(socket: socket.other), at: now + latency())
            }
            return
        }
        let scripted = socket.peer ?? sockets[socket.other]?.peer
        if let scripted, random.happens(faults.resets) { return scripted.reset() }
        socket.looks = true
        socket.peer?.arrived()
    }

    /// Reads what has arrived, which opens the window for the other end.
    func read(_ socket: SimulatedSocket, _ count: Int) -> [UInt8] {
        defer { if let other = sockets[socket.other] { flush(other) } }
        return socket.incoming.read(count)
    }

    // MARK: Lost connections

    /// Breaks the connections that are open now, as a device in between does that has forgotten them: both
    /// ends are reset, and have what had come to them before.
    package func breakConnections() {
        for number in sockets.keys.sorted() { resetArrived(at: number, isBetween: true) }
    }

    /// Nothing arrives any more at either end of the connections that are there now: each has a peer that has
    /// gone without a word.
    package func silenceConnections() { for socket in sockets.values { socket.isDeaf = true } }

    // MARK: Ending

    func finish(_ socket: SimulatedSocket) {
        record(.finished, socket.number)
        socket.outgoing.requestFinish()
        flush(socket)
    }

    /// Closes an end. Bytes that nobody has read turn a good end into a reset, as in a real kernel.
    func close(_ socket: SimulatedSocket, reset: Bool) {
        guard !socket.isClosed else { return }
        let isReset = reset || socket.incoming.arrived > 0
        record(isReset ? .reset : .closed, socket.number, socket.incoming.arrived)
        socket.phase = .closed
        socket.flight = nil
        if isReset {
            socket.outgoing.breakOff(dropsArrived: false)
            socket.incoming.breakOff(dropsArrived: true)
            agenda.add(.reset(socket: socket.other), at: now + latency())
        } else {
            socket.outgoing.requestFinish()
            flush(socket)
        }
        guard let other = sockets[socket.other], other.isClosed else { return }
        sockets[socket.number] = nil
        sockets[other.number] = nil
    }

    /// - Parameter isBetween: whether it does not come from the other end, which has what it has received.
    private func resetArrived(at number: Int32, isBetween: Bool = false) {
        guard let socket = sockets[number], !socket.isClosed, !socket.isDeaf else { return }
        record(.reset, number, -1)
        socket.error = .connectionReset
        socket.outgoing.breakOff(dropsArrived: !isBetween)
        socket.incoming.breakOff(dropsArrived: !isBetween && random.happens(0.5))
        socket.looks = true
        if let peer = socket.peer {
            socket.phase = .closed
            peer.resetArrived()
        }
    }
}
