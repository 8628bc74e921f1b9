import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// What operators see: `/metrics`, `/varz`, and snapshots.
@Suite struct ServerFiguresTests {
    static func site(loops: Int = 1, _ configure: (inout WebSocketServer.Configuration) -> Void = { _ in })
        throws -> SimulatedSite
    {
        try SimulatedSite(loops: loops, configure: configure) { routes, log in
            routes.webSocket("/chat", policy: .decide { $0.query == "no" ? .reject(status: 403) : .accept() })
            {
                LoggingEcho(log: log)
            }
            routes.metrics()
            routes.varz()
        }
    }

    static func line(_ text: String, _ start: String) -> Int? {
        text.split(separator: "\n").first { $0.hasPrefix(start + " ") }
            .flatMap { Int($0.dropFirst(start.count + 1)) }
    }

    @Test func prometheusIsToldEverything() throws {
        let site = try Self.site()
        let client = site.connect("/chat")
        let refused = site.connect("/chat?no")
        client.send("one")
        client.send("two")
        client.send(frame: 0x01, [0x61])
        client.send(frame: 0x80, [0x62])
        try site.run("echoes") { client.messages.count == 3 && !refused.response.isEmpty }
        let text = try RoutesTests.ask(site, "GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        {
            $0.contains("code=\"other\"")
        }
        #expect(text.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
        #expect(Self.line(text, "zcnet_websocket_conversations") == 1)
        #expect(Self.line(text, "zcnet_websocket_upgrades_total") == 1)
        #expect(Self.line(text, "zcnet_websocket_requests_total") == 3)
        #expect(Self.line(text, "zcnet_websocket_responses_total{status=\"403\"}") == 1)
        #expect(Self.line(text, "zcnet_received_messages_total{loop=\"0\"}") == 3)
        #expect(Self.line(text, "zcnet_sent_messages_total{loop=\"0\"}") == 3)
        site.network.stop()
    }

    @Test func everyFamilyIsDescribedOnce() throws {
        let site = try Self.site()
        let text = site.server.webSocketSnapshot().prometheusText()
        let lines = text.split(separator: "\n").map(String.init)
        let types = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        #expect(Set(types).count == types.count)
        for line in lines where !line.hasPrefix("#") {
            let name = line.prefix { $0 != "{" && $0 != " " }
            #expect(types.contains(Substring(name)), "\(line) has no family")
        }
        site.network.stop()
    }

    @Test func jsonIsOneObject() throws {
        let site = try Self.site(loops: 2)
        let clients = (0..<4).map { _ in site.connect("/chat") }
        try site.run("upgrades") { clients.allSatisfy(\.isUpgraded) }
        let text = try RoutesTests.ask(site, "GET /varz HTTP/1.1\r\nHost: h\r\n\r\n") { $0.hasSuffix("}\n") }
        #expect(text.contains("Content-Type: application/json\r\n"))
        #expect(text.contains("\"webSocket\":{\"conversations\":4,\"upgrades\":4,\"requests\":5,"))
        #expect(text.count(where: { $0 == "{" }) == text.count(where: { $0 == "}" }))
        site.network.stop()
    }

    @Test func endsAreCountedByTheirCodes() throws {
        let site = try Self.site { $0.options.pingInterval = .seconds(5) }
        let (polite, rude, gone, deaf) = (
            site.connect("/chat"), site.connect("/chat"), site.connect("/chat"), site.connect("/chat")
        )
        deaf.answers = false
        try site.run("upgrades") { [polite, rude, gone, deaf].allSatisfy(\.isUpgraded) }
        #expect(site.server.webSocketSnapshot()[.conversations] == 4)
        polite.sendClose(.goingAway)
        rude.send(frame: 0x83, [])
        gone.peer.reset()
        try site.run("all ends") { site.log.count(of: "close") == 4 }
        let figures = site.server.webSocketSnapshot()
        #expect(figures[.conversations] == 0)
        #expect(figures.closes(code: .goingAway) == 1)
        #expect(figures.closes(code: .protocolError) == 1)
        #expect(figures.closes(code: .abnormalClosure) == 2)
        #expect(figures[.pingsMissed] == 1)
        #expect(figures[.upgrades] == 4)
        site.network.stop()
    }
}
