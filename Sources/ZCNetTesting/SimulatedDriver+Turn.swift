import ZCLibC
package import ZCNet

extension SimulatedDriver {
    /// Receptions of one socket, and accepts of one listener, before the others have their turn.
    private static let inARowMax = 4
    /// The largest reception in memory of the driver's.
    private static let lentBytesMax = 4096

    package func poll(timeoutNanoseconds: Int64, into sink: any CompletionSink) throws(SystemError) -> Int {
        let deadline = timeoutNanoseconds < 0 ? nil : network.now + timeoutNanoseconds
        waitsUntil = deadline
        isRestless = false
        if network.random.happens(network.faults.interrupts) {
            network.record(.interrupted, index)
            sink.awoke()
            isRestless = true
            return -1
        }
        if takeWake() {
            network.record(.woken, index)
            let count = pass(sink)
            defer { isRestless = true }
            return count == 0 && isRestless ? 1 : count
        }
        while true {
            let count = pass(sink)
            if count == 0 && isRestless { return 1 }
            if count > 0 || network.isStepping || timeoutNanoseconds == 0 { return count }
            if network.random.happens(network.faults.spuriousWakes) { return 0 }
            let next = [network.agenda.nextDue, deadline].compactMap { $0 }.min()
            // Nothing will ever happen: a real driver would wait for another thread, of which there is none.
            guard let next, deadline.map({ network.now < $0 }) ?? true else { return 0 }
            network.advance(to: next)
        }
    }

    /// Reports what is due, each socket at most a little.
    private func pass(_ sink: any CompletionSink) -> Int {
        sink.awoke()
        network.runDueEvents()
        var order = numbers
        if network.faults.reorders { order.shuffle(using: &network.random) }
        var count = 0
        for number in order {
            guard let socket = network.sockets[number], !socket.isClosed else { continue }
            // Nothing is left for later of a socket that has nothing due, or quiet turns would be few.
            if hasDue(socket) && network.random.happens(network.faults.delays) {
                isRestless = true
                network.record(.skipped, number)
                continue
            }
            count += report(socket, into: sink)
        }
        for listener in network.listeners where !listener.backlog.isEmpty && listener.driver === self {
            if network.random.happens(network.faults.delays) {
                isRestless = true
                continue
            }
            count += accept(listener, into: sink)
        }
        return count
    }

    /// Whether there is something to report of a socket.
    private func hasDue(_ socket: SimulatedSocket) -> Bool {
        if socket.isFailureReported { return false }
        if case .answered = socket.phase { return true }
        if socket.error != nil || (socket.looks && !socket.isPaused) || !socket.held.isEmpty { return true }
        return (socket.flight != nil || socket.wantsRoom) && network.room(socket) > 0
    }

    private func report(_ socket: SimulatedSocket, into sink: any CompletionSink) -> Int {
        if socket.isFailureReported { return 0 }
        if case .answered = socket.phase { return reportAnswer(socket, into: sink) }
        guard socket.isAttached else { return 0 }
        var count = 0
        let sendsFirst = !network.faults.reorders || network.random.next() & 1 == 0
        if sendsFirst && socket.error == nil { count += reportSending(socket, into: sink) }
        if !socket.isClosed { count += receive(socket, into: sink) }
        if !sendsFirst && socket.error == nil && !socket.isClosed {
            count += reportSending(socket, into: sink)
        }
        return count
    }

    private func reportAnswer(_ socket: SimulatedSocket, into sink: any CompletionSink) -> Int {
        if let error = socket.error { return fail(socket, error, into: sink) }
        socket.phase = .open
        sink.connected(socket.token)
        return 1
    }

    private func fail(_ socket: SimulatedSocket, _ error: Errno, into sink: any CompletionSink) -> Int {
        socket.isFailureReported = true
        socket.flight = nil
        network.record(.failed, socket.number, Int(error.rawValue))
        sink.failed(socket.token, errno: error)
        return 1
    }

    // MARK: Receiving

    private func receive(_ socket: SimulatedSocket, into sink: any CompletionSink) -> Int {
        var count = 0
        while !socket.isClosed && !socket.isFailureReported {
            if let error = socket.error, socket.isPaused || socket.incoming.arrived == 0 {
                return count + fail(socket, error, into: sink)
            }
            if socket.isPaused {
                receiveDespitePause(socket, into: sink)
                return count
            }
            guard socket.looks else { return count }
            if count == Self.inARowMax {
                isRestless = true
                return count
            }
            if !socket.held.isEmpty {
                guard lend(socket, socket.held, into: sink) else { return count }
                count += 1
            } else if socket.incoming.arrived > 0 {
                guard receiveSome(socket, into: sink) else { return count }
                count += 1
            } else if socket.incoming.hasFinishArrived && !socket.isEndReported {
                socket.isEndReported = true
                network.record(.ended, socket.number)
                sink.ended(socket.token)
                return count + 1
            } else {
                socket.looks = false
            }
        }
        return count
    }

    /// Lends bytes in memory of the driver's; false when the sink has paused and not taken them all.
    private func lend(_ socket: SimulatedSocket, _ bytes: SharedBytes, into sink: any CompletionSink) -> Bool
    {
        socket.held = bytes
        let taken = sink.received(socket.token, ReceivedChunk(bytes.bytes))
        precondition(taken == bytes.count || socket.isPaused || socket.isClosed, "bytes that nobody took")
        socket.held = taken < bytes.count ? bytes.slice(taken..<bytes.count) : SharedBytes()
        return socket.held.isEmpty
    }

    /// Bytes of which some buffer of the driver's has been filled.
    private func fill(_ socket: SimulatedSocket) -> SharedBytes {
        let count = network.random.size(upTo: min(socket.incoming.arrived, Self.lentBytesMax))
        let bytes = SharedBytes(copying: network.read(socket, count))
        network.record(.received, socket.number, count)
        return bytes
    }

