import Synchronization
package import ZCNet

/// A driver whose kernel is a `SimulatedNetwork`. One per loop; descriptors are good on all drivers of a
/// network.
///
/// It keeps the contract to the letter and uses every freedom that the contract gives. What a loop must not
/// do (name a closed descriptor, send twice at a time) ends the process, because it is a defect that a real
/// kernel would hide.
package final class SimulatedDriver: Driver {
    package let clockRunsInCallbacks = false
    package let makesSocketFiles = false
    package let isStepped = true
    package let sendsDirectly: Bool
    package let clock: MonotonicClock

    let network: SimulatedNetwork
    /// The loop's number, for the trace.
    let index: Int32
    /// Attached and connecting sockets, in the order they came.
    var numbers: [Int32] = []
    private let isWoken = Atomic<Bool>(false)
    /// Tells whoever steps the loops that somebody elsewhere has something for one of them.
    private let wakes: ThreadSignal

    // What the last `poll` was about, for the one who steps several loops.
    /// Until when it would have waited; nil for ever.
    var waitsUntil: Int64?
    /// Whether something was left undone, so that this turn says nothing about the next one.
    var isRestless = false

    package init(network: SimulatedNetwork, index: Int) {
        self.network = network
        self.index = Int32(index)
        wakes = network.wakes
        sendsDirectly = network.sending == .direct
        clock = MonotonicClock(virtual: network.clock)
    }

    package func begin() {}

    package func end() {}

    // MARK: Listening

    package func listen(
        on address: SocketAddress, options: ListenerOptions
    ) throws(SystemError) -> (Descriptor, SocketAddress) {
        var bound = address
        if case .ip(let ip, port: 0) = address { bound = .ip(ip, port: network.makePort()) }
        if !options.sharesPort && network.listeners.contains(where: { $0.address == bound }) {
            throw SystemError("bind", on: address.description, errno: .addressInUse)
        }
        let listener = SimulatedListener(network.makeNumber(), address: bound, capacity: options.backlog)
        network.listeners.append(listener)
        network.record(.listening, listener.number)
        return (Descriptor(rawValue: listener.number), bound)
    }

    /// What a process is given comes from a kernel.
    package func adoptListener(_ listener: Descriptor) throws -> SocketAddress {
        throw SystemError("adopt", on: "fd:\(listener.rawValue) in a simulation", errno: .notSupported)
    }

    func listener(_ descriptor: Descriptor) -> SimulatedListener {
        guard let listener = network.listeners.first(where: { $0.number == descriptor.rawValue }) else {
            preconditionFailure("a listener that is closed: \(descriptor.rawValue)")
        }
        return listener
    }

    package func startAccepting(_ listener: Descriptor, token: Token) throws(SystemError) {
        let listener = self.listener(listener)
        precondition(!listener.isAccepting, "startAccepting without stopAccepting")
        listener.driver = self
        listener.token = token
        listener.isAccepting = true
    }

    package func stopAccepting(_ listener: Descriptor, token: Token) {
        self.listener(listener).isAccepting = false
    }

    package func closeListener(_ listener: Descriptor, token: Token) {
        let closed = self.listener(listener)
        network.listeners.removeAll { $0 === closed }
        network.record(.closed, closed.number)
        for number in closed.backlog {
            if let socket = network.sockets[number] { network.close(socket, reset: true) }
        }
    }

    // MARK: Connections

    package func connect(
        to address: SocketAddress, options: SocketOptions, token: Token
    ) throws(SystemError) -> Descriptor {
        let source: SocketAddress =
            address.ipAddress == nil ? .unix(path: "") : .ip(.loopbackV4, port: network.makePort())
        let socket = network.startConnecting(to: address, from: source)
        adopt(socket, token)
        return socket.descriptor
    }

    package func configure(_ descriptor: Descriptor, options: SocketOptions) { _ = socket(descriptor) }

    package func attach(_ descriptor: Descriptor, token: Token) throws(SystemError) {
        let socket = socket(descriptor)
        precondition(!socket.isAttached, "attached twice")
        if socket.driver == nil { adopt(socket, token) }
        precondition(socket.driver === self && socket.token == token, "a socket under two names")
        socket.isAttached = true
        socket.looks = true
    }

    private func adopt(_ socket: SimulatedSocket, _ token: Token) {
        socket.driver = self
        socket.token = token
        numbers.append(socket.number)
    }

    /// The open socket of a descriptor.
    func socket(_ descriptor: Descriptor) -> SimulatedSocket {
        guard let socket = network.sockets[descriptor.rawValue], !socket.isClosed else {
            preconditionFailure("a descriptor that is closed: \(descriptor.rawValue)")
        }
        return socket
    }

    package func pauseReceiving(_ descriptor: Descriptor, token: Token) {
        let socket = socket(descriptor)
        socket.isPaused = true
        network.record(.paused, socket.number)
    }

    package func resumeReceiving(_ descriptor: Descriptor, token: Token) {
        let socket = socket(descriptor)
        socket.isPaused = false
        socket.looks = true
        network.record(.resumed, socket.number)
    }

    package func finishSending(_ descriptor: Descriptor, token: Token) {
        let socket = socket(descriptor)
        precondition(socket.flight == nil, "finished while a send is under way")
        network.finish(socket)
    }

    package func close(_ descriptor: Descriptor, token: Token, reset: Bool) {
        let socket = socket(descriptor)
        if socket.wasAccepted { network.acceptedCount -= 1 }
        numbers.removeAll { $0 == socket.number }
        network.close(socket, reset: reset)
    }

    package func hasPeerEnded(_ descriptor: Descriptor, token: Token) -> Bool {
        socket(descriptor).incoming.hasFinishArrived
    }

    package func unacknowledgedBytes(of descriptor: Descriptor, token: Token) -> Int {
        socket(descriptor).outgoing.unacknowledged
    }

    package func localAddress(of descriptor: Descriptor) -> SocketAddress? {
        guard let socket = network.sockets[descriptor.rawValue], !socket.isClosed else { return nil }
        return socket.local
    }

    // MARK: Waking

    package func wake() {
        isWoken.store(true, ordering: .releasing)
        wakes.signal()
    }

    var isWakePending: Bool { isWoken.load(ordering: .relaxed) }

    func takeWake() -> Bool { isWoken.exchange(false, ordering: .acquiring) }
}
