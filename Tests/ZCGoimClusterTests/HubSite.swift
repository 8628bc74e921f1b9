import ClusterSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCCluster
@testable import ZCGoimCluster

/// Goim servers of several nodes in one simulated network, over the engine of one process, or over one that
/// loses, repeats and delays.
final class HubSite {
    struct Lobby: GoimHandler {}

    let network = SimulatedNetwork(seed: 7, faults: .none)
    /// The engine's servers, where it is not of one process.
    let world: SimulatedWorld?
    let events = Noted<GoimClusterEvent>()
    private(set) var engines: [any ClusterEngine] = []
    private(set) var ports: [SimulatedPort] = []
    private(set) var servers: [GoimServer] = []
    private(set) var nodes: [ClusterNode] = []
    private(set) var clusters: [GoimCluster] = []

    init(
        _ policies: [GoimGapPolicy] = [.silent, .silent, .silent], over world: SimulatedWorld? = nil
    ) throws {
        self.world = world
        let group = try network.makeGroup(loops: 2)
        let local = LocalEngine(group)
        for (index, policy) in policies.enumerated() {
            var configuration = GoimServer.Configuration()
            configuration.goim.handshakeTimeout = .seconds(3600)
            configuration.goim.heartbeat = .seconds(3600)
            let server = try GoimServer(
                webSocket: "127.0.0.1:\(9001 + index)", configuration: configuration, group: group
            ) { Lobby() }
            let port = world?.makePort()
            if let port { ports.append(port) }
            let engine: any ClusterEngine = port ?? local
            let node = try ClusterNode(engine, ClusterOptions(name: "node-\(index)"))
            var options = GoimClusterOptions()
            options.whenMissed = policy
            let events = events
            clusters.append(try GoimCluster(server.hub, node, options) { events.add($0) })
            engines.append(engine)
            servers.append(server)
            nodes.append(node)
        }
        network.start(group)
        for node in nodes { node.start() }
        let nodes = nodes
        #expect(try run(within: 600) { nodes.allSatisfy { $0.members.count == nodes.count } })
    }

    deinit { network.stop() }

    /// Lets time pass on both sides.
    func run(milliseconds: Int) throws {
        for _ in 0..<milliseconds {
            world?.run(for: .milliseconds(1))
            try network.run(for: .milliseconds(1))
        }
    }

    /// Lets time pass until something holds, for so many tenths of a second.
    func run(within tenths: Int = 300, until condition: () -> Bool) throws -> Bool {
        for _ in 0..<tenths {
            if condition() { return true }
            try run(milliseconds: 100)
        }
        return condition()
    }

    func hub(_ index: Int) -> GoimHub { servers[index].hub }

    /// People who have been let in, of the nodes in turn.
    func people(
        _ count: Int, room: String = "", keys: String = "", accepts: [Int32] = []
    ) throws -> [HubPerson] {
        let people = (0..<count).map { index in
            HubPerson(network, to: servers[index % servers.count].webSocketAddress ?? .unix(path: ""))
        }
        #expect(try run { people.allSatisfy { $0.socket.isUpgraded } })
        for (index, person) in people.enumerated() {
            let token = GoimToken(
                mid: Int64(index), key: keys.isEmpty ? "" : "\(keys)\(index)", room: room,
                accepts: accepts.map { GoimOperation(rawValue: $0) })
            person.send(GoimMessage(.authenticate, token.json))
        }
        #expect(try run { people.allSatisfy { $0.protos.first?.operation == 8 } })
        // Until the nodes have told each other.
        try run(milliseconds: 2500)
        for person in people { person.forget() }
        return people
    }
}

/// Somebody with a client over WebSocket.
final class HubPerson {
    let socket: SimulatedWebSocket
    private var seen = 0

    init(_ network: SimulatedNetwork, to address: SocketAddress) {
        socket = SimulatedWebSocket(network, to: address, path: "/sub")
    }

    func send(_ message: GoimMessage) {
        let bytes = message.encoded()
        socket.send(
            binary: (0..<bytes.count).map { bytes.bytes.integer(as: UInt8.self, at: $0, .bigEndian) ?? 0 })
    }

    /// What came since ``forget()``: operation and body.
    var protos: [(operation: Int32, body: [UInt8])] {
        socket.messages.dropFirst(seen).map { message in
            guard case .binary(let bytes) = message, bytes.count >= 16 else { return (-1, []) }
            let operation = bytes[8..<12].reduce(Int32(0)) { $0 << 8 | Int32($1) }
            return (operation, Array(bytes[16...]))
        }
    }

    var texts: [String] { protos.map { String(decoding: $0.body, as: UTF8.self) } }

    func forget() { seen = socket.messages.count }
}

final class Noted<Entry: Sendable>: Sendable {
    private let entries = Locked<[Entry]>([])
    func add(_ entry: Entry) { entries.withLock { $0.append(entry) } }
    var all: [Entry] { entries.withLock { $0 } }
}

func quote(_ text: String, _ operation: Int32 = 1000) -> GoimMessage {
    GoimMessage(GoimOperation(rawValue: operation), text)
}
