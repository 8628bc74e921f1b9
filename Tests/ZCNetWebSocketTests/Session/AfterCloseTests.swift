import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Behind a handler's `close` or `abort` nothing but `onClose` comes, on both sides of a conversation.
@Suite struct AfterCloseTests {
    #if DEBUG
    static let seedCount: UInt64 = 60
    #else
    static let seedCount: UInt64 = 1000
    #endif

    /// Closes at some callback, in some way, and writes down what comes afterwards.
    private struct Closer: WebSocketHandler {
        struct State {
            var hasClosed = false
            var calls: [String] = []
        }

        let log: SimulatedSite.Log
        var random: SimulatedRandom

        mutating func makeState() -> State { State() }

        private mutating func called(_ name: String, _ peer: inout WebSocketConnection<State>) {
            peer.state.calls.append(name)
            log.add(name)
            if peer.state.hasClosed { log.add("after \(peer.state.calls)") }
            if random.next() & 1 == 0 { peer.send(String(repeating: "x", count: 900)) }
            if random.next() & 1 == 0 {
                peer.schedule(after: .microseconds(Int64(random.next() & 0x3FFF)), tag: 1)
            }
            guard random.next() & 15 == 0 else { return }
            peer.state.hasClosed = true
            log.add("\(name) closes")
            switch random.next() & 3 {
            case 0: peer.abort()
            case 1:
                peer.close()
                peer.abort()
            default: peer.close(.goingAway, reason: "enough")
            }
            // Nothing of this may bring a callback about any more.
            peer.schedule(after: .zero, tag: 2)
            peer.ping()
        }

        mutating func onOpen(_ peer: inout WebSocketConnection<State>, _ upgrade: WebSocketUpgrade) {
            called("open", &peer)
        }

        mutating func onMessage(
            _ message: borrowing Message, from peer: inout WebSocketConnection<State>
        ) { called("message", &peer) }

        mutating func onFragment(
            _ fragment: borrowing WebSocketFragment, from peer: inout WebSocketConnection<State>
        ) { called("fragment", &peer) }

        mutating func onPing(_ payload: RawSpan, from peer: inout WebSocketConnection<State>) {
            called("ping", &peer)
        }

        mutating func onPong(_ payload: RawSpan, from peer: inout WebSocketConnection<State>) {
            called("pong", &peer)
        }

        mutating func onWritable(_ peer: inout WebSocketConnection<State>) { called("writable", &peer) }

        mutating func onTimer(
            _ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<State>
        ) { called("timer", &peer) }

        mutating func onError(_ error: WebSocketError, from peer: inout WebSocketConnection<State>) {
            called("error", &peer)
        }

        mutating func onClose(
            _ peer: inout WebSocketConnection<State>, _ reason: WebSocketCloseReason
        ) {
            log.add("end")
        }
    }

    private func options(_ seed: UInt64) -> WebSocketOptions {
        var options = WebSocketOptions()
        options.deliversFragments = seed & 1 == 0
        options.pingInterval = .milliseconds(20)
        if seed & 6 == 0 { options.receiveRate = ReceiveRate(messagesPerSecond: 5000) }
        options.connection.outboundHighWatermarkBytes = 2000
        options.connection.outboundLowWatermarkBytes = 500
        return options
    }

    /// Sends all that there is: messages, fragments, control frames, a broken rule, a goodbye.
    private func talk(_ socket: SimulatedWebSocket, _ random: inout SimulatedRandom) {
        for number in 0..<30 {
            switch random.next() % 12 {
            case 0..<4: socket.send("message \(number)")
            case 4: socket.send(binary: [UInt8](repeating: 7, count: Int(random.next() & 0xFFF)))
            case 5, 6:
                socket.send(frame: 0x01, Array("one".utf8))
                socket.ping([1])
                socket.send(frame: 0x80, Array("two".utf8))
            case 7: socket.ping()
            case 8: socket.send(frame: 0x8A, [2])
            case 9: if number > 20 { socket.send(frame: 0x81, [0xFF]) }
            case 10: if number > 20 { socket.sendClose() }
            default: if number > 25 { socket.send(frame: 0x83, []) }
            }
        }
        if random.next() & 1 == 0 { socket.peer.finish() }
    }

    private func check(_ log: SimulatedSite.Log, _ seed: UInt64) {
        let all = log.all
        let late = all.filter { $0.hasPrefix("after") }
        #expect(late.isEmpty, "seed \(seed): \(late)")
        #expect(log.count(of: "end") == all.count { $0 == "open" }, "seed \(seed)")
    }

    @Test func nothingButTheEndFollowsAServersClose() throws {
        var closing: Set<String> = []
        for seed in 0..<Self.seedCount {
            var faults = seed % 3 == 0 ? SimulatedFaults.none : .nasty
            faults.refusedConnects = 0
            faults.lostConnects = 0
            let site = try SimulatedSite(
                seed: seed, faults: faults, configure: { $0.options = options(seed) },
                routes: { routes, log in
                    routes.webSocket { Closer(log: log, random: SimulatedRandom(seed: seed)) }
                })
            var random = SimulatedRandom(seed: seed &+ 77)
            let sockets = (0..<4).map { _ in site.connect() }
            for socket in sockets {
                socket.answers = random.next() & 3 != 0
                talk(socket, &random)
            }
            try site.network.run(for: .seconds(60))
            site.network.stop()
            check(site.log, seed)
            closing.formUnion(site.log.all.filter { $0.hasSuffix(" closes") })
        }
        #expect(closing.count >= 8, "every kind of callback has closed: \(closing)")
    }

    @Test func nothingButTheEndFollowsAClientsClose() throws {
        for seed in 0..<Self.seedCount {
            let network = SimulatedNetwork(seed: seed, faults: seed % 3 == 0 ? .none : .nasty)
            let group = try network.makeGroup()
            let log = SimulatedSite.Log()
            var configuration = WebSocketClient.Configuration()
            configuration.options = options(seed)
            let client = try WebSocketClient(configuration, group: group) {
                Closer(log: log, random: SimulatedRandom(seed: seed))
            }
            network.start(group)
            var random = SimulatedRandom(seed: seed &+ 77)
            var served: [SimulatedWebSocket] = []
            network.answer(at: .ip(.loopbackV4, port: 9001)) { peer in
                let socket = SimulatedWebSocket(accepting: peer)
                served.append(socket)
                socket.answers = random.next() & 3 != 0
                socket.onOpen = { talk($0, &random) }
            }
            let answers = ClientSite.Answer()
            for _ in 0..<4 { client.connect(to: "ws://127.0.0.1:9001/") { answers.add($0) } }
            try network.run(for: .seconds(60))
            network.stop()
            #expect(answers.count == 4, "seed \(seed)")
            check(log, seed)
        }
    }

    /// A handshake whose answer finds no room ends the connection: nobody is told of a conversation.
    @Test func aHandshakeThatCannotBeAnsweredBeginsNothing() throws {
        let site = try SimulatedSite { $0.tcp.connection.outboundBytesMax = 100 }
        let socket = site.connect()
        try site.run("the end") { socket.peer.isOver && site.server.connectionCount == 0 }
        #expect(site.log.all.isEmpty && !socket.isUpgraded)
        site.network.stop()
    }
}
