import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// A client and a server in one simulated network.
@Suite struct WebSocketClientTests {
    /// A server that echoes, and a client that knows where it is.
    static func pair(
        seed: UInt64 = 1, faults: SimulatedFaults = .none, sending: SimulatedSending = .direct,
        server: (inout WebSocketServer.Configuration) -> Void = { _ in },
        client: (inout WebSocketClient.Configuration) -> Void = { _ in }
    ) throws -> (site: SimulatedSite, client: ClientSite) {
        let site = try SimulatedSite(seed: seed, faults: faults, sending: sending, configure: server) {
            routes, log in
            routes.webSocket(subprotocols: ["v2", "v1"]) { LoggingEcho(log: log) }
        }
        return (site, try ClientSite(site.network, configure: client))
    }

    @Test(arguments: [SimulatedSending.direct, .inFlight])
    func echoes(sending: SimulatedSending) throws {
        let (site, client) = try Self.pair(sending: sending)
        let answer = client.connect("ws://127.0.0.1:9001/room?key=1")
        try client.run("a connection") { answer.count == 1 }
        let socket = try #require(answer.socket)
        socket.send("h\u{E9}llo")
        socket.send(binary: SharedBytes(copying: [UInt8](repeating: 7, count: 300_000)))
        socket.send("")
        try client.run("three echoes") { client.log.count(of: "text") == 2 }
        socket.close(.normalClosure, reason: "done")
        try client.run("the end") { client.log.count(of: "close") == 1 && site.log.count(of: "close") == 1 }
        let told = [
            "open 101 /room -", "connected", "text h\u{E9}llo", "binary 300000", "text ",
            "close 1000 local clean",
        ]
        #expect(client.log.all == told)
        #expect(site.log.all.last == "close 1000 peer clean")
        site.network.stop()
    }

    @Test func theHandshakeCarriesWhatWasAsked() throws {
        let (site, client) = try Self.pair(
            server: { $0.origins = .list(["http://here.example"]) },
            client: {
                $0.subprotocols = ["v0", "v1"]
                $0.origin = "http://here.example"
                $0.headers = ["X-One": "1"]
            })
        let request = Locked("")
        site.network.answer(at: .ip(.loopbackV4, port: 9009)) { peer in
            peer.onReceive = { [unowned peer] in
                let text = String(decoding: peer.received, as: UTF8.self)
                request.withLock { $0 = text }
            }
        }
        let answer = client.connect("ws://127.0.0.1:9001/")
        let other = client.connect("ws://127.0.0.1:9009/path?q=1", headers: ["X-Two": "2"])
        try client.run("both") { answer.count == 1 && !request.withLock { $0 }.isEmpty }
        #expect(client.log.all.first == "open 101 / v1")
        let lines = request.withLock { $0.split(separator: "\r\n").map(String.init) }
        #expect(lines.first == "GET /path?q=1 HTTP/1.1")
        for expected in [
            "Host: 127.0.0.1:9009", "Sec-WebSocket-Protocol: v0, v1", "Origin: http://here.example",
            "X-One: 1", "X-Two: 2",
        ] {
            #expect(lines.contains(expected), "in \(lines)")
        }
        #expect(other.count == 0)
        site.network.stop()
        #expect(other.error?.cause != nil, "an attempt that is under way when the loop ends is answered")
    }

    /// Short reads and writes, delays, EAGAIN and EINTR: what arrives is the same.
    @Test(arguments: 0..<6)
    func aNastyNetworkChangesNothing(seed: Int) throws {
        let (site, client) = try Self.pair(
            seed: UInt64(seed), faults: .nasty, sending: seed % 2 == 0 ? .direct : .inFlight,
            server: {
                $0.options.deflate = seed % 4 < 2 ? DeflateOptions() : nil
                $0.options.pingInterval = nil
            },
            client: {
                $0.options.deflate = DeflateOptions()
                $0.options.pingInterval = nil
            })
        let answers = (0..<4).map { _ in client.connect() }
        try client.run("answers") { answers.allSatisfy { $0.count == 1 } }
        var random = SimulatedRandom(seed: UInt64(seed))
        for index in 0..<10 {
            let text = "\(index) " + String(repeating: "and on ", count: Int(random.next() % 500))
            for answer in answers { answer.socket?.send(text) }
        }
        // The server's goodbye comes behind all its echoes.
        for answer in answers { answer.socket?.send("close") }
        let opened = answers.count { $0.socket != nil }
        _ = try client.network.run {
            client.log.count(of: "close") == opened
                && site.log.count(of: "close") == site.log.count(of: "open")
        }
        #expect(client.log.count(of: "open") == opened)
        #expect(client.log.count(of: "connected") == opened)
        #expect(client.log.count(of: "close") == opened)
        #expect(client.log.count(of: "error") == 0)
        // Every connection that said goodbye in good order has seen its ten echoes.
        let whole = client.log.count(of: "close 1000 peer clean")
        #expect(client.log.count(of: "text") >= 10 * whole)
        #expect(whole + client.log.count(of: "close 1006") == opened)
        site.network.stop()
    }