    /// A reception that was under way when the connection was paused.
    private func receiveDespitePause(_ socket: SimulatedSocket, into sink: any CompletionSink) {
        guard socket.looks, socket.held.isEmpty, socket.incoming.arrived > 0, socket.error == nil,
            network.random.happens(network.faults.lentReceptions)
        else { return }
        _ = lend(socket, fill(socket), into: sink)
    }

    private func receiveSome(_ socket: SimulatedSocket, into sink: any CompletionSink) -> Bool {
        if network.random.happens(network.faults.lentReceptions) {
            return lend(socket, fill(socket), into: sink)
        }
        guard let target = sink.receiveTarget(socket.token) else {
            // Not wanted now: whoever wants it later asks, or more comes.
            socket.looks = false
            return false
        }
        precondition(target.descriptor == socket.descriptor, "memory for another socket")
        let most = unsafe min(socket.incoming.arrived, target.memory.count)
        precondition(most > 0, "memory without room")
        let isPartial = network.random.happens(network.faults.partialReads)
        let count = isPartial ? network.random.size(upTo: most) : most
        unsafe target.memory.copyBytes(from: network.read(socket, count))
        network.record(.received, socket.number, count)
        sink.received(socket.token, count: count)
        return true
    }

    // MARK: Accepting

    private func accept(_ listener: SimulatedListener, into sink: any CompletionSink) -> Int {
        var count = 0
        while listener.isAccepting && !listener.backlog.isEmpty && count < Self.inARowMax {
            count += 1
            network.acceptAttempts += 1
            let isContinued = acceptOne(listener, into: sink)
            // The sink may have stopped or closed the listener itself meanwhile.
            if !isContinued { listener.isAccepting = false }
        }
        if listener.isAccepting && !listener.backlog.isEmpty { isRestless = true }
        return count
    }

    private func acceptOne(_ listener: SimulatedListener, into sink: any CompletionSink) -> Bool {
        let isFull = network.descriptorsMax.map { network.acceptedCount >= $0 } ?? false
        if isFull || network.random.happens(network.faults.descriptorShortages) {
            network.record(.accepting, listener.number, 0)
            return !sink.acceptFailed(listener.token, errno: .noDescriptors)
        }
        guard let socket = network.sockets[listener.backlog.removeFirst()] else { return true }
        if network.random.happens(network.faults.abortedAccepts) {
            network.close(socket, reset: true)
            network.record(.accepting, listener.number, 1)
            return !sink.acceptFailed(listener.token, errno: .connectionAborted)
        }
        socket.wasAccepted = true
        network.acceptedCount += 1
        network.record(.accepted, socket.number)
        return sink.accepted(listener.token, descriptor: socket.descriptor, peer: IPEndpoint(socket.remote))
    }
}

/// A send under way whose bytes are read where they lie, piece by piece, as a kernel with completions does.
///
/// SAFETY: `@safe` because the driver's contract keeps the bytes in place until they are reported as sent;
/// reading them late is the point, since a sender that moves them is found out by wrong bytes.
@safe
struct SimulatedFlight {
    private var places: [UnsafeRawBufferPointer] = unsafe []
    private var file: FileSource?
    private(set) var remaining: Int

    /// Bytes in memory; the vectors themselves are copied, as they may go with the call.
    init(_ vectors: IOVectors) {
        remaining = vectors.byteCount
        for index in 0..<vectors.count {
            let vector = unsafe vectors.base[index]
            unsafe places.append(UnsafeRawBufferPointer(start: vector.iov_base, count: vector.iov_len))
        }
    }

    /// A range of a file.
    init(_ file: FileSource) {
        self.file = file
        remaining = file.count
    }

    /// Moves up to `limit` bytes on; answers how many, nil when the file has ended too soon.
    mutating func move(upTo limit: Int, to stream: SimulatedStream) -> Int? {
        guard let file else { return moveMemory(upTo: limit, to: stream) }
        guard let count = Self.read(file, upTo: limit, to: stream) else { return nil }
        remaining -= count
        self.file = FileSource(
            descriptor: file.descriptor, offset: file.offset.map { $0 + Int64(count) }, count: remaining)
        return count
    }

    private mutating func moveMemory(upTo limit: Int, to stream: SimulatedStream) -> Int {
        var moved = 0
        while moved < limit, let place = unsafe places.first {
            let count = min(limit - moved, place.count)
            unsafe stream.append(UnsafeRawBufferPointer(rebasing: place[..<count]))
            moved += count
            if count == place.count {
                unsafe places.removeFirst()
            } else {
                unsafe places[0] = UnsafeRawBufferPointer(rebasing: place[count...])
            }
        }
        remaining -= moved
        return moved
    }

    /// Reads from a file, or from a pipe, into a stream; nil at the end of the source.
    static func read(_ file: FileSource, upTo limit: Int, to stream: SimulatedStream) -> Int? {
        let wanted = min(limit, file.count)
        if wanted == 0 { return 0 }
        return unsafe withUnsafeTemporaryAllocation(byteCount: wanted, alignment: 1) { buffer in
            let descriptor = file.descriptor.rawValue
            // SAFETY: the buffer has room for `wanted` bytes.
            let result = retryingInterrupts {
                if let offset = file.offset {
                    return unsafe pread(descriptor, buffer.baseAddress, wanted, off_t(offset))
                }
                return unsafe ZCLibC.read(descriptor, buffer.baseAddress, wanted)
            }
            guard case .success(let count) = result, count > 0 else { return nil }
            unsafe stream.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            return count
        }
    }
}
