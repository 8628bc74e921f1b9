import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Plain requests beside conversations: bodies, persistence, limits, order.
@Suite struct RequestTests {
    static func site(_ configure: (inout WebSocketServer.Configuration) -> Void = { _ in }) throws
        -> SimulatedSite
    {
        try SimulatedSite(configure: configure) { routes, log in
            routes.webSocket("/chat") { LoggingEcho(log: log) }
            routes.page("/", "<title>here</title>")
            routes.page("/bytes", [1, 2, 3], type: "application/octet-stream")
            routes.get("/large") { _ in HTTPResponse(status: 200, body: [UInt8](repeating: 1, count: 50_000))
            }
        }
    }

    static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    static func statuses(_ peer: SimulatedPeer) -> [String] {
        let text = String(decoding: peer.received, as: UTF8.self)
        var found: [String] = []
        var rest = text[...]
        while let range = rest.firstRange(of: "HTTP/1.1 ") {
            rest = rest[range.upperBound...]
            found.append(String(rest.prefix(3)))
        }
        return found
    }

    /// What a request comes to, and whether the connection goes on: a second request follows it.
    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: h\r\n\r\n", ["200", "200"]),
        ("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", ["200", "200"]),
        ("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", ["200"]),
        ("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", ["200"]),
        ("GET / HTTP/1.0\r\n\r\n", ["200"]),
        ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", ["200", "200"]),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nGET /", ["200", "200"]),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nGET /", ["405", "200"]),
        ("POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nGET /", ["404", "200"]),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", ["405"]),
        (
            "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
            ["100", "200", "200"]
        ),
        (
            "GET / HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n"
                + "Connection: keep-alive\r\n\r\nabc",
            ["200", "200"]
        ),
        ("GET / HTTP/1.1\r\nHost: h\r\nExpect: gold\r\n\r\n", ["417"]),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n", ["413"]),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", ["413"]),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ["405", "200"]),
        (
            "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
                + "5\r\nGET /\r\n0\r\n\r\n", ["100", "200", "200"]
        ),
        ("POST /chat HTTP/1.1\r\nHost: h\r\n\r\n", ["405", "200"]),
        ("GET /chat HTTP/1.1\r\nHost: h\r\n\r\n", ["426", "200"]),
        ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", ["505"]),
        ("GET / HTTP/1.1\r\n\r\n", ["400"]),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ["505"]),
        ("BREW / HTTP/1.1\r\nHost: h\r\n\r\n", ["405", "200"]),
    ])
    func whatARequestComesTo(request: String, statuses: [String]) throws {
        let site = try Self.site { $0.requests.bodyBytesMax = 100 }
        let whole = site.network.connect(to: site.server.address)
        whole.send(request + Self.get)
        let single = site.network.connect(to: site.server.address)
        let bytes = Array((request + Self.get).utf8)
        for byte in bytes {
            single.send([byte])
            try site.network.run(for: .milliseconds(1))
        }
        for peer in [whole, single] {
            try site.run("\(statuses)") { Self.statuses(peer).count == statuses.count }
            try site.network.run(for: .milliseconds(50))
            #expect(Self.statuses(peer) == statuses)
            #expect(peer.isEnded == (statuses.last != "200" || statuses.count == 1))
        }
        site.network.stop()
    }

    @Test func whatIsNotAllowedTellsWhatIs() throws {
        let site = try Self.site()
        let page = try RoutesTests.ask(site, "PUT / HTTP/1.1\r\nHost: h\r\n\r\n") { $0.contains("\r\n\r\n") }
        #expect(page.contains("Allow: GET, HEAD\r\n"))
        let chat = try RoutesTests.ask(site, "PUT /chat HTTP/1.1\r\nHost: h\r\n\r\n") {
            $0.contains("\r\n\r\n")
        }
        #expect(chat.contains("Allow: GET\r\n"))
        site.network.stop()
    }

    @Test func headTellsTheLengthAndSendsNothing() throws {
        let site = try Self.site()
        let head = "HEAD /bytes HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        let peer = site.network.connect(to: site.server.address)
        peer.send(head)
        try site.run("the end") { peer.isEnded }
        let answer = String(decoding: peer.received, as: UTF8.self)
        #expect(answer.contains("Content-Length: 3\r\n") && answer.hasSuffix("\r\n\r\n"))
        #expect(answer.contains("Content-Type: application/octet-stream\r\n"))
        site.network.stop()
    }

    @Test func aConnectionServesSoManyRequestsAndNoMore() throws {
        let site = try Self.site { $0.requests.requestsMax = 3 }
        let peer = site.network.connect(to: site.server.address)
        for _ in 0..<5 { peer.send(Self.get) }
        try site.run("the end") { peer.isOver }
        #expect(Self.statuses(peer) == ["200", "200", "200"])
        let text = String(decoding: peer.received, as: UTF8.self)
        #expect(text.components(separatedBy: "Connection: keep-alive") == 3)
        #expect(text.components(separatedBy: "Connection: close") == 2)
        site.network.stop()
    }

    @Test func aConnectionAtRestIsEndedWithoutAWord() throws {
        let site = try Self.site {
            $0.requests.keepAliveTimeout = .seconds(3)
            $0.handshakeTimeout = .seconds(30)
        }
        let peer = site.network.connect(to: site.server.address)
        peer.send(Self.get)
        try site.network.run(for: .seconds(2))
        peer.send(Self.get)
        try site.network.run(for: .seconds(2))
        #expect(Self.statuses(peer) == ["200", "200"] && !peer.isOver)
        try site.run("the end") { peer.isOver && site.server.connectionCount == 0 }
        #expect(Self.statuses(peer) == ["200", "200"])
        #expect(site.network.elapsed < .seconds(6))
        #expect(site.server.snapshot()[.closedTimeout] == 1)
        site.network.stop()
    }

    /// A rest begins when the answer has left, not when it was made: a slow download is none, one that stands
    /// still is, and behind it the connection may rest as long as behind any other.
    @Test(arguments: [SimulatedSending.direct, .inFlight], [false, true])
    func aDownloadIsNoRest(sending: SimulatedSending, asksOn: Bool) throws {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (5000, 3000)
        let bytes = 60_000
        let site = try SimulatedSite(
            faults: faults, sending: sending,
            configure: {
                $0.requests.keepAliveTimeout = .seconds(4)
                $0.handshakeTimeout = .seconds(4)
                $0.tcp.connection.outboundHighWatermarkBytes = 20_000
                $0.tcp.connection.outboundLowWatermarkBytes = 10_000
            }
        ) { routes, _ in
            routes.get("/") { _ in HTTPResponse(status: 200, body: [UInt8](repeating: 1, count: bytes)) }
        }
        let peer = site.network.connect(to: site.server.address)
        peer.pauseReading()
        // Perhaps with the beginning of another request behind, whose rest comes after the download.
        peer.send(Self.get + (asksOn ? "GET / HTTP/1.1\r\n" : ""))
        let start = site.network.elapsed
        while peer.received.count < bytes && !peer.isOver && site.network.elapsed - start < .seconds(600) {
            try site.network.run(for: .seconds(3))
            peer.resumeReading()
            peer.pauseReading()
        }
        #expect(peer.received.count >= bytes && !peer.isOver, "\(peer.received.count) bytes came")
        #expect(site.network.elapsed - start > .seconds(12), "as slow as meant")
        peer.resumeReading()
        try site.network.run(for: .seconds(3))
        #expect(!peer.isOver, "the rest begins with the end of the download")
        peer.send(asksOn ? "Host: h\r\n\r\n" : Self.get)
        try site.run("another answer") { Self.statuses(peer).count == 2 && peer.received.count > 2 * bytes }
        let rest = site.network.elapsed
        try site.run("the end") { peer.isOver }
        let took = site.network.elapsed - rest
        #expect(took > .seconds(3.9) && took < .seconds(5), "\(took)")
        // A download that stands still is ended like a rest.
        try site.run("its count") { site.server.snapshot()[.closedTimeout] == 1 }
        let still = site.network.connect(to: site.server.address)
        still.pauseReading()
        still.send(Self.get)
        try site.network.run(for: .seconds(25))
        #expect(site.server.snapshot()[.closedTimeout] == 2)
        site.network.stop()
    }

    /// Who takes a byte now and then holds the connection no longer than `drainTimeoutMax`, and as long again
    /// once that is over and it closes.
    @Test func aDownloadThatTricklesEnds() throws {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (5000, 3000)
        let site = try SimulatedSite(
            faults: faults,
            configure: {
                $0.requests.keepAliveTimeout = .seconds(4)
                $0.tcp.connection.drainTimeoutMax = .seconds(20)
            }
        ) { routes, _ in
            routes.get("/") { _ in HTTPResponse(status: 200, body: [UInt8](repeating: 1, count: 500_000)) }
        }
        let peer = site.network.connect(to: site.server.address)
        peer.pauseReading()
        peer.send(Self.get)
        while site.server.snapshot()[.closedTimeout] == 0 && site.network.elapsed < .seconds(600) {
            try site.network.run(for: .seconds(2))
            peer.resumeReading()
            peer.pauseReading()
        }
        #expect(site.network.elapsed > .seconds(20) && site.network.elapsed < .seconds(50))
        site.network.stop()
    }

    /// A request has its own time, however long the connection rested or served before it.
    @Test func everyRequestHasItsOwnTime() throws {
        let site = try Self.site {
            $0.requests.keepAliveTimeout = .seconds(60)
            $0.handshakeTimeout = .seconds(3)
        }
        let peer = site.network.connect(to: site.server.address)
        for _ in 0..<5 {
            peer.send(Self.get)
            try site.network.run(for: .seconds(2))
        }
        #expect(Self.statuses(peer) == Array(repeating: "200", count: 5) && !peer.isOver)
        peer.send("GET / HT")
        try site.network.run(for: .seconds(2))
        peer.send("TP/1.1\r\n")
        try site.run("the end") { peer.isOver }
        #expect(Self.statuses(peer).last == "408")
        #expect(site.network.elapsed < .seconds(14))
        site.network.stop()
    }

    /// A client that asks without reading is not read from: what waits for it stays bounded, nothing is lost.
    @Test(arguments: [SimulatedSending.direct, .inFlight])
    func aClientThatDoesNotReadWaits(sending: SimulatedSending) throws {
        let site = try SimulatedSite(
            sending: sending, configure: { $0.tcp.connection.outboundBytesMax = 2 << 20 }
        ) { routes, _ in
            routes.get("/large") { _ in HTTPResponse(status: 200, body: [UInt8](repeating: 1, count: 50_000))
            }
        }
        let peer = site.network.connect(to: site.server.address)
        peer.pauseReading()
        for _ in 0..<200 { peer.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n") }
        try site.network.run(for: .seconds(1))
        #expect(site.server.snapshot()[.queuedBytes] < 600_000)
        peer.resumeReading()
        try site.run("all of it") { peer.received.count > 200 * 50_000 }
        #expect(Self.statuses(peer).count == 200)
        site.network.stop()
    }

    @Test func aPageAndAConversationMayShareAPath() throws {
        let site = try SimulatedSite(configure: { _ in }) { routes, log in
            routes.webSocket("/") { LoggingEcho(log: log) }
            routes.page("/", "<title>here</title>")
        }
        let client = site.connect("/")
        let answer = try RoutesTests.ask(site, Self.get) { $0.contains("here") }
        try site.run("the upgrade") { client.isUpgraded }
        #expect(answer.contains("Content-Type: text/html; charset=utf-8\r\n"))
        site.network.stop()
    }

    /// Random requests, cut at random: as many answers as whole requests, each of them right.
    @Test(arguments: 0..<12)
    func requestsInAnyPieces(seed: Int) throws {
        let site = try Self.site()
        var random = SimulatedRandom(seed: UInt64(seed))
        var bytes: [UInt8] = []
        var expected: [String] = []
        for _ in 0..<30 {
            let body = [UInt8](repeating: 0x47, count: Int(random.next() % 40))
            let (path, status) = [("/", "200"), ("/no", "404"), ("/chat", "426")][Int(random.next() % 3)]
            bytes +=
                Array("GET \(path) HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
            expected.append(status)
        }
        let peer = site.network.connect(to: site.server.address)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int(random.next() % 60) + 1
            peer.send(rest.prefix(count))
            rest = rest.dropFirst(count)
            if random.next() % 3 == 0 { try site.network.run(for: .milliseconds(1)) }
        }
        try site.run("all answers") { Self.statuses(peer).count == expected.count }
        #expect(Self.statuses(peer) == expected)
        site.network.stop()
    }
}
