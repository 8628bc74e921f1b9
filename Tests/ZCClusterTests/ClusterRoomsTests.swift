import Testing
import ZCNet
import ZCNetTesting
import ZCNetWebSocket

@testable import ZCCluster

/// Rooms with members on two nodes, in one simulated network.
@Suite struct ClusterRoomsTests {
    private struct Chat: WebSocketHandler {
        let rooms: ClusterRooms
        let lobby: ChannelName

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            rooms.join(lobby, peer)
        }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            rooms.publish(message.payload.copy(), to: lobby)
        }
    }

    @Test func membersOnEveryNodeHearTheSame() throws {
        let network = SimulatedNetwork(seed: 4, faults: .none)
        let group = try network.makeGroup(loops: 1)
        let engine = LocalEngine(group)
        let lobby = ChannelName.named("lobby")
        var (nodes, rooms, servers): ([ClusterNode], [ClusterRooms], [WebSocketServer]) = ([], [], [])
        for index in 0..<2 {
            let node = try ClusterNode(engine, ClusterOptions(name: "node-\(index)"))
            let own = ClusterRooms(node)
            nodes.append(node)
            rooms.append(own)
            var configuration = WebSocketServer.Configuration()
            configuration.options.pingInterval = nil
            servers.append(
                try WebSocketServer(
                    on: "127.0.0.1:\(9001 + index)", configuration: configuration, group: group
                ) { Chat(rooms: own, lobby: lobby) })
        }
        network.start(group)
        for node in nodes { node.start() }
        #expect(try network.run { nodes.allSatisfy { $0.slotCount > 0 } })
        let clients = (0..<6).map { SimulatedWebSocket(network, to: servers[$0 % 2].address) }
        #expect(try network.run { clients.allSatisfy(\.isUpgraded) })
        // Until both listen.
        try network.run(for: .milliseconds(100))
        #expect(rooms.map(\.listeningCount) == [1, 1])
        for number in 0..<20 { for client in clients { client.send("\(number)") } }
        #expect(try network.run { clients.allSatisfy { $0.messages.count == 120 } })
        for client in clients { #expect(client.messages == clients[0].messages) }
        #expect(rooms.map { $0.local.counts("lobby").published } == [120, 120])
        // Nobody is left on the second node, which then listens no more.
        for index in [1, 3, 5] { clients[index].peer.reset() }
        try network.run(for: roomSweepInterval * 3)
        #expect(rooms.map(\.listeningCount) == [1, 0])
        clients[0].send("again")
        #expect(try network.run { [0, 2, 4].allSatisfy { clients[$0].messages.count == 121 } })
        network.stop()
    }
}
