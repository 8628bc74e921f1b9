import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// A simulated network with one server on it, ready to run.
struct World {
    let network: SimulatedNetwork
    let group: EventLoopGroup
    let server: TCPServer
    let ledger: Ledger

    init(
        seed: UInt64 = 1, faults: SimulatedFaults = .none, sending: SimulatedSending = .direct,
        loops: Int = 1,
        configure: (inout TCPServer.Configuration) -> Void = { _ in },
        handler: @escaping @Sendable (inout LedgerHandler) -> Void = { _ in }
    ) throws {
        let ledger = Ledger()
        var configuration = TCPServer.Configuration()
        configure(&configuration)
        network = SimulatedNetwork(seed: seed, faults: faults, sending: sending)
        group = try network.makeGroup(loops: loops, configuration: configuration.group)
        server = try TCPServer(on: "127.0.0.1:9000", configuration: configuration, group: group) {
            var made = LedgerHandler(ledger)
            handler(&made)
            return made
        }
        self.ledger = ledger
        network.start(group)
    }

    func connect(from: IPAddress? = nil) -> SimulatedPeer { network.connect(to: server.address, from: from) }

    /// The hosts of the loops.
    var hosts: [ConnectionHost] { group.siblings.all }

    /// Whether nothing is left of any connection.
    var leftovers: String {
        let connections = hosts.reduce(0) { $0 + $1.connectionCount }
        let buffers = hosts.reduce(0) { $0 + $1.buffers.pool.counts.outstanding }
        return "\(connections) connections, \(server.connectionCount) admitted, \(buffers) buffers"
    }

    static let nothing = "0 connections, 0 admitted, 0 buffers"

    /// What to show of a run that failed.
    var replay: Comment {
        """
        seed \(network.seed), \(network.sending), \(group.loops.count) loops
        \(network.traceLines.suffix(40).joined(separator: "\n"))
        """
    }
}

/// Bytes that tell their position and their connection.
func pattern(_ count: Int, salt: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ salt &* 7) }
}
