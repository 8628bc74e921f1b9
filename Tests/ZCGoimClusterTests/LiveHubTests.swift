import LiveNATS
import Testing
import ZCNATS
import ZCNet

@testable import ZCCluster
@testable import ZCGoimCluster

/// Hubs of two processes, as far as a test can have them, over real servers of NATS.
@Suite(.enabled(if: LiveServer.isThere, "no server: see Scripts/interop/nats"))
struct LiveHubTests {
    private struct Lobby: GoimHandler {}

    private struct Reader: GoimClientHandler {
        let heard: Noted<String>

        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
            heard.add(proto.text)
        }
    }

    private struct Member {
        let engine: NATSEngine
        let node: ClusterNode
        let server: GoimServer
        let cluster: GoimCluster
        let events = Noted<GoimClusterEvent>()

        init(_ name: String, _ url: String) async throws {
            var nats = NATSOptions()
            nats.servers = [url]
            nats.connectTimeout = .seconds(120)
            nats.reconnectDelay = .milliseconds(20)
            engine = try NATSEngine(nats)
            node = try ClusterNode(engine, ClusterOptions(name: name))
            server = try GoimServer(tcp: "127.0.0.1:0") { Lobby() }
            let events = events
            cluster = try GoimCluster(server.hub, node) { events.add($0) }
            try engine.start()
            try await engine.connect()
            node.start()
            try server.start()
        }

        func end() {
            server.shutdown(grace: .zero)
            server.wait()
            engine.shutdown(grace: .zero)
            engine.client.wait()
        }
    }

    @Test func pushesReachPeopleOnBothNodes() async throws {
        let port = try LiveCluster.freePorts(1)[0]
        var servers = try LiveServer(jetStream: true, port: port)
        let members = [try await Member("a", servers.url), try await Member("b", servers.url)]
        let heard = Noted<String>()
        var configuration = GoimClient.Configuration()
        configuration.goim.handshakeTimeout = .seconds(600)
        let client = try GoimClient(configuration) { Reader(heard: heard) }
        try client.start()
        var people: [GoimRemote] = []
        for index in 0..<4 {
            let address = try #require(members[index % 2].server.tcpAddress)
            let token = GoimToken(
                mid: Int64(index), key: "k\(index)", room: "live://1",
                accepts: [GoimOperation(rawValue: 1000)])
            people.append(try await client.connect(to: "tcp://\(address)", token))
        }
        let hubs = members.map(\.server.hub)
        #expect(await eventually { hubs.allSatisfy { $0.online == 4 && $0.online(inRoom: "live://1") == 4 } })
        for number in 0..<50 {
            for (index, hub) in hubs.enumerated() {
                hub.push(quote("\(index) \(number)"), toRoom: "live://1")
            }
        }
        #expect(await eventually { heard.all.count == 400 })
        for (index, hub) in hubs.enumerated() {
            for key in 0..<4 { hub.push(quote("key \(index)"), toKey: "k\(key)") }
            hub.broadcast(quote("all \(index)"))
        }
        #expect(await eventually { heard.all.count == 416 })
        #expect(members.allSatisfy { $0.events.all.isEmpty })
        // The servers go away and come back: that something may be missing is told.
        servers.end()
        #expect(await eventually { members.allSatisfy { $0.engine.client.snapshot()[.connected] == 0 } })
        servers = try LiveServer(jetStream: true, port: port)
        #expect(await eventually { members.allSatisfy { $0.events.all.contains(.gap(room: "live://1")) } })
        hubs[0].push(quote("again"), toRoom: "live://1")
        #expect(await eventually { heard.all.count == 420 })
        client.shutdown(grace: .zero)
        client.wait()
        for member in members { member.end() }
        _ = people
    }
}
