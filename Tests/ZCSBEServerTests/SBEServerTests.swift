import SBEVectors
import TestSupport
import Testing
import ZCNetTesting
import ZCSBEServer

/// A server of a generated schema with several messages.
@Suite struct SBEServerTests {
    typealias Messages = GroupWithDataVectors

    /// Writes down what comes; serves two of the schema's messages.
    struct Handler: SBEMessageHandler {
        typealias Schema = Messages.Schema
        let log: TradeLog

        static func declare(_ routes: inout SBERoutes<Self>) {
            // Not in the order of their ids, which must not matter.
            routes.on(Messages.TestMessage3.self) { $0.onThird($1, from: &$2) }
            routes.on(Messages.TestMessage1.self) { handler, message, peer in
                handler.log.add("first \(message.tag1) with \(message.entries.count)")
            }
        }

        mutating func onThird(
            _ message: borrowing SBEView<Messages.TestMessage3>, from peer: inout WebSocketPeer
        ) {
            log.add("third \(message.tag1)")
            if message.tag1 == 0 { peer.close() }
        }

        mutating func onConnect(_ peer: inout WebSocketPeer) { log.add("connect") }
        mutating func onDisconnect(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            log.add("disconnect \(reason.code.rawValue)")
        }
        mutating func onError(_ error: GatewayError, from peer: inout WebSocketPeer) {
            log.add("error \(error)")
        }
    }

    static func first(_ tag: UInt32, entries: Int) throws -> [UInt8] {
        var value = Messages.TestMessage1.Value()
        value.tag1 = tag
        value.entries = (0..<entries).map { _ in Messages.TestMessage1.Entries.Value() }
        return try value.encoded()
    }

    static func third(_ tag: UInt32) throws -> [UInt8] {
        var value = Messages.TestMessage3.Value()
        value.tag1 = tag
        return try value.encoded()
    }

    func serve(
        _ policy: GatewayOptions.FaultPolicy, _ log: TradeLog,
        _ body: (SimulatedNetwork, SBEServer, SimulatedWebSocket) throws -> Void
    ) throws {
        let network = SimulatedNetwork(seed: 1)
        var configuration = SBEServer.Configuration()
        configuration.gateway.faultPolicy = policy
        let server = try SBEServer(
            on: "127.0.0.1:9001", configuration: configuration, group: try network.makeGroup(loops: 1)
        ) { Handler(log: log) }
        network.start(server.group)
        try body(network, server, SimulatedWebSocket(network, to: server.address))
        network.stop()
    }

    @Test func eachMessageComesToItsOwn() throws {
        let log = TradeLog()
        try serve(.close, log) { network, server, client in
            client.send(binary: try Self.first(5, entries: 3))
            // Several of any kind in one frame.
            client.send(
                binary: try Self.third(6) + Self.first(7, entries: 0) + Self.first(8, entries: 2)
                    + Self.third(9))
            client.sendClose()
            _ = try network.run { log.all.count == 7 }
            #expect(
                log.all == [
                    "connect", "first 5 with 3", "third 6", "first 7 with 0", "first 8 with 2", "third 9",
                    "disconnect 1000",
                ])
            #expect(server.counts.frames == 2 && server.counts.messages == 5 && server.counts.faults == 0)
        }
    }

    @Test func whatIsBeforeAFaultIsDelivered() throws {
        let log = TradeLog()
        let good = try Self.first(1, entries: 1)
        var unknown = try Self.third(2)
        unknown[2] = 4
        var foreign = try Self.third(2)
        foreign[4] = 99
        let cut = Array(good.dropLast())
        try serve(.skip, log) { network, server, client in
            for bad in [unknown, foreign, cut, [0, 0, 0]] { client.send(binary: good + bad) }
            client.send(binary: good)
            _ = try network.run { log.all.count == 10 }
            let place = "at byte \(good.count)"
            #expect(log.all.count { $0 == "first 1 with 1" } == 5)
            let errors = log.all.filter { $0.hasPrefix("error") }
            #expect(errors[0] == "error \(place): expected one of the templates [1, 3], got 4")
            #expect(errors[1].contains("\(place): header: expected schema ") && errors[1].hasSuffix("got 99"))
            #expect(errors[2].hasPrefix("error \(place): ") && errors[2].contains("bytes, got"))
            #expect(errors[3] == "error \(place): header: expected 8 bytes, got 3")
            #expect(server.counts.frames == 1 && server.counts.messages == 5 && server.counts.faults == 4)
            #expect(!client.isClosed)
        }
    }

    @Test func faultsCloseByDefault() throws {
        for (place, value, code) in [
            (2, UInt8(4), WebSocketCloseCode.unsupportedData), (0, 0, .invalidPayload),
        ] {
            let log = TradeLog()
            var bytes = try Self.first(1, entries: 1)
            bytes[place] = value
            try serve(.close, log) { network, server, client in
                client.send(binary: bytes)
                _ = try network.run { client.isClosed }
                #expect(client.close?.code == code)
            }
        }
    }

    @Test func nothingOfAFrameFollowsAClose() throws {
        let log = TradeLog()
        try serve(.close, log) { network, server, client in
            // Behind the message that closes: another, and a fault.
            client.send(binary: try Self.third(6) + Self.third(0) + Self.third(7) + [1])
            client.send(binary: try Self.third(8))
            _ = try network.run { log.all.count == 4 }
            #expect(log.all == ["connect", "third 6", "third 0", "disconnect 1000"])
            #expect(server.counts.messages == 2 && server.counts.faults == 0)
        }
    }

    /// Sends a value of each key for every trade that comes.
    struct Feed: SBEMessageHandler {
        typealias Schema = Trade.Schema

        static func declare(_ routes: inout SBERoutes<Self>) {
            routes.on(Trade.self) { $0.onTrade($1, from: &$2) }
        }

        mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {
            let round = trade.tradeId
            // What nobody has room for, so that the reader is a slow one from here on.
            if round == 0 { peer.send(String(repeating: "-", count: 9000)) }
            for key: UInt64 in 1...3 {
                _ = try? peer.send(Trade.self, conflatingKey: key) { trade in
                    trade.tradeId = round * 10 + key
                    return trade.finish()
                }
            }
        }
    }

    @Test func aSlowReaderGetsTheLatestMessageOfEachKey() throws {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (5000, 3000)
        let network = SimulatedNetwork(seed: 1, faults: faults)
        var configuration = SBEServer.Configuration()
        configuration.webSocket.options.connection.overflowPolicy = .conflate
        let server = try SBEServer(
            on: "127.0.0.1:9001", configuration: configuration, group: try network.makeGroup(loops: 1)
        ) { Feed() }
        network.start(server.group)
        let client = SimulatedWebSocket(network, to: server.address)
        #expect(try network.run { client.isUpgraded })
        client.peer.pauseReading()
        for round: UInt64 in 0..<50 {
            client.send(binary: Trade.encoded([TradeSamples.trade(round)]))
            try network.run(for: .milliseconds(1))
        }
        client.peer.resumeReading()
        try network.run(for: .milliseconds(100))
        var numbers: [UInt64] = []
        for case .binary(let bytes) in client.messages {
            numbers += try TradeSamples.process(bytes).get().map(\.tradeId)
        }
        // Those of the first callback leave with it; of the others only the last.
        #expect(numbers == [1, 2, 3, 491, 492, 493])
        network.stop()
    }

    @Test func textIsRefused() throws {
        let log = TradeLog()
        try serve(.skip, log) { network, server, client in
            client.send("hello")
            _ = try network.run { client.isClosed }
            #expect(client.close?.code == .unsupportedData)
        }
    }
}
