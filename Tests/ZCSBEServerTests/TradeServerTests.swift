import TestSupport
import Testing
import ZCNetTesting
import ZCSBEServer

/// A trade server in a simulated network.
@Suite struct TradeServerTests {
    /// A server, and who talks to it.
    struct Site {
        let network: SimulatedNetwork
        let server: TradeServer
        let log = TradeLog()

        init(
            seed: UInt64 = 1, faults: SimulatedFaults = .none, _ policy: GatewayOptions.FaultPolicy = .close
        ) throws {
            network = SimulatedNetwork(seed: seed, faults: faults)
            var configuration = TradeServer.Configuration()
            configuration.gateway.faultPolicy = policy
            let log = log
            server = try TradeServer(
                on: "127.0.0.1:9001", configuration: configuration, group: try network.makeGroup(loops: 1)
            ) { LoggingTape(log: log) }
            network.start(server.group)
        }

        func connect() -> SimulatedWebSocket { SimulatedWebSocket(network, to: server.address) }

        func run(_ what: String, until condition: () -> Bool) throws {
            #expect(try network.run(until: condition), "expected \(what); \(log.all) \(log.trades.count)")
        }
    }

    @Test func tradesComeInOrderOneOrManyToAFrame() throws {
        let site = try Site()
        let client = site.connect()
        client.send(binary: Trade.encoded(TradeSamples.run(1...1)))
        client.send(binary: Trade.encoded(TradeSamples.run(2...40)))
        client.send(binary: Trade.encoded(TradeSamples.run(41...41)))
        client.sendClose()
        try site.run("all trades and the end") { site.log.all.count == 2 }
        #expect(site.log.trades == Array(1...41))
        #expect(site.log.all == ["connect", "disconnect 1000 after 41"])
        #expect(site.server.counts.frames == 3 && site.server.counts.messages == 41)
        #expect(site.server.counts.faults == 0)
        site.network.stop()
    }

