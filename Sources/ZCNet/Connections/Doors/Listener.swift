/// How a server's listening socket is shared by its loops.
public enum AcceptStrategy: Hashable, Sendable {
    /// One listening socket per loop on the same port (`SO_REUSEPORT`): the kernel spreads connections by
    /// their addresses, and no connection crosses a thread. TCP only.
    case perLoop
    /// The first loop accepts and hands connections out in turn.
    case roundRobin
    /// The first loop accepts and hands each connection to the loop that has the fewest.
    case leastConnections
}

/// A connection that has been accepted and not yet been given to a loop.
struct AcceptedConnection {
    let descriptor: Descriptor
    let peer: IPEndpoint
}

/// A listening socket on one loop.
struct ListenerState {
    let descriptor: Descriptor
    let address: SocketAddress
    let token: Token
    let role: UInt16
    let socketOptions: SocketOptions
    let admission: Admission
    /// Takes an accepted connection instead of this loop; nil keeps it.
    let handOut: (@Sendable (Descriptor, IPEndpoint) -> Void)?
    /// Whether the file of a Unix domain socket goes with the listener: not where somebody else made it.
    let ownsPath: Bool
    /// Whether the driver was asked to stop accepting for now.
    var isPaused = false
    /// A connection that was accepted when there was no room, and waits for it.
    var parked: AcceptedConnection?
    /// The next pause after a failure to accept, in milliseconds.
    var pauseMilliseconds = Self.pauseMillisecondsMin

    static let pauseMillisecondsMin: Int64 = 20
    static let pauseMillisecondsMax: Int64 = 1000
}

/// Spreads accepted connections over loops. Used on the accepting loop's thread.
///
/// SAFETY: `Sendable` is unchecked because only the accepting loop calls `next`.
final class HandOut: @unchecked Sendable {
    private let loops: [EventLoop]
    private let strategy: AcceptStrategy
    private var turn = 0

    init(loops: [EventLoop], strategy: AcceptStrategy) {
        self.loops = loops
        self.strategy = strategy
    }

    func next() -> Int {
        defer { turn += 1 }
        guard strategy == .leastConnections else { return turn % loops.count }
        // From a rotating start, so that equal loops take turns.
        var best = turn % loops.count
        for step in 1..<max(2, loops.count) {
            let index = (turn + step) % loops.count
            if loops[index].metrics.connectionCount < loops[best].metrics.connectionCount { best = index }
        }
        return best
    }
}
