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

        func members(_ transport: Transport, _ count: Int) throws -> [Person] {
            let people = try (0..<count).map { _ in try connect(transport) }
            let before = server.hub.online
            for person in people { person.send(NaiveProto(7, 1, "{}").bytes()) }
            #expect(try network.run { people.allSatisfy { $0.receivedCount == 16 } })
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
}
