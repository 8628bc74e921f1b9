import TestSupport
import Testing
import ZCNetTesting

@testable import ZCNetWebSocket
@testable import ZCSBEServer

/// Trades handed to a slow consumer, with each policy, over a simulated network.
@Suite struct TradeHandOffTests {
    /// Hands on what comes.
    struct Queueing: TradeMessageHandler {
        let handOff: HandOff<Trade.Value>
        let log: TradeLog

        mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {}

        mutating func onTrades(_ trades: borrowing TradeBatch, from peer: inout WebSocketPeer) {
            handOff.offer(trades, from: peer)
        }

        mutating func onDisconnect(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            log.add("disconnect \(reason.code.rawValue)")
        }
    }

    struct Site {
        let network = SimulatedNetwork(seed: 3)
        let handOff: HandOff<Trade.Value>
        let server: TradeServer
        let log = TradeLog()

        init(capacity: Int, _ policy: HandOffPolicy) throws {
            let handOff = try HandOff<Trade.Value>(capacity: capacity, policy: policy)
            let log = log
            self.handOff = handOff
            server = try TradeServer(on: "127.0.0.1:9001", group: try network.makeGroup(loops: 1)) {
                Queueing(handOff: handOff, log: log)
            }
            network.start(server.group)
        }

        func connect() -> SimulatedWebSocket { SimulatedWebSocket(network, to: server.address) }

        func take(_ limit: Int = 256) -> [UInt64] {
            if handOff.counts.waiting == 0 { return [] }
            var trades: [Trade.Value] = []
            _ = handOff.take(into: &trades, limit: limit)
            return trades.map(\.tradeId)
        }
    }

    private func frame(_ ids: ClosedRange<UInt64>) -> [UInt8] { Trade.encoded(TradeSamples.run(ids)) }

    @Test func droppingKeepsTheConnection() throws {
        for (policy, left) in [(HandOffPolicy.dropNewest, Array(1...10)), (.dropOldest, Array(16...25))] {
            let site = try Site(capacity: 10, policy)
            let client = site.connect()
            client.send(binary: frame(1...6))
            client.send(binary: frame(7...25))
            #expect(try site.network.run { site.handOff.counts.offered == 25 })
            #expect(site.take() == left.map(UInt64.init))
            let counts = site.handOff.counts
            #expect(counts.dropped == 15 && counts.taken == 10 && counts.waiting == 0)
            #expect(!client.isClosed)
            site.network.stop()
        }
    }

    @Test func closingTellsTheClientToComeAgain() throws {
        let site = try Site(capacity: 10, .close)
        let client = site.connect()
        client.send(binary: frame(1...8))
        client.send(binary: frame(9...12))
        client.send(binary: frame(13...14))
        #expect(try site.network.run { client.isClosed && site.log.all.count == 1 })
        #expect(client.close?.code == .tryAgainLater)
        #expect(client.close?.reason == "expected room for 4 messages, got 2")
        #expect(site.take() == Array(1...10))
        #expect(site.handOff.counts.closes == 1 && site.handOff.counts.dropped == 2)
        site.network.stop()
    }

    /// A consumer that takes little at a time: the peer waits, and every trade comes, in order.
    @Test func pausingLosesNothing() throws {
        let site = try Site(capacity: 100, .pauseReading)
        let client = site.connect()
        var next: UInt64 = 1
        for _ in 0..<400 {
            client.send(binary: frame(next...(next + 19)))
            next += 20
        }
        var taken: [UInt64] = []
        for _ in 0..<100_000 where taken.count < 8000 {
            try site.network.run(for: .milliseconds(1))
            #expect(site.handOff.counts.waiting <= 100)
            taken += site.take(7)
        }
        #expect(taken == Array(1...8000))
        let counts = site.handOff.counts
        #expect(counts.pauses > 10 && counts.dropped == 0 && counts.closes == 0)
        #expect(counts.waitingMax < 100 && !client.isClosed)
        site.network.stop()
    }

    /// A frame that no pause could have made room for ends its connection; nothing is lost in silence.
    @Test func aFrameLargerThanTheQueueIsRefused() throws {
        let site = try Site(capacity: 10, .pauseReading)
        let client = site.connect()
        client.send(binary: frame(1...11))
        #expect(try site.network.run { client.isClosed })
        #expect(client.close?.code == .tryAgainLater)
        site.network.stop()
    }

    @Test func finishingLetsPausedConnectionsGo() throws {
        let site = try Site(capacity: 8, .pauseReading)
        let client = site.connect()
        client.send(binary: frame(1...7))
        #expect(try site.network.run { site.handOff.counts.pauses == 1 })
        site.handOff.finish()
        client.sendClose()
        #expect(try site.network.run { site.log.all == ["disconnect 1000"] })
        #expect(site.take() == Array(1...7))
        site.network.stop()
    }
}
