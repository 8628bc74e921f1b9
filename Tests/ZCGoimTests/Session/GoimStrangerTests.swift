import TestSupport
import Testing
import ZCNetWebSocket

@testable import ZCGoim
@testable import ZCNet
@testable import ZCNetTesting

/// Connections that have not authenticated: they take neither memory nor places from members.
@Suite struct GoimStrangerTests {
    private struct Echo: GoimHandler {
        let ends: Locked<[String]>
        let isDeciding: Bool

        mutating func authenticate(
            _ request: borrowing GoimProto, from peer: inout GoimPeer
        ) -> GoimVerdict { isDeciding ? .later : .accept(GoimIdentity(mid: 1)) }

        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
            peer.reply(to: proto, proto.bytes)
        }

        mutating func onClose(_ peer: inout GoimPeer, _ reason: GoimCloseReason) {
            let isMember = !peer.key.isEmpty
            ends.withLock { $0.append("\(isMember ? "member" : "stranger") \(reason)") }
        }
    }

    /// A server of both transports on one simulated loop.
    private final class Site {
        let network: SimulatedNetwork
        let server: GoimServer
        let ends = Locked<[String]>([])
        let reached = Locked<[RejectionReason: Int]>([:])
        var host: ConnectionHost { server.group.siblings.all[0] }

        struct Told: Observer {
            let reached: Locked<[RejectionReason: Int]>
            func limitReached(_ limit: RejectionReason, count: Int, loop: Int) {
                reached.withLock { $0[limit, default: 0] += 1 }
            }
        }

        init(
            memory: Int = 256 << 20, isDeciding: Bool = false,
            _ change: (inout GoimServer.Configuration) -> Void = { _ in }
        ) throws {
            network = SimulatedNetwork(seed: 1)
            var loops = EventLoopGroup.Configuration()
            loops.limits.memoryBytesMax = memory
            loops.limits.chunkBytes = 64 << 10
            loops.observer = Told(reached: reached)
            var configuration = GoimServer.Configuration()
            configuration.goim.limits.bodyBytesMax = 60_000
            configuration.goim.handshakeTimeout = .seconds(600)
            configuration.goim.heartbeat = .seconds(86_400)
            #if Deflate
            configuration.webSocket.options.deflate = DeflateOptions()
            #endif
            change(&configuration)
            let ends = ends
            server = try GoimServer(
                tcp: "127.0.0.1:9100", webSocket: "127.0.0.1:9101", configuration: configuration,
                group: try network.makeGroup(configuration: loops)
            ) { Echo(ends: ends, isDeciding: isDeciding) }
            network.start(server.group)
        }

        func connect(_ transport: Transport) throws -> Person {
            if transport == .tcp {
                return Person(network.connect(to: try #require(server.tcpAddress)), nil)
            }
            let socket = SimulatedWebSocket(network, to: try #require(server.webSocketAddress), path: "/sub")
            return Person(socket.peer, socket)
        }

        /// People who come one after the other, and are let in.
        func members(_ transport: Transport, _ count: Int) throws -> [Person] {
            let before = server.hub.online
            let people = try (0..<count).map { _ in
                let person = try connect(transport)
                person.send(NaiveProto(7, 1, "{}").bytes())
                #expect(try network.run { person.receivedCount == 16 })
                return person
            }
            #expect(server.hub.online == before + count)
            return people
        }
    }

    private struct Person {
        let peer: SimulatedPeer
        let socket: SimulatedWebSocket?

        init(_ peer: SimulatedPeer, _ socket: SimulatedWebSocket?) {
            self.peer = peer
            self.socket = socket
        }

        func send(_ proto: [UInt8]) {
            if let socket { socket.send(binary: proto) } else { peer.send(proto) }
        }

        /// Begins something that is not ended.
        func begin(_ number: Int) {
            let bytes = [UInt8](repeating: 1, count: 25_000)
            guard let socket else { return peer.send(NaiveProto(7, 1, bytes + bytes).bytes().prefix(25_000)) }
            switch number % 2 {
            case 0: socket.send(frame: 0x02, bytes)
            default:
                // A whole proto which is none of an authentication, and a part of a frame.
                socket.send(binary: NaiveProto(1000, 1, bytes).bytes())
                socket.peer.send([0x82, 0xFE, 0xEA, 0x60, 0, 0, 0, 0] + bytes)
            }
        }

        /// How many bytes of answers have come.
        var receivedCount: Int {
            guard let socket else { return peer.received.count }
            return socket.messages.reduce(0) { count, message in
                if case .binary(let bytes) = message { count + bytes.count } else { count }
            }
        }
    }

    // MARK: Memory

    @Test(arguments: Transport.allCases, Transport.allCases)
    func strangersTakeNoMemoryFromMembers(of transport: Transport, from other: Transport) throws {
        let site = try Site(memory: 2 << 20)
        let members = try site.members(transport, 6)
        let before = members.map(\.receivedCount)
        let strangers = try (0..<150).map { _ in try site.connect(other) }
        try site.network.run(for: .milliseconds(50))
        for (number, stranger) in strangers.enumerated() { stranger.begin(number) }
        try site.network.run(for: .milliseconds(50))
        #expect(site.host.metrics[.memoryEvictions] > 20 && site.host.budget.bytes > 1 << 20)
        // Each proto comes in two parts, and is answered.
        let proto = NaiveProto(1000, 1, [UInt8](repeating: 1, count: 50_000)).bytes()
        for round in 1...3 {
            for member in members {
                if let socket = member.socket {
                    socket.send(frame: 0x02, Array(proto.prefix(30_000)))
                } else {
                    member.peer.send(proto.prefix(30_000))
                }
            }
            try site.network.run(for: .milliseconds(20))
            for stranger in strangers.prefix(20) { stranger.peer.send([1]) }
            try site.connect(other).begin(round)
            try site.network.run(for: .milliseconds(20))
            for member in members {
                if let socket = member.socket {
                    socket.send(frame: 0x80, Array(proto.dropFirst(30_000)))
                } else {
                    member.peer.send(proto.dropFirst(30_000))
                }
            }
            #expect(
                try site.network.run {
                    zip(members, before).allSatisfy { $0.receivedCount == $1 + round * 50_016 }
                }, "\(members.map(\.receivedCount)), \(site.ends.withLock { $0 })")
        }
        #expect(site.server.hub.online == 6)
        #expect(!site.ends.withLock { $0 }.contains { $0.hasPrefix("member") })
        #expect(site.host.auditMemory() == [])
        site.network.stop()
    }

    @Test(arguments: Transport.allCases)
    func strangersOnRealSocketsTakeNoMemoryFromMembers(transport: Transport) async throws {
        var options = GoimOptions()
        options.limits.bodyBytesMax = 60_000
        var deeds = GoimSite.Deeds()
        deeds.received = { proto, peer in #expect(peer.reply(to: proto, proto.bytes).isAccepted) }
        try await visit(options, deeds) {
            $0.tcp.group.limits.memoryBytesMax = 1 << 20
            $0.tcp.group.limits.chunkBytes = 64 << 10
        } _: { site in
            let members = try (0..<3).map { try site.member(transport, key: "member \($0)") }
            let proto = NaiveProto(1000, 1, [UInt8](repeating: 1, count: 50_000))
            var strangers: [RawPerson] = []
            for round in 0..<20 {
                for _ in 0..<4 {
                    let stranger = try site.person(transport)
                    try stranger.sendRaw(Array(stranger.encode(proto).prefix(25_000)))
                    strangers.append(stranger)
                }
                let member = members[round % members.count]
                try member.send(proto)
                #expect(try member.expect().body.count == 50_000)
            }
            #expect(site.server.snapshot()[.memoryEvictions] > 20)
            #expect(site.hub.online == 3 && !site.journal.now.closes.keys.contains { !$0.isEmpty })
        }
    }

    // MARK: Places

    private static func handshakesMax(_ most: Int, _ configuration: inout GoimServer.Configuration) {
        configuration.handshakesMax = most
        configuration.webSocket.limits.handshakesMax = most
    }

    /// Strangers wait to be asked on WebSocket, so that they are as far as on TCP.
    private static func strangers(_ site: Site, _ transport: Transport, _ count: Int) throws -> [Person] {
        var people: [Person] = []
        for _ in 0..<count {
            people.append(try site.connect(transport))
            try site.network.run(for: .milliseconds(2))
        }
        return people
    }

    @Test(arguments: Transport.allCases)
    func beyondHandshakesMaxTheOldestStrangerGoes(transport: Transport) throws {
        let site = try Site { Self.handshakesMax(5, &$0) }
        let members = try site.members(transport, 8)
        let strangers = try Self.strangers(site, transport, 8)
        try site.network.run(for: .milliseconds(10))
        #expect(strangers.prefix(3).allSatisfy { $0.peer.wasReset })
        #expect(strangers.dropFirst(3).allSatisfy { !$0.peer.isOver })
        #expect(site.reached.withLock { $0 } == [.handshakesMax: 1])
        #expect(site.server.hub.snapshot()[.handshakesRefused] >= (transport == .tcp ? 3 : 0))
        // A newcomer gets in at once, and then has nobody's place.
        let late = try site.members(transport, 10)
        #expect((members + late).allSatisfy { !$0.peer.isOver } && site.server.hub.online == 18)
        // All places come back.
        for stranger in strangers { stranger.peer.reset() }
        try site.network.run(for: .milliseconds(10))
        let others = try Self.strangers(site, transport, 5)
        #expect(others.allSatisfy { !$0.peer.isOver })
        site.network.stop()
    }

    @Test(arguments: Transport.allCases)
    func whoWaitsForADecisionKeepsItsPlace(transport: Transport) throws {
        let site = try Site(isDeciding: true) { Self.handshakesMax(3, &$0) }
        let waiting = try Self.strangers(site, transport, 3)
        for person in waiting { person.send(NaiveProto(7, 1, "{}").bytes()) }
        try site.network.run(for: .milliseconds(10))
        let beyond = try Self.strangers(site, transport, 1)[0]
        #expect(beyond.peer.wasReset && waiting.allSatisfy { !$0.peer.isOver })
        #expect(site.reached.withLock { $0 } == [.handshakesMax: 1])
        site.network.stop()
    }

    @Test(arguments: Transport.allCases)
    func strangersWhoTakeTheLastPlacesHaveASecond(transport: Transport) throws {
        let site = try Site {
            $0.tcp.connectionsMax = 8
            $0.webSocket.tcp.connectionsMax = 8
        }
        let members = try site.members(transport, 4)
        let strangers = try Self.strangers(site, transport, 4)
        let start = site.network.elapsed
        _ = try site.members(transport, 1)
        #expect(site.network.elapsed - start < .milliseconds(1100))
        #expect(strangers.contains { $0.peer.wasReset } && members.allSatisfy { !$0.peer.isOver })
        site.network.stop()
    }
}
