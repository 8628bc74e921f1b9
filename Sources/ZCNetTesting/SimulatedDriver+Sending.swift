package import ZCNet

extension SimulatedDriver {
    package func send(_ descriptor: Descriptor, token: Token, vectors: IOVectors) -> SendOutcome {
        let socket = socket(descriptor)
        precondition(vectors.count > 0 && vectors.byteCount > 0, "an empty send")
        if let outcome = refuse(socket) { return outcome }
        if !sendsDirectly {
            socket.flight = SimulatedFlight(vectors)
            return .inFlight
        }
        let taken = takeable(socket, of: vectors.byteCount)
        var flight = SimulatedFlight(vectors)
        _ = flight.move(upTo: taken, to: socket.outgoing)
        return took(socket, taken, of: vectors.byteCount)
    }

    package func sendFile(_ descriptor: Descriptor, token: Token, from file: borrowing FileSource)
        -> SendOutcome
    {
        let source = FileSource(descriptor: file.descriptor, offset: file.offset, count: file.count)
        let socket = socket(descriptor)
        if let outcome = refuse(socket) { return outcome }
        if !sendsDirectly {
            socket.flight = SimulatedFlight(source)
            return .inFlight
        }
        let limit = takeable(socket, of: source.count)
        guard let taken = SimulatedFlight.read(source, upTo: limit, to: socket.outgoing) else {
            return .sourceEnded
        }
        return took(socket, taken, of: source.count)
    }

    /// What stands in the way of any send.
    private func refuse(_ socket: SimulatedSocket) -> SendOutcome? {
        precondition(socket.flight == nil, "a second send while one is under way")
        precondition(!socket.outgoing.isFinishRequested, "a send after the sending direction has ended")
        if let error = socket.error {
            socket.isFailureReported = true
            return .failed(error)
        }
        return nil
    }

    /// How many of the offered bytes the kernel takes.
    private func takeable(_ socket: SimulatedSocket, of offered: Int) -> Int {
        let room = min(offered, network.room(socket))
        if network.random.happens(network.faults.refusedWrites) { return 0 }
        return network.random.happens(network.faults.shortWrites) ? network.random.size(upTo: room) : room
    }

    private func took(_ socket: SimulatedSocket, _ taken: Int, of offered: Int) -> SendOutcome {
        network.record(.offered, socket.number, taken)
        if taken < offered { socket.wantsRoom = true }
        network.flush(socket)
        return .sent(taken)
    }

    // MARK: Reporting

    /// Moves a send under way on, or reports room to one who waits for it, or, spuriously, to one who does
    /// not.
    func reportSending(_ socket: SimulatedSocket, into sink: any CompletionSink) -> Int {
        let room = network.room(socket)
        if let remaining = socket.flight?.remaining {
            return reportFlight(socket, upTo: min(remaining, room), into: sink)
        }
        let isDue = socket.wantsRoom && room > 0
        if !isDue && !network.random.happens(network.faults.spuriousRoom) { return 0 }
        socket.wantsRoom = false
        network.record(.room, socket.number, isDue ? room : 0)
        sink.sent(socket.token, count: 0)
        return 1
    }

    private func reportFlight(_ socket: SimulatedSocket, upTo room: Int, into sink: any CompletionSink) -> Int
    {
        if room == 0 { return 0 }
        let isShort = network.random.happens(network.faults.shortWrites)
        let limit = isShort ? network.random.size(upTo: room) : room
        guard let moved = socket.flight?.move(upTo: limit, to: socket.outgoing) else {
            socket.flight = nil
            socket.error = Errno(rawValue: 5)
            return 0
        }
        if socket.flight?.remaining == 0 { socket.flight = nil }
        network.record(.done, socket.number, moved)
        network.flush(socket)
        sink.sent(socket.token, count: moved)
        return 1
    }
}
