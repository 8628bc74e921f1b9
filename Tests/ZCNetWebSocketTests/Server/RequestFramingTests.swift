import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Where a request ends does not depend on what the server does with it: no byte of a body is ever read as a
/// request, and what cannot be framed ends the connection.
@Suite struct RequestFramingTests {
    /// What hides in bodies. The site serves its path, and writes down that it was asked.
    static let inner = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"
    static let following = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n"

    static func site(_ configure: (inout WebSocketServer.Configuration) -> Void = { _ in }) throws
        -> SimulatedSite
    {
        try SimulatedSite(configure: configure) { routes, log in
            for path in ["/", "/smuggled", "/next"] {
                routes.get(path) { head in
                    log.add("\(head.method) \(head.path)")
                    return HTTPResponse(status: 200, text: "here is \(head.path)\n")
                }
            }
            routes.webSocket("/chat") { LoggingEcho(log: log) }
            routes.webSocket("/no", policy: .decide { _ in .reject(status: 403) }) { LoggingEcho(log: log) }
            routes.webSocket("/slow", policy: .later { _, promise in promise.answer(.reject(status: 401)) }) {
                LoggingEcho(log: log)
            }
            routes.webSocket("/silent", policy: .later { _, _ in }) { LoggingEcho(log: log) }
        }
    }

    /// Sends a stream, whole or cut, and runs until nothing happens any more.
    static func send(_ stream: [UInt8], cuts: [Int] = [], to site: SimulatedSite) throws -> SimulatedPeer {
        let peer = site.network.connect(to: site.server.address)
        var start = 0
        for cut in cuts + [stream.count] where cut > start {
            peer.send(Array(stream[start..<cut]))
            start = cut
            try site.network.run(for: .milliseconds(1))
        }
        try site.network.run(for: .milliseconds(20))
        return peer
    }

    static let key = "Sec-WebSocket-Key: c2ltdWxhdGVkIG5vbmNlIQ==\r\nSec-WebSocket-Version: 13\r\n"