    @Test(arguments: [false, true])
    func compressesWithEitherSettingOfTakeover(forgets: Bool) throws {
        var deflate = DeflateOptions()
        deflate.serverNoContextTakeover = forgets
        deflate.clientNoContextTakeover = forgets
        let options = deflate
        let (site, client) = try Self.pair(
            server: { $0.options.deflate = options }, client: { $0.options.deflate = options })
        let answer = client.connect()
        let long = String(repeating: "the same again and again ", count: 2000)
        try client.run("a connection") { answer.count == 1 }
        for _ in 0..<3 { answer.socket?.send(long) }
        try client.run("echoes") { client.log.count(of: "text the same") == 3 }
        #expect(client.log.all.first == "open 101 / - deflate")
        #expect(client.log.all.last == "text \(long)")
        let bytes = site.group.snapshot().loops[0][.bytesIn]
        #expect(bytes < 6000, "three messages of \(long.utf8.count) bytes")
        site.network.stop()
    }

    @Test func aServerThatDoesNotCompressIsSpokenToWithout() throws {
        let (site, client) = try Self.pair(client: { $0.options.deflate = DeflateOptions() })
        let answer = client.connect()
        try client.run("a connection") { answer.count == 1 }
        answer.socket?.send(String(repeating: "x", count: 1000))
        try client.run("an echo") { client.log.count(of: "text x") == 1 }
        #expect(client.log.all.first == "open 101 / -")
        site.network.stop()
    }

    // MARK: Keepalive and closing

    @Test func pingsAreAnsweredBothWays() throws {
        let (site, client) = try Self.pair()
        let answer = client.connect()
        try client.run("a connection") { answer.count == 1 }
        answer.socket?.ping()
        answer.socket?.send("ping")
        try client.run("pongs") { client.log.count(of: "pong 0") == 1 && site.log.count(of: "pong 0") == 1 }
        #expect(client.log.count(of: "ping 0") == 1 && site.log.count(of: "ping 0") == 1)
        site.network.stop()
    }

    @Test func aServerThatFallsSilentIsGivenUp() throws {
        let network = SimulatedNetwork(seed: 1)
        let client = try ClientSite(network) {
            $0.options.pingInterval = .seconds(10)
            $0.options.pongTimeout = .seconds(5)
        }
        var served: [SimulatedWebSocket] = []
        network.answer(at: client.address) { peer in
            let socket = SimulatedWebSocket(accepting: peer)
            socket.answers = false
            served.append(socket)
        }
        let answer = client.connect()
        try client.run("the end") { client.log.count(of: "close") == 1 }
        #expect(client.log.all == ["open 101 / -", "connected", "close 1006 timeout unclean"])
        #expect(answer.count == 1 && served[0].pings.count == 1)
        #expect(network.elapsed < .seconds(30))
        network.stop()
    }

    @Test func theServerClosesFirst() throws {
        let (site, client) = try Self.pair()
        let answer = client.connect()
        try client.run("a connection") { answer.count == 1 }
        answer.socket?.send("close")
        try client.run("the end") { client.log.count(of: "close") == 1 && site.log.count(of: "close") == 1 }
        #expect(client.log.all.last == "close 1000 peer clean")
        #expect(site.log.all.last == "close 1000 local clean")
        site.network.stop()
    }

    @Test func aShutdownSaysThatTheClientGoesAway() throws {
        let (site, client) = try Self.pair()
        let answers = (0..<3).map { _ in client.connect() }
        try client.run("connections") { answers.allSatisfy { $0.count == 1 } }
        client.client.shutdown(grace: .seconds(5))
        try client.run("the end") { client.log.count(of: "close") == 3 && site.log.count(of: "close") == 3 }
        #expect(client.log.count(of: "close 1001 shutdown clean") == 3)
        #expect(site.log.count(of: "close 1001 peer clean") == 3)
        let late = client.connect()
        #expect(late.error?.cause == .stopped, "a client that has ended answers at once")
        site.network.stop()
    }

    @Test func aMaskedFrameOfTheServerBreaksTheRules() throws {
        let network = SimulatedNetwork(seed: 1)
        let client = try ClientSite(network)
        var served: [SimulatedWebSocket] = []
        network.answer(at: client.address) { peer in
            let socket = SimulatedWebSocket(accepting: peer)
            socket.onOpen = { $0.send(frame: 0x81, [1, 2, 3], isMasked: true) }
            served.append(socket)
        }
        _ = client.connect()
        try client.run("the end") { client.log.count(of: "close") == 1 }
        #expect(client.log.all.suffix(2) == ["error 1002", "close 1002 protocol error unclean"])
        #expect(served[0].close?.code == .protocolError)
        network.stop()
    }
}
