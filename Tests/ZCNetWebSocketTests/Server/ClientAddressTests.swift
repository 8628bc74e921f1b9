import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Whose connection it is, behind balancers and proxies.
@Suite struct ClientAddressTests {
    static let page = "GET /who HTTP/1.1\r\nHost: h\r\n\r\n"

    /// A site that tells everybody who they are: a page, a decision and a handler.
    static func site(_ configure: (inout WebSocketServer.Configuration) throws -> Void) throws
        -> SimulatedSite
    {
        var wanted = WebSocketServer.Configuration()
        try configure(&wanted)
        let chosen = wanted
        return try SimulatedSite(configure: { $0 = chosen }) { routes, log in
            routes.get("/who") { head in
                HTTPResponse(
                    status: 200,
                    text: "\(head.remoteAddress) by \(head.peerAddress.ipAddress?.description ?? "-")")
            }
            let policy = UpgradePolicy.decide { request in
                log.add("asked \(request.remoteAddress)")
                return .accept()
            }
            routes.webSocket("/chat", policy: policy) { Witness(log: log) }
        }
    }

    struct Witness: WebSocketHandler {
        let log: SimulatedSite.Log
        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            let by = upgrade.peerAddress.ipAddress?.description ?? "-"
            log.add("open \(upgrade.remoteAddress) by \(by)")
        }
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    }

    static let preambles: [(bytes: [UInt8], says: String)] = [
        (Array("PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\n".utf8), "203.0.113.9:4711"),
        (Array("PROXY TCP6 2001:db8::7 ::1 4711 443\r\n".utf8), "[2001:db8::7]:4711"),
        (
            [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10, 0x21, 0x11, 0, 12, 203, 0, 113, 9, 10]
                + [0, 0, 1, 0x12, 0x67, 1, 0xBB], "203.0.113.9:4711"
        ),
    ]

    /// The header, and the request behind it, cut at every byte.
    @Test(arguments: 0..<3)
    func aHeaderIsReadHoweverItIsCut(index: Int) throws {
        let (preamble, says) = Self.preambles[index]
        let site = try Self.site { $0.proxyProtocol = .required }
        let bytes = preamble + Array(Self.page.utf8)
        for cut in 0...bytes.count {
            let peer = site.network.connect(to: site.server.address)
            peer.send(bytes[..<cut])
            try site.network.run(for: .milliseconds(20))
            peer.send(bytes[cut...])
            try site.run("an answer cut at \(cut)") { peer.received.count > 60 }
            let answer = String(decoding: peer.received, as: UTF8.self)
            #expect(answer.hasSuffix("\(says) by 127.0.0.1"), "got \(answer)")
            peer.close()
        }
        site.network.stop()
    }

    @Test func everybodyIsToldTheRealAddress() throws {
        let site = try Self.site { $0.proxyProtocol = .required }
        let peer = site.network.connect(to: site.server.address)
        peer.send(Self.preambles[0].bytes)
        peer.send(
            "GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: c2ltdWxhdGVkIG5vbmNlIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        try site.run("the handler") { site.log.all.count == 2 }
        #expect(
            site.log.all == ["asked 203.0.113.9:4711", "open 203.0.113.9:4711 by 127.0.0.1"])
        site.network.stop()
    }

    @Test func theBalancersOwnConnectionsAreItsOwn() throws {
        let site = try Self.site { $0.proxyProtocol = .required }
        let answer = try RoutesTests.ask(site, "PROXY UNKNOWN\r\n" + Self.page) { $0.contains(" by ") }
        #expect(answer.contains("127.0.0.1:"))
        site.network.stop()
    }

    @Test(arguments: [page, "PROXY TCP5 1.2.3.4 1.2.3.4 1 1\r\n", "\r\n\r\n\0\r\nQUIX"])
    func whatOwesAHeaderAndHasNoneIsEndedWithoutAWord(bytes: String) throws {
        let site = try Self.site { $0.proxyProtocol = .required }
        let peer = site.network.connect(to: site.server.address)
        peer.send(bytes)
        try site.run("the end") { peer.isOver && site.server.connectionCount == 0 }
        #expect(peer.received.isEmpty)
        #expect(site.server.webSocketSnapshot()[.proxyErrors] == 1)
        #expect(site.server.snapshot()[.closedProtocolError] == 1)
        site.network.stop()
    }

    @Test func aHeaderThatDoesNotComeTimesOut() throws {
        let site = try Self.site {
            $0.proxyProtocol = .required
            $0.handshakeTimeout = .seconds(2)
        }
        let peer = site.network.connect(to: site.server.address)
        peer.send("PROXY TCP4 ")
        try site.run("the end") { peer.isOver && site.server.connectionCount == 0 }
        #expect(peer.received.isEmpty)
        #expect(site.network.elapsed < .seconds(3))
        #expect(site.server.snapshot()[.closedTimeout] == 1)
        site.network.stop()
    }

    @Test func onlyTrustedNetworksOweAHeader() throws {
        let site = try Self.site {
            $0.proxyProtocol = .requiredFrom([try IPNetwork(parsing: "10.0.0.0/8")])
        }
        let balancer = site.network.connect(to: site.server.address, from: IPAddress(10, 1, 2, 3))
        balancer.send(Self.preambles[0].bytes + Array(Self.page.utf8))
        let liar = site.network.connect(to: site.server.address)
        liar.send(Self.preambles[0].bytes + Array(Self.page.utf8))
        let plain = site.network.connect(to: site.server.address)
        plain.send(Self.page)
        try site.run("answers") { [balancer, liar, plain].allSatisfy { !$0.received.isEmpty } }
        #expect(String(decoding: balancer.received, as: UTF8.self).hasSuffix("203.0.113.9:4711 by 10.1.2.3"))
        #expect(String(decoding: liar.received, as: UTF8.self).hasPrefix("HTTP/1.1 400 "))
        #expect(String(decoding: plain.received, as: UTF8.self).contains("127.0.0.1:"))
        site.network.stop()
    }

    // MARK: Header fields

    @Test(arguments: [
        (
            ForwardedFor.Field.xForwardedFor, "X-Forwarded-For: 198.51.100.1, 203.0.113.9, 10.9.9.9",
            "203.0.113.9:0"
        ),
        (.xForwardedFor, "Forwarded: for=203.0.113.9", "10.1.2.3"),
        (
            .forwarded, "Forwarded: for=198.51.100.1, for=203.0.113.9;proto=http, for=10.0.0.4",
            "203.0.113.9:0"
        ),
        (.forwarded, "Forwarded: proto=http; For=\"[2001:db8::7]:4711\"", "[2001:db8::7]:0"),
        (.forwarded, "Forwarded: for=203.0.113.9, for=_hidden", "10.1.2.3"),
        (.forwarded, "Forwarded: for=203.0.113.9;for=203.0.113.8", "10.1.2.3"),
        (.forwarded, "Forwarded: for", "10.1.2.3"),
        (.forwarded, "Forwarded: by=203.0.113.9", "10.1.2.3"),
        (.forwarded, "X-Forwarded-For: 203.0.113.9", "10.1.2.3"),
    ])
    func trustedProxiesAreBelieved(field: ForwardedFor.Field, line: String, says: String) throws {
        let site = try Self.site {
            $0.forwarded = ForwardedFor(trusting: [try IPNetwork(parsing: "10.0.0.0/8")], field: field)
        }
        let peer = site.network.connect(to: site.server.address, from: IPAddress(10, 1, 2, 3))
        peer.send("GET /who HTTP/1.1\r\nHost: h\r\n\(line)\r\n\r\n")
        let stranger = site.network.connect(to: site.server.address)
        stranger.send("GET /who HTTP/1.1\r\nHost: h\r\n\(line)\r\n\r\n")
        try site.run("answers") { !peer.received.isEmpty && !stranger.received.isEmpty }
        let answer = String(decoding: peer.received, as: UTF8.self)
        #expect(answer.contains("\r\n\r\n\(says)"), "got \(answer)")
        #expect(answer.hasSuffix(" by 10.1.2.3"))
        #expect(String(decoding: stranger.received, as: UTF8.self).contains("\r\n\r\n127.0.0.1:"))
        site.network.stop()
    }

    /// A proxy behind a balancer: the preamble names the proxy, which names the client.
    @Test func bothTogether() throws {
        let site = try Self.site {
            $0.proxyProtocol = .required
            $0.forwarded = ForwardedFor(trusting: [try IPNetwork(parsing: "10.0.0.0/8")])
        }
        let request =
            "PROXY TCP4 10.4.4.4 10.0.0.1 4711 443\r\nGET /who HTTP/1.1\r\nHost: h\r\n"
            + "X-Forwarded-For: 203.0.113.9\r\n\r\n"
        let answer = try RoutesTests.ask(site, request) { $0.contains(" by ") }
        #expect(answer.hasSuffix("203.0.113.9:0 by 127.0.0.1"))
        site.network.stop()
    }
}
