import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

@Suite struct RoutesTests {
    static func site(
        policy: UpgradePolicy = .open, configure: (inout WebSocketServer.Configuration) -> Void = { _ in }
    ) throws -> SimulatedSite {
        try SimulatedSite(configure: configure) { routes, log in
            routes.webSocket("/chat", subprotocols: ["v2", "v1"], policy: policy) { LoggingEcho(log: log) }
            routes.get("/health") { _ in HTTPResponse(status: 200, text: "fine\n") }
        }
    }

    /// Sends a request as it is; answers what came back when the server is done with it.
    static func ask(_ site: SimulatedSite, _ request: String, until isEnough: (String) -> Bool) throws
        -> String
    {
        let peer = site.network.connect(to: site.server.address)
        peer.send(request)
        try site.run("an answer") { isEnough(String(decoding: peer.received, as: UTF8.self)) }
        return String(decoding: peer.received, as: UTF8.self)
    }

    @Test func pagesAreServedBesideConversations() throws {
        let site = try Self.site()
        let get = "GET /health HTTP/1.1\r\nHost: here\r\n\r\n"
        let answer = try Self.ask(site, get + get) { $0.components(separatedBy: "fine\n") == 3 }
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        site.network.stop()
    }

    @Test(arguments: [
        ("GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 404 "),
        ("POST /health HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 405 "),
        ("GET /chat HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 426 "),
        ("GET /chat HTTP/1.1\r\nHost : h\r\n\r\n", "HTTP/1.1 400 "),
        ("GET /chat HTTP/1.1\nHost: h\n\n", "HTTP/1.1 400 "),
    ])
    func whatIsWrongIsSaid(request: String, status: String) throws {
        let site = try Self.site()
        let answer = try Self.ask(site, request) { $0.contains("\r\n\r\n") }
        #expect(answer.hasPrefix(status), "got \(answer)")
        site.network.stop()
    }

    @Test func theFirstCommonSubprotocolIsChosen() throws {
        let site = try Self.site()
        let client = site.connect("/chat", headers: ["Sec-WebSocket-Protocol: v0, v1, v2"])
        try site.run("the upgrade") { client.isUpgraded }
        #expect(client.response.lowercased().contains("sec-websocket-protocol: v2"))
        #expect(site.log.all == ["open /chat v2"])
        site.network.stop()
    }

    @Test func aDecisionMayTurnClientsAway() throws {
        let site = try Self.site(
            policy: .decide { request in
                request.query == "key=1"
                    ? .accept() : .reject(HTTPResponse(status: 401, text: "a key, please\n"))
            })
        let stranger = site.connect("/chat")
        let friend = site.connect("/chat?key=1")
        try site.run("both answers") { friend.isUpgraded && !stranger.peer.received.isEmpty }
        #expect(stranger.response.hasPrefix("HTTP/1.1 401 "))
        site.network.stop()
    }

    /// The connection waits without holding its loop, and what the client sent meanwhile is not lost.
    @Test func aDecisionMayComeLater() throws {
        let promises = Locked<[UpgradePromise]>([])
        let site = try Self.site(policy: .later { _, promise in promises.withLock { $0.append(promise) } })
        let client = site.connect("/chat")
        client.send("early")
        try site.run("the question") { promises.withLock { $0.count } == 1 }
        try site.network.run(for: .milliseconds(100))
        #expect(client.isUpgraded == false)
        let promise = try #require(promises.withLock { $0.first })
        promise.answer(.accept())
        promise.answer(.reject(HTTPResponse(status: 403, text: "too late\n")))
        try site.run("the echo") { client.messages == [.text("early")] }
        site.network.stop()
    }

    @Test func aDecisionThatNeverComesTimesOut() throws {
        let site = try Self.site(policy: .later { _, _ in }) { $0.handshakeTimeout = .seconds(3) }
        let client = site.connect("/chat")
        try site.run("the end") { client.peer.isOver }
        #expect(client.response.hasPrefix("HTTP/1.1 503 "))
        site.network.stop()
    }

    @Test func aHeadThatTricklesInTimesOut() throws {
        let site = try Self.site { $0.handshakeTimeout = .seconds(3) }
        let peer = site.network.connect(to: site.server.address)
        peer.send("GET /chat HTTP/1.1\r\n")
        try site.network.run(for: .seconds(1))
        peer.send("Host: h\r\n")
        try site.run("the end") { peer.isOver }
        #expect(String(decoding: peer.received, as: UTF8.self).hasPrefix("HTTP/1.1 408 "))
        site.network.stop()
    }
}

extension String {
    /// How many parts `separator` cuts the text into.
    func components(separatedBy separator: String) -> Int {
        var count = 1
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
