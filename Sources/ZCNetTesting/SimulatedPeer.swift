public import ZCNet

/// A scripted end of a simulated connection: what a test says it sends, what it was sent is collected.
///
/// Belongs to its network and to the network's thread.
public final class SimulatedPeer {
    /// What the peer has read so far.
    public private(set) var received: [UInt8] = []
    /// How many bytes the peer's kernel has taken from it to send.
    public private(set) var sentCount = 0
    /// Whether the connection was ever up.
    public private(set) var wasConnected = false
    /// Whether the attempt to connect was refused.
    public private(set) var wasRefused = false
    /// Whether the other side ended its stream in good order, and the peer has read up to there.
    public private(set) var isEnded = false
    /// Whether the other side reset the connection.
    public private(set) var wasReset = false
    /// Whether the peer itself reset the connection.
    public private(set) var didReset = false
    /// Whether the peer closes its side once it has read the other's end. On by default.
    public var closesAtEnd = true
    /// Called when bytes have come, for peers that speak a protocol.
    public var onReceive: (() -> Void)?

    private weak var network: SimulatedNetwork?
    private let socket: SimulatedSocket
    private var unsent: [UInt8] = []
    private var isReading = true
    private var isFinishing = false
    private var isPumping = false

    init(network: SimulatedNetwork, socket: SimulatedSocket) {
        self.network = network
        self.socket = socket
    }

    /// The peer's own address, as the server sees it.
    public var address: SocketAddress { socket.local }

    /// Whether the connection is over for the peer, one way or another.
    public var isOver: Bool { socket.isClosed || isEnded || wasReset }

    /// How many of the peer's bytes have come to the other side's kernel, read there or not.
    public var deliveredCount: Int { socket.outgoing.arrivedTotal }

    // MARK: Script

    /// Sends bytes as fast as the network takes them; there is no limit to what may wait here.
    public func send(_ bytes: some Sequence<UInt8>) {
        unsent.append(contentsOf: bytes)
        pump()
    }

    /// Sends text as UTF-8.
    public func send(_ text: String) { send(text.utf8) }

    /// Ends the peer's direction behind everything sent; what comes from the other side is still read.
    public func finish() {
        isFinishing = true
        pump()
    }

    /// Breaks the connection off.
    public func reset() {
        guard !socket.isClosed else { return }
        didReset = true
        unsent = []
        network?.close(socket, reset: true)
    }

    /// Closes both directions at once, as a process that ends: bytes that were not read make it a reset.
    public func close() {
        unsent = []
        network?.close(socket, reset: false)
    }

    /// Reads no more: what the other side sends fills the kernels in between.
    public func pauseReading() { isReading = false }

    /// Reads again, beginning with what has come meanwhile.
    public func resumeReading() {
        isReading = true
        arrived()
    }

    // MARK: Network

    func connected() {
        wasConnected = true
        pump()
    }

    func refused() { wasRefused = true }

    func resetArrived() {
        wasReset = true
        unsent = []
    }

    /// Reads what has come.
    func arrived() {
        guard isReading, !socket.isClosed, let network else { return }
        let count = socket.incoming.arrived
        if count > 0 {
            received += network.read(socket, count)
            onReceive?()
        }
        guard socket.incoming.hasFinishArrived, !isEnded else { return }
        isEnded = true
        if closesAtEnd { close() }
    }

    /// Hands the kernel what it has room for.
    func pump() {
        guard wasConnected, !isPumping, !socket.isClosed, let network else { return }
        isPumping = true
        defer { isPumping = false }
        while !unsent.isEmpty {
            let count = min(network.room(socket), unsent.count)
            if count == 0 { return }
            socket.outgoing.append(unsent[..<count])
            unsent.removeFirst(count)
            sentCount += count
            if network.random.happens(network.faults.halfCloses) {
                isFinishing = true
                unsent = []
            }
            network.flush(socket)
        }
        if isFinishing && !socket.outgoing.isFinishRequested { network.finish(socket) }
    }
}