    /// What a request may want of the server.
    static let wishes = [
        ("a page", "GET / HTTP/1.1\r\nHost: h\r\n"), ("nothing there", "GET /404 HTTP/1.1\r\nHost: h\r\n"),
        ("another method", "PUT / HTTP/1.1\r\nHost: h\r\n"), ("a head", "HEAD / HTTP/1.1\r\nHost: h\r\n"),
        ("a plain request to a route", "GET /chat HTTP/1.1\r\nHost: h\r\n"),
        ("another upgrade", "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n"),
        ("an absolute target", "GET http://h/ HTTP/1.1\r\nHost: i\r\n"),
        ("to go on", "GET / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"),
        ("gold", "GET / HTTP/1.1\r\nHost: h\r\nExpect: gold\r\n"),
        ("the asterisk", "OPTIONS * HTTP/1.1\r\nHost: h\r\n"),
        ("an old page", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n"),
    ]

    /// The same with an upgrade to WebSocket.
    static let upgrades = ["/", "/404", "/chat", "/no", "/slow", "/silent"].flatMap { path in
        [
            "GET \(path) HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\(key)",
            "GET \(path) HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n",
            "POST \(path) HTTP/1.1\r\nHost: h\r\nUpgrade: h2c, WebSocket\r\n",
            "HEAD \(path) HTTP/1.1\r\nHost: h\r\nUpgrade: \"a, websocket\r\n",
            "GET \(path) HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\nUpgrade: websocket\r\nExpect: 100-continue\r\n",
        ]
    }

    static let bodies = [
        "Content-Length: \(inner.utf8.count)\r\n\r\n\(inner)",
        "Transfer-Encoding: chunked\r\n\r\n"
            + "\(String(inner.utf8.count, radix: 16))\r\n\(inner)\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n1\r\nG\r\n0\r\nT: u\r\n\r\n",
    ]

    @Test(arguments: wishes.map(\.0), bodies.indices)
    func aBodyIsNeverARequest(wish: String, body: Int) throws {
        let head = try #require(Self.wishes.first { $0.0 == wish }?.1)
        let isOld = head.contains("HTTP/1.0")
        // Answered, but nothing is read behind it: see `UpgradeRefusalTests`.
        let isUpgrade = head.contains("Upgrade")
        let stream = Array((head + Self.bodies[body] + Self.following).utf8)
        let site = try Self.site()
        var first: [UInt8]?
        for cut in 0..<stream.count {
            let peer = try Self.send(stream, cuts: [cut], to: site)
            let answers = RequestTests.statuses(peer).filter { $0 != "100" }
            let isRefused = answers.first == "417" || isOld && body > 0 || isUpgrade
            #expect(answers.count == (isRefused ? 1 : 2) && peer.isEnded == isRefused, "cut at \(cut)")
            // The same answers, byte for byte, but for the time and what tells to go on.
            let text = String(decoding: peer.received, as: UTF8.self)
            let plain = Array(Self.withoutDates(text).utf8)
            #expect(first == nil || plain == first, "cut at \(cut): \(text)")
            first = plain
            peer.reset()
        }
        #expect(site.log.count(of: "GET /smuggled") == 0)
        site.network.stop()
    }

    static func withoutDates(_ text: String) -> String {
        text.split(separator: "\r\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("Date: ") }
            .joined(separator: "\r\n")
    }

    @Test(arguments: upgrades, bodies.indices)
    func anUpgradeWithABodyEndsTheConnection(head: String, body: Int) throws {
        let site = try Self.site()
        let stream = Array((head + Self.bodies[body] + Self.following).utf8)
        let (all, headEnd) = (Array(0..<stream.count), head.utf8.count)
        for cuts in [[], [headEnd], [headEnd + 22, stream.count - 40], all] {
            let peer = try Self.send(stream, cuts: cuts, to: site)
            #expect(RequestTests.statuses(peer) == ["400"] && peer.isEnded, "\(cuts)")
            #expect(String(decoding: peer.received, as: UTF8.self).contains("Connection: close\r\n"))
        }
        #expect(site.log.all.isEmpty, "\(site.log.all)")
        #expect(site.server.snapshot()[.protocolErrors] == 4)
        site.network.stop()
    }

    /// Behind a POST to `/`. Whatever is refused is answered once and ends the connection.
    @Test(arguments: [
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"),
        ("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501"),
        ("Content-Length: 5\r\nContent-Length: 6\r\n\r\n", "400"), ("Content-Length: +5\r\n\r\n", "400"),
        ("Content-Length: 5, 5\r\n\r\nhello", "400"), ("Content-Length : 5\r\n\r\nhello", "400"),
        ("X: y\r\n Content-Length: 5\r\n\r\nhello", "400"), ("X: y\n\r\n", "400"), ("X: y\r\r\n\r\n", "400"),
        ("Host: i\r\n\r\n", "400"), ("Content-Length: 101\r\n\r\n", "413"),
        ("Content-Length: 18446744073709551621\r\n\r\nhello", "413"),
        ("Transfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n", "400"),
        ("Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n", "400"),
        ("Transfer-Encoding: chunked\r\n\r\n\r\n\(inner)", "400"),
        ("Transfer-Encoding: chunked\r\n\r\n0\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
        ("Transfer-Encoding: chunked\r\n\r\n65\r\n\(inner)", "413"),
        ("Transfer-Encoding: chunked\r\n\r\n32\r\n\(String(repeating: "x", count: 50))\r\n33\r\n", "413"),
        ("Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", "413"),
        ("Transfer-Encoding: chunked\r\n\r\n1;\(String(repeating: "x", count: 20_000))\r\n", "431"),
        ("Expect: 100-continue\r\nContent-Length: 101\r\n\r\n", "413"),
        ("Expect: 100-continue\r\nExpect: gold\r\nContent-Length: 1\r\n\r\na", "417"),
        ("Expect: 100-continue, gold\r\n\r\n", "417"),
    ])
    func everyRefusalEndsTheConnection(rest: String, status: String) throws {
        let site = try Self.site { $0.requests.bodyBytesMax = 100 }
        for method in ["POST", "GET", "HEAD"] {
            let head = "\(method) / HTTP/1.1\r\nHost: h\r\n"
            let stream = Array((head + rest + Self.following + Self.inner).utf8)
            for cuts in [[], Array(stride(from: 0, to: min(stream.count, 400), by: 1))] {
                let peer = try Self.send(stream, cuts: cuts, to: site)
                #expect(RequestTests.statuses(peer) == [status] && peer.isEnded, "\(method)")
                // RFC 9110 9.3.2: whatever is wrong with a HEAD, its answer has no body.
                let text = String(decoding: peer.received, as: UTF8.self)
                #expect(text.hasSuffix("\r\n\r\n") == (method == "HEAD"), "\(method): \(text)")
            }
        }
        #expect(site.log.all.isEmpty, "\(site.log.all)")
        site.network.stop()
    }

    /// A body that stops coming is answered, and what comes of it later is no request.
    @Test func aBodyThatStopsIsNotWaitedForAndNotRead() throws {
        let site = try Self.site { $0.handshakeTimeout = .milliseconds(100) }
        for (framing, begun) in [
            ("Content-Length: 100", "abc"), ("Transfer-Encoding: chunked", "40\r\nabc"),
            ("Transfer-Encoding: chunked", ""),
        ] {
            let peer = site.network.connect(to: site.server.address)
            peer.send("POST / HTTP/1.1\r\nHost: h\r\n\(framing)\r\n\r\n\(begun)")
            try site.run("the answer") { RequestTests.statuses(peer) == ["408"] }
            peer.send(Self.inner)
            try site.network.run(for: .milliseconds(50))
            #expect(RequestTests.statuses(peer) == ["408"] && peer.isEnded)
        }
        #expect(site.log.all.isEmpty)
        site.network.stop()
    }

    /// Requests with and without bodies, each with a path of its own, in any pieces: as many answers as
    /// requests, in their order.
    @Test(arguments: 0..<24)
    func everyRequestGetsItsOwnAnswer(seed: UInt64) throws {
        var random = SimulatedRandom(seed: seed)
        let site = try SimulatedSite(configure: { _ in }) { routes, _ in
            for number in 0..<40 {
                routes.get("/\(number)") { HTTPResponse(status: 200, text: "<\($0.method) \($0.path)>") }
            }
        }
        var expected: [String] = []
        var stream: [UInt8] = []
        for number in 0..<40 {
            let bytes = RequestBoundaryTests.request(&random, number: number)
            let text = String(decoding: bytes, as: UTF8.self)
            // What ends the connection is for other tests.
            if text.contains("Upgrade:") || text.contains("close") { continue }
            // Who waits for a 100 and is told the end instead has to connect anew.
            if text.contains("Expect:") && !text.contains("GET /\(number) ") && !text.contains("HEAD") {
                continue
            }
            stream += bytes
            if text.contains("GET /\(number) ") { expected.append("<GET /\(number)>") }
        }
        let peer = try Self.send(
            stream, cuts: RequestBoundaryTests.cuts(stream.count, &random), to: site)
        let text = String(decoding: peer.received, as: UTF8.self)
        let tokens = text.components("<", ">")
        #expect(tokens == expected && !peer.isEnded, "seed \(seed)")
        site.network.stop()
    }

    /// RFC 9110 6.6.1: every answer says when it was made; in a simulation that is its own time.
    @Test func everyResponseIsDated() throws {
        let site = try Self.site()
        let requests = [
            Self.following, "GET /404 HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\nX : y\r\n\r\n",
            "HEAD /next HTTP/1.1\r\nHost: h\r\n\r\n", LateDecisionTests.request("/chat"),
        ]
        for (second, request) in requests.enumerated() {
            let peer = try Self.send(Array(request.utf8), to: site)
            let text = String(decoding: peer.received, as: UTF8.self)
            let date = "\r\nDate: Sat, 01 Jan 2000 00:00:0\(second) GMT\r\n"
            #expect(text.components(separatedBy: date) == 2, "\(text)")
            #expect(text.components(separatedBy: "Date:") == 2)
            try site.network.run(for: .milliseconds(980))
        }
        site.network.stop()
    }

    @Test func anApplicationMayDateItsAnswers() throws {
        let site = try SimulatedSite(configure: { _ in }) { routes, log in
            routes.get("/") { _ in HTTPResponse(status: 200, headers: ["date": "yesterday"]) }
            routes.webSocket("/chat", policy: .decide { _ in .accept(headers: ["DATE": "today"]) }) {
                LoggingEcho(log: log)
            }
        }
        for (request, date) in [
            ("GET / HTTP/1.1\r\nHost: h\r\n\r\n", "date: yesterday"),
            (LateDecisionTests.request("/chat"), "DATE: today"),
        ] {
            let peer = try Self.send(Array(request.utf8), to: site)
            let text = String(decoding: peer.received, as: UTF8.self)
            #expect(text.contains("\r\n\(date)\r\n") && !text.contains("Date: "), "\(text)")
        }
        site.network.stop()
    }
}

extension String {
    /// The pieces that begin with one text and end with another, both included.
    fileprivate func components(_ open: Character, _ close: Character) -> [String] {
        split(separator: open).dropFirst().compactMap { part in
            part.firstIndex(of: close).map { "\(open)\(part[...$0])" }
        }
    }
}