    @Test func aFaultClosesWithACodeThatSaysWhichKind() throws {
        var other = Trade.encoded(TradeSamples.run(1...1))
        other[2] = 9
        let cases: [(frame: [UInt8], code: WebSocketCloseCode, text: String)] = [
            (other, .unsupportedData, "at byte 0: Trade: expected template 1, got 9"),
            (
                Array(Trade.encoded(TradeSamples.run(1...1))[..<20]), .invalidPayload,
                "at byte 0: Trade: expected 29 bytes, got 20"
            ),
            ([], .invalidPayload, "at byte 0: Trade: expected 29 bytes, got 0"),
            (
                Trade.encoded(TradeSamples.run(1...2)) + [1], .invalidPayload,
                "at byte 58: Trade: expected 29 bytes, got 1"
            ),
        ]
        for (frame, code, text) in cases {
            let site = try Site()
            let client = site.connect()
            client.send(binary: frame)
            client.send(binary: Trade.encoded(TradeSamples.run(1...1)))
            try site.run("the end") { client.isClosed && site.log.all.count == 3 }
            #expect(client.close?.code == code && client.close?.reason == text)
            #expect(
                site.log.all == ["connect", "error \(text)", "disconnect \(code.rawValue) after 0"])
            #expect(site.log.trades == [] && site.server.counts.faults == 1)
            site.network.stop()
        }
    }

    @Test func aFaultMayBeSkipped() throws {
        let site = try Site(.skip)
        let client = site.connect()
        client.send(binary: Trade.encoded(TradeSamples.run(1...2)))
        client.send(binary: Trade.encoded(TradeSamples.run(3...4)) + [0])
        client.send(binary: Trade.encoded(TradeSamples.run(5...6)))
        try site.run("the last trade") { site.log.trades.last == 6 }
        #expect(site.log.trades == [1, 2, 5, 6] && !client.isClosed)
        #expect(site.log.all == ["connect", "error at byte 58: Trade: expected 29 bytes, got 1"])
        #expect(site.server.counts == counts(frames: 2, messages: 4, faults: 1))
        site.network.stop()
    }

    private func counts(frames: Int, messages: Int, faults: Int) -> GatewayCounts {
        var counts = GatewayCounts()
        (counts.frames, counts.messages, counts.faults) = (frames, messages, faults)
        return counts
    }

    @Test(arguments: [GatewayOptions.FaultPolicy.skip, .close])
    func textIsRefusedWhateverThePolicy(_ policy: GatewayOptions.FaultPolicy) throws {
        let site = try Site(policy)
        let client = site.connect()
        client.send("29 bytes of text, not a trade")
        try site.run("the end") { client.isClosed && site.log.all.count == 3 }
        let text = "expected a binary frame, got text of 29 bytes"
        #expect(client.close?.code == .unsupportedData && client.close?.reason == text)
        #expect(site.log.all == ["connect", "error \(text)", "disconnect 1003 after 0"])
        site.network.stop()
    }

    @Test func aBrokenRuleOfTheProtocolIsAnErrorToo() throws {
        let site = try Site(.skip)
        let client = site.connect()
        client.send(frame: 0xC2, Trade.encoded(TradeSamples.run(1...1)))
        try site.run("the end") { client.isClosed && site.log.all.count == 3 }
        #expect(client.close?.code == .protocolError)
        #expect(site.log.all[1].hasPrefix("error RFC 6455"))
        site.network.stop()
    }

    @Test func oneConnectionsFaultIsNoOthers() throws {
        let site = try Site()
        let (good, bad) = (site.connect(), site.connect())
        try site.run("both") { site.log.all.count == 2 }
        bad.send(binary: [1, 2, 3])
        try site.run("the end of one") { bad.isClosed }
        good.send(binary: Trade.encoded(TradeSamples.run(7...9)))
        try site.run("the other's trades") { site.log.trades == [7, 8, 9] }
        #expect(!good.isClosed)
        site.network.stop()
    }

    @Test(arguments: [false, true]) func nothingOfAFrameFollowsAClose(_ isMixed: Bool) throws {
        let site = try Site()
        let client = site.connect()
        let trades = [TradeSamples.trade(1), TradeSamples.trade(2, "!"), TradeSamples.trade(3)]
        let last = isMixed ? TradeSamples.newer(TradeSamples.trade(4)) : []
        client.send(binary: Trade.encoded(trades) + last)
        try site.run("the end") { site.log.all.count == 2 }
        #expect(site.log.trades == [1, 2])
        #expect(site.log.all == ["connect", "disconnect 1000 after 2"])
        site.network.stop()
    }

    @Test func handlersAnswerAndClose() throws {
        let site = try Site()
        let client = site.connect()
        client.send(binary: Trade.encoded([TradeSamples.trade(77, "?", 1, 5)]))
        try site.run("an answer") { client.messages.count == 1 }
        #expect(client.messages == [.binary(Trade.encoded([TradeSamples.trade(77, SBEChar(0), 0, 6)]))])
        client.send(binary: Trade.encoded([TradeSamples.trade(78, "!")]))
        client.send(binary: Trade.encoded([TradeSamples.trade(79)]))
        try site.run("the end") { site.log.all.count == 2 }
        #expect(client.close?.reason == "enough" && site.log.trades == [77, 78])
        site.network.stop()
    }

    /// Frames cut into segments at any place, with short reads: every trade once, in order.
    @Test(arguments: [UInt64(1), 2, 3, 4]) func theNetworkMayCutAnywhere(_ seed: UInt64) throws {
        var faults = SimulatedFaults.none
        faults.partialReads = 0.5
        faults.delays = 0.2
        faults.segmentBytesMax = 17
        let site = try Site(seed: seed, faults: faults)
        let clients = (0..<3).map { _ in site.connect() }
        var next: UInt64 = 1
        for round in 0..<30 {
            let last = next + UInt64(round % 7)
            for client in clients { client.send(binary: Trade.encoded(TradeSamples.run(next...last))) }
            next = last + 1
        }
        let total = Int(next - 1) * clients.count
        try site.run("\(total) trades") { site.log.trades.count >= total }
        // Each connection's own order holds; of all together every number comes three times.
        var seen: [UInt64: Int] = [:]
        for id in site.log.trades { seen[id, default: 0] += 1 }
        #expect(seen.count == Int(next - 1) && seen.values.allSatisfy { $0 == clients.count })
        #expect(site.server.counts.messages == total && site.server.counts.faults == 0)
        site.network.stop()
    }
}
