import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Upgrades that come to nothing, behind a proxy that takes the connection for a tunnel all the same: what
/// its client says next must never be read as requests.
@Suite struct UpgradeRefusalTests {
    /// What the client says once the proxy no longer looks: the site would write down that it was asked.
    static let smuggled = RequestFramingTests.inner

    /// Requests for an upgrade, and the status that refuses them.
    static let refused: [(request: String, status: String)] = [
        // Nothing is wrong with it, but there is no such conversation.
        (LateDecisionTests.request("/"), "200"), (LateDecisionTests.request("/404"), "404"),
        // A policy says no, at once, later, or never.
        (LateDecisionTests.request("/no"), "403"), (LateDecisionTests.request("/slow"), "401"),
        (LateDecisionTests.request("/silent"), "503"),
        // A page of somebody else's.
        (upgrade("/chat", "Origin: https://evil.example\r\n"), "403"),
        // Malformed, in every part that is checked.
        (upgrade("/chat", "Sec-WebSocket-Key: again==\r\n"), "400"),
        (upgrade("/chat", "Sec-WebSocket-Protocol: a, a\r\n"), "400"),
        (upgrade("/chat", "Sec-WebSocket-Extensions: ;\r\n"), "400"),
        (request("GET /chat HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade"), "426"),
        (request("GET /chat HTTP/1.1", "Upgrade: websocket", "Connection: keep-alive"), "400"),
        (request("GET /chat HTTP/1.1", "Upgrade: websocket"), "400"),
        (request("POST /chat HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade"), "405"),
        (request("HEAD /chat HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade"), "405"),
        (request("GET /chat HTTP/1.0", "Upgrade: websocket", "Connection: keep-alive, Upgrade"), "400"),
        // Missed: no upgrade to a conversation, but somebody may take it for one.
        (request("GET /next HTTP/1.1", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings"), "200"),
        (request("GET /next HTTP/1.1", "Upgrade: h2c, WebSocket/13", "Connection: Upgrade"), "200"),
        (request("GET /next HTTP/1.1", "Upgrade: x"), "200"),
        (request("GET /next HTTP/1.1", "Upgrade:"), "200"),
        (request("GET /next HTTP/1.1", "Connection: keep-alive, UPGRADE"), "200"),
        (request("GET /404 HTTP/1.1", "Upgrade: tls/1.2", "Connection: Upgrade"), "404"),
        (request("PUT /next HTTP/1.1", "Upgrade: x", "Connection: Upgrade"), "405"),
        (request("CONNECT /next HTTP/1.1"), "405"),
    ]

    static func request(_ lines: String...) -> String {
        ([lines[0], "Host: h"] + lines.dropFirst()).joined(separator: "\r\n") + "\r\n\r\n"
    }

    static func upgrade(_ path: String, _ more: String) -> String {
        // A line's end is one character.
        LateDecisionTests.request(path).dropLast() + more + "\r\n"
    }

    static func check(_ site: SimulatedSite, _ request: String, _ status: String) throws {
        let stream = Array((request + smuggled + smuggled).utf8)
        let end = request.utf8.count
        // At once, as a proxy passes on what has come behind the request, or once the answer is there.
        for cuts in [[], [end], [end / 2, end, end + 5], Array(0..<stream.count)] {
            let peer = try RequestFramingTests.send(stream, cuts: cuts, to: site)
            try site.run("the answer") { RequestTests.statuses(peer).count == 1 && peer.isEnded }
            #expect(RequestTests.statuses(peer) == [status], "\(request)")
            let text = String(decoding: peer.received, as: UTF8.self)
            #expect(text.contains("\r\nConnection: close"), "\(request)")
            peer.send(smuggled)
            try site.network.run(for: .milliseconds(20))
            #expect(RequestTests.statuses(peer) == [status], "\(request)")
            peer.reset()
        }
        #expect(site.log.count(of: "GET /smuggled") == 0, "\(request)")
    }

    @Test(arguments: refused)
    func whateverRefusesAnUpgradeEndsTheConnection(request: String, status: String) throws {
        let site = try RequestFramingTests.site { $0.handshakeTimeout = .milliseconds(200) }
        try Self.check(site, request, status)
        site.network.stop()
    }

    /// A server that is full, by each of its limits.
    @Test func aServerThatIsFullEndsTheConnection() throws {
        for limit in [\ServerLimits.conversationsMax, \.conversationsPerClientMax] {
            let site = try RequestFramingTests.site { $0.limits[keyPath: limit] = 1 }
            let inside = site.connect("/chat")
            try site.run("the upgrade") { inside.isUpgraded }
            try Self.check(site, LateDecisionTests.request("/chat"), "503")
            site.network.stop()
        }
    }

    /// What the application answers with and the client did not offer is the server's fault, and no matter.
    @Test func anAnswerThatCannotBeGivenEndsTheConnection() throws {
        let site = try SimulatedSite(configure: { _ in }) { routes, log in
            routes.webSocket("/chat", policy: .decide { _ in .accept(subprotocol: "x") }) {
                LoggingEcho(log: log)
            }
            routes.get("/smuggled") { _ in
                log.add("GET /smuggled")
                return HTTPResponse(status: 200)
            }
        }
        try Self.check(site, LateDecisionTests.request("/chat"), "500")
        site.network.stop()
    }

    /// Who asks for no upgrade keeps the connection, at a conversation's path, too.
    @Test func plainRequestsKeepTheirConnection() throws {
        let site = try RequestFramingTests.site()
        let plain = ["/chat", "/404", "/next"].map { "GET \($0) HTTP/1.1\r\nHost: h\r\n\r\n" }
        let peer = try RequestFramingTests.send(Array(plain.joined().utf8), to: site)
        #expect(RequestTests.statuses(peer) == ["426", "404", "200"] && !peer.isEnded)
        site.network.stop()
    }
}
