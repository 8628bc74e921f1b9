internal import ZCNet

/// One end of a simulated connection.
final class SimulatedSocket {
    let number: Int32
    /// The other end's number.
    let other: Int32
    let local: SocketAddress
    let remote: SocketAddress
    let incoming: SimulatedStream
    let outgoing: SimulatedStream

    // Who has it: a driver, a scripted peer, or (in a backlog, or after a close) nobody.
    weak var driver: SimulatedDriver?
    weak var peer: SimulatedPeer?
    var token = Token(rawValue: 0)

    var phase: Phase
    /// What broke it.
    var error: Errno?
    var isAttached = false
    /// Whether it counts towards `descriptorsMax`.
    var wasAccepted = false
    var isPaused = false
    /// Whether something new is to be received; without it a driver does not ask again, as after an edge.
    var looks = false
    /// A send was taken short: room is to be reported.
    var wantsRoom = false
    /// Received in memory of the driver's, and not taken as the connection was paused.
    var held = SharedBytes()
    var isEndReported = false
    /// Nothing may follow a failure.
    var isFailureReported = false
    /// A send that reads its bytes where they are.
    var flight: SimulatedFlight?

    enum Phase {
        /// Waiting for the listener's answer.
        case connecting
        /// The answer came and was not reported yet.
        case answered
        case open
        case closed
    }

    init(_ number: Int32, other: SimulatedEnd, phase: Phase, local: SocketAddress, streams: SimulatedStreams)
    {
        self.number = number
        self.other = other.number
        self.local = local
        remote = other.address
        incoming = streams.incoming
        outgoing = streams.outgoing
        self.phase = phase
    }

    var descriptor: Descriptor { Descriptor(rawValue: number) }

    var isClosed: Bool { if case .closed = phase { true } else { false } }
}

/// The other end, as an end knows it.
struct SimulatedEnd {
    let number: Int32
    let address: SocketAddress
}

/// The two directions of a connection, as one end sees them.
struct SimulatedStreams {
    let incoming: SimulatedStream
    let outgoing: SimulatedStream
}

/// A simulated listening socket.
final class SimulatedListener {
    let number: Int32
    let address: SocketAddress
    let capacity: Int
    weak var driver: SimulatedDriver?
    var token = Token(rawValue: 0)
    var isAccepting = false
    /// Connections that nobody has accepted yet.
    var backlog: [Int32] = []

    init(_ number: Int32, address: SocketAddress, capacity: Int) {
        self.number = number
        self.address = address
        self.capacity = capacity
    }
}
