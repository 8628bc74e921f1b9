import TestSupport
import Testing
import ZCNetTesting

@testable import ZCGoim

/// Behind a handler's `close` or `refuse` nothing but `onClose` comes, whatever it answers and whoever goes
/// on talking: over both transports, at a server and at a client.
@Suite struct GoimAfterCloseTests {
    #if DEBUG
    static let seedCount: UInt64 = 60
    #else
    static let seedCount: UInt64 = 1000
    #endif

    /// What one connection's handler has been through.
    private struct State {
        var hasClosed = false
        var calls: [String] = []
    }

    /// Closes at some callback, in some way, and writes down what comes afterwards.
    private struct Closer: ~Copyable {
        let log: TradeLog
        var random: SimulatedRandom

        mutating func called(_ name: String, _ peer: inout GoimConnection<State>) {
            peer.state.calls.append(name)
            log.add(name)
            if peer.state.hasClosed { log.add("after \(peer.state.calls)") }
            if random.next() & 1 == 0 {
                peer.send(GoimHeader(.sendMessage), String(repeating: "x", count: 900))
            }
            if random.next() & 1 == 0 {
                peer.schedule(after: .microseconds(Int64(random.next() & 0x3FFF)), tag: 1)
            }
            guard random.next() & 15 == 0 else { return }
            peer.state.hasClosed = true
            log.add("\(name) closes")
            if random.next() & 1 == 0 { peer.close() } else { peer.refuse("enough") }
            peer.schedule(after: .zero, tag: 2)
        }
    }

    private struct Server: GoimHandler, ~Copyable {
        var closer: Closer

