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
    /// The error that broke the connection.
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
    /// Nothing that is on its way arrives.
    var isDeaf = false
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

/// One direction of a simulated connection: bytes in the sender's kernel, on their way, and in the receiver's
/// kernel.
///
/// All bytes lie in one queue in their order; three counts say how far each has come. What is on its way is
/// cut into segments with an arrival time each, and none overtakes another.
final class SimulatedStream {
    /// The socket that receives what flows here.
    let reader: Int32
    private var bytes: [UInt8] = []
    private var head = 0
    /// Bytes in the receiver's kernel.
    private(set) var arrived = 0
    /// Bytes that ever came to the receiver's kernel.
    private(set) var arrivedTotal = 0
    /// Bytes on their way.
    private(set) var flying = 0
    private var segments: [Int] = []
    private var firstSegment = 0
    private(set) var isFinishRequested = false
    private var isFinishLaunched = false
    /// Whether the end has come to the receiver, behind all bytes.
    private(set) var hasFinishArrived = false
    /// When the last segment arrives; the next one arrives no sooner.
    private(set) var lastArrival: Int64 = 0
    private var isBroken = false

    init(reader: Int32) { self.reader = reader }

    /// Bytes in the sender's kernel.
    var waiting: Int { bytes.count - head - arrived - flying }

    /// Bytes that have not come to the receiver's kernel.
    var unacknowledged: Int { waiting + flying }

    /// Takes bytes into the sender's kernel.
    func append(_ more: some Sequence<UInt8>) {
        if !isBroken { bytes.append(contentsOf: more) }
    }

    func requestFinish() { isFinishRequested = true }

    /// Puts a segment of up to `limit` bytes on its way, or the end behind the last; nil when nothing can
    /// leave.
    func launch(limit: Int, window: Int, arrival: Int64) -> Int? {
        if isBroken || isFinishLaunched { return nil }
        let count = min(waiting, limit, window - arrived - flying)
        if count <= 0 {
            guard waiting == 0 && isFinishRequested else { return nil }
            isFinishLaunched = true
        }
        segments.append(max(0, count))
        flying += max(0, count)
        lastArrival = max(lastArrival, arrival)
        return max(0, count)
    }

    /// The next segment arrives; answers its size, 0 for the end, nil when a reset came before it.
    func arrive() -> Int? {
        guard !isBroken, firstSegment < segments.count else { return nil }
        let count = segments[firstSegment]
        firstSegment += 1
        if firstSegment == segments.count {
            segments.removeAll(keepingCapacity: true)
            firstSegment = 0
        }
        arrived += count
        arrivedTotal += count
        flying -= count
        if count == 0 { hasFinishArrived = true }
        return count
    }

    /// Takes `count` of the bytes that have arrived.
    func read(_ count: Int) -> [UInt8] {
        precondition(count <= arrived, "more bytes than have arrived")
        let taken = Array(bytes[head..<head + count])
        arrived -= count
        head += count
        if head == bytes.count || head > 1 << 16 {
            bytes.removeSubrange(..<head)
            head = 0
        }
        return taken
    }

    /// A reset: nothing moves any more; what has arrived stays readable unless it is dropped.
    func breakOff(dropsArrived: Bool) {
        isBroken = true
        segments = []
        firstSegment = 0
        flying = 0
        let kept = dropsArrived ? 0 : arrived
        bytes.removeSubrange((head + kept)...)
        arrived = kept
    }
}
