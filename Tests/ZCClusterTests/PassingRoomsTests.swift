import Testing
import ZCNet
import ZCNetTesting
import ZCNetWebSocket

@testable import ZCCluster

/// Rooms whose messages nobody keeps, with members on two nodes, in one simulated network.
@Suite struct PassingRoomsTests {
    private struct Board: WebSocketHandler {
        let rooms: PassingRooms
        let room: ChannelName

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            rooms.join(room, peer)
        }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            rooms.publish(message.payload.copy(), to: room)
        }
    }

    private final class Site {
        let network = SimulatedNetwork(seed: 4, faults: .none)
        let engine: LocalEngine
        let room = ChannelName.named("board")
        let gaps = Journal<ChannelName>()
        var (nodes, rooms, servers): ([ClusterNode], [PassingRooms], [WebSocketServer]) = ([], [], [])

        init(_ policies: [RoomGapPolicy]) throws {
            let group = try network.makeGroup(loops: 1)
            engine = LocalEngine(group)
            for (index, policy) in policies.enumerated() {
                let node = try ClusterNode(engine, ClusterOptions(name: "node-\(index)"))
                let (gaps, room) = (gaps, room)
                let own = PassingRooms(node, whenMissed: policy) { room, _ in gaps.add(room) }
                nodes.append(node)
                rooms.append(own)
                var configuration = WebSocketServer.Configuration()
                configuration.options.pingInterval = nil
                servers.append(
                    try WebSocketServer(
                        on: "127.0.0.1:\(9001 + index)", configuration: configuration, group: group
                    ) { Board(rooms: own, room: room) })
            }
            network.start(group)
            for node in nodes { node.start() }
        }

        /// Clients, of the nodes in turn, once their nodes listen.
        func connect(_ count: Int) throws -> [SimulatedWebSocket] {
            let clients = (0..<count).map {
                SimulatedWebSocket(network, to: servers[$0 % servers.count].address)
            }
            #expect(try network.run { clients.allSatisfy(\.isUpgraded) })
            try network.run(for: .milliseconds(100))
            return clients
        }

        deinit { network.stop() }
    }

    @Test func membersOnEveryNodeHearEachMessageOnce() throws {
        let site = try Site([.silent, .silent])
        let clients = try site.connect(6)
        #expect(site.rooms.map(\.listeningCount) == [1, 1])
        for number in 0..<20 {
            for (index, client) in clients.enumerated() { client.send("\(index) \(number)") }
        }
        #expect(try site.network.run { clients.allSatisfy { $0.messages.count == 120 } })
        for client in clients {
            for index in clients.indices {
                let own = client.messages.filter { "\($0)".contains("\(index) ") }
                #expect(own == (0..<20).map { .text("\(index) \($0)") })
            }
        }
        #expect(site.gaps.all.isEmpty)
        // One frame for the members of a node, whoever has published it.
        #expect(site.rooms.map { $0.local.counts("board").published } == [120, 120])
        for index in [1, 3, 5] { clients[index].peer.reset() }
        try site.network.run(for: roomSweepInterval * 3)
        #expect(site.rooms.map(\.listeningCount) == [1, 0])
        // Nothing is kept for who comes later.
        let later = try site.connect(2)
        #expect(later.allSatisfy { $0.messages.isEmpty })
    }

    @Test func membersAreToldOfAGapAsThePolicySays() throws {
        let site = try Site([.silent, .notice("missed"), .close(.tryAgainLater, reason: "missed")])
        let clients = try site.connect(3)
        clients[0].send("before")
        #expect(try site.network.run { clients.allSatisfy { $0.messages == [.text("before")] } })
        let nodes = site.nodes
        site.engine.perform { for node in nodes { node.feeds.mayHaveMissed() } }
        clients[0].send("after")
        #expect(try site.network.run { clients[0].messages.count == 2 && clients[2].isClosed })
        #expect(try site.network.run { clients[1].messages.count == 3 })
        #expect(site.gaps.all == Array(repeating: site.room, count: 3))
        #expect(clients[0].messages == [.text("before"), .text("after")])
        #expect(clients[1].messages == [.text("before"), .text("missed"), .text("after")])
        #expect(clients[2].close?.code == .tryAgainLater && clients[2].close?.reason == "missed")
    }

    @Test func whatNobodyCanHearIsTold() throws {
        let site = try Site([.silent])
        let refused = Journal<ClusterError>()
        let large = SharedBytes(copying: Array(repeating: 7, count: 2 << 20))
        site.rooms[0].publish(large, to: site.room) { refused.add($0) }
        #expect(try site.network.run { refused.all.first?.code == .tooLarge })
    }
}