        mutating func makeState() -> State { State() }
        mutating func authenticate(
            _ request: borrowing GoimProto, from peer: inout GoimConnection<State>
        ) -> GoimVerdict {
            closer.called("authenticate", &peer)
            switch closer.random.next() & 7 {
            case 0: return .refuse("no")
            case 1:
                peer.promise.answer(.accept(GoimIdentity(key: "later", room: "r://1")))
                return .later
            default: return .accept(GoimIdentity(room: "r://1", accepts: [.sendMessage]))
            }
        }
        mutating func onOpen(_ peer: inout GoimConnection<State>) { closer.called("open", &peer) }
        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<State>) {
            closer.called("message", &peer)
        }
        mutating func onConsumer(
            _ consumer: consuming GoimConsumer, of peer: inout GoimConnection<State>
        ) { closer.called("consumer", &peer) }
        mutating func mayEnter(_ room: String?, _ peer: inout GoimConnection<State>) -> Bool {
            closer.called("mayEnter", &peer)
            return true
        }
        mutating func onWritable(_ peer: inout GoimConnection<State>) { closer.called("writable", &peer) }
        mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<State>) {
            closer.called("timer", &peer)
        }
        mutating func onClose(_ peer: inout GoimConnection<State>, _ reason: GoimCloseReason) {
            closer.log.add("end")
        }
    }

    private struct Client: GoimClientHandler, ~Copyable {
        var closer: Closer

        mutating func makeState() -> State { State() }
        mutating func onOpen(_ peer: inout GoimConnection<State>) { closer.called("open", &peer) }
        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<State>) {
            closer.called("message", &peer)
        }
        mutating func onHeartbeat(online: Int, _ peer: inout GoimConnection<State>) {
            closer.called("heartbeat", &peer)
        }
        mutating func onWritable(_ peer: inout GoimConnection<State>) { closer.called("writable", &peer) }
        mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<State>) {
            closer.called("timer", &peer)
        }
        mutating func onClose(_ peer: inout GoimConnection<State>, _ reason: GoimCloseReason) {
            closer.log.add("end")
        }
    }

    /// What a client may send, in any order.
    private func protos(_ random: inout SimulatedRandom) -> [NaiveProto] {
        (0..<20).map { number in
            switch random.next() % 8 {
            case 0: NaiveProto(7, 1, "{}")
            case 1: NaiveProto(2, 2)
            case 2: NaiveProto(12, 3, "r://\(number & 3)")
            case 3: NaiveProto(14, 4, "1000,x")
            default: NaiveProto(4, 5, "message \(number)")
            }
        }
    }

    private func check(_ log: TradeLog, _ seed: UInt64) {
        let late = log.all.filter { $0.hasPrefix("after") }
        #expect(late.isEmpty, "seed \(seed): \(late)")
    }

    @Test func nothingButTheEndFollowsAServersClose() throws {
        var closing: Set<String> = []
        for seed in 0..<Self.seedCount {
            let network = SimulatedNetwork(seed: seed, faults: seed % 3 == 0 ? .none : .nasty)
            let log = TradeLog()
            var configuration = GoimServer.Configuration()
            configuration.goim.connection.outboundHighWatermarkBytes = 2000
            configuration.goim.connection.outboundLowWatermarkBytes = 500
            configuration.goim.connection.overflowPolicy = seed & 1 == 0 ? .close : .dropNewest
            configuration.goim.connection.outboundBytesMax = seed & 2 == 0 ? 3000 : 1 << 20
            if seed & 4 == 0 { configuration.goim.mode = .consumer(slots: 2) }
            let server = try GoimServer(
                tcp: "127.0.0.1:3101", webSocket: "127.0.0.1:3102", configuration: configuration,
                group: try network.makeGroup()
            ) { Server(closer: Closer(log: log, random: SimulatedRandom(seed: seed))) }
            network.start(server.group)
            var random = SimulatedRandom(seed: seed &+ 5)
            let sockets = try (0..<3).map { _ in
                let peer = network.connect(to: try #require(server.tcpAddress))
                peer.send(([NaiveProto(7, 1, "{}")] + protos(&random)).flatMap { $0.bytes() })
                let address = try #require(server.webSocketAddress)
                let socket = SimulatedWebSocket(network, to: address, path: "/sub")
                socket.answers = random.next() & 3 != 0
                for proto in [NaiveProto(7, 1, "{}")] + protos(&random) { socket.send(binary: proto.bytes()) }
                return socket
            }
            try network.run(for: .seconds(30))
            network.stop()
            check(log, seed)
            #expect(server.connectionCount == 0 && server.hub.online == 0, "seed \(seed)")
            #expect(sockets.count == 3)
            closing.formUnion(log.all.filter { $0.hasSuffix(" closes") })
        }
        #expect(closing.count == 7, "every kind of callback has closed: \(closing)")
    }

    @Test func nothingButTheEndFollowsAClientsClose() throws {
        var closing: Set<String> = []
        for seed in 0..<Self.seedCount {
            let network = SimulatedNetwork(seed: seed, faults: seed % 3 == 0 ? .none : .nasty)
            let log = TradeLog()
            var configuration = GoimClient.Configuration()
            configuration.goim.heartbeat = .milliseconds(20)
            let client = try GoimClient(configuration, group: try network.makeGroup()) {
                Client(closer: Closer(log: log, random: SimulatedRandom(seed: seed)))
            }
            network.start(client.group)
            let batch = (0..<5).flatMap { NaiveProto(1000, $0, "in a batch").bytes() }
            var talk = [NaiveProto(8, 0), NaiveProto(1000, 1, "one"), NaiveProto(3, 2, [0, 0, 0, 9])]
            talk += [NaiveProto(9, 3, batch), NaiveProto(1000, 4, "two"), NaiveProto(9, 5, batch)]
            var served: [SimulatedWebSocket] = []
            network.answer(at: .ip(.loopbackV4, port: 3102)) { [talk] peer in
                let socket = SimulatedWebSocket(accepting: peer)
                served.append(socket)
                socket.onMessage = { socket, _ in for proto in talk { socket.send(binary: proto.bytes()) } }
            }
            network.answer(at: .ip(.loopbackV4, port: 3101)) { [talk] peer in
                let stream = talk.flatMap { $0.operation == 9 ? $0.body : $0.bytes() }
                peer.onReceive = { [unowned peer] in peer.send(stream) }
            }
            let answers = TradeLog()
            let token = GoimMessage(.authenticate, "{}")
            for address in ["tcp://127.0.0.1:3101", "ws://127.0.0.1:3102/sub"] {
                client.connect(to: address, authenticatingWith: token) { _ in answers.add("answer") }
            }
            try network.run(for: .seconds(30))
            network.stop()
            #expect(answers.all.count == 2, "seed \(seed)")
            check(log, seed)
            #expect(log.all.count { $0 == "end" } == log.all.count { $0 == "open" }, "seed \(seed)")
            closing.formUnion(log.all.filter { $0.hasSuffix(" closes") })
        }
        #expect(closing.count >= 4, "every kind of callback has closed: \(closing)")
    }

    /// Whoever closes and accepts has closed: nobody is let in, counted or found.
    @Test(arguments: Transport.allCases, [false, true])
    func whoClosesAndAcceptsHasClosed(_ transport: Transport, _ refuses: Bool) async throws {
        var deeds = GoimSite.Deeds()
        deeds.authenticate = { _, peer in
            if refuses { peer.refuse("no") } else { peer.close() }
            return .accept(GoimIdentity(key: "k", room: "r://1"))
        }
        try await visit(GoimOptions(), deeds) { site in
            let person = try site.person(transport)
            try person.send(NaiveProto(7, 1, "{}"))
            #expect(try person.isAtEnd())
            #expect(site.journal.wait { $0.closeCount == 1 })
            #expect(site.journal.now.opens.isEmpty && site.hub.roomCounts.isEmpty && site.hub.online == 0)
            #expect(site.hub.snapshot()[.authentications] == 0)
        }
    }
}
