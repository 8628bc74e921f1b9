import TestSupport
import Testing
import ZCSBEServer

/// Trades over real sockets, beside other routes.
@Suite(.timeLimit(.minutes(10))) struct TradeRouteTests {
    /// Counts, as an object would.
    final class Tape: TradeMessageHandler {
        let log: TradeLog
        private var volume: UInt64 = 0

        init(log: TradeLog) { self.log = log }

        func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {
            volume += UInt64(trade.quantity)
            log.add(trade: trade.tradeId)
            if trade.symbol == "!" { peer.send("volume \(volume)") }
        }

        func onError(_ error: GatewayError, from peer: inout WebSocketPeer) { log.add("\(error)") }
    }

    /// Hands texts and ends on.
    struct Reader: WebSocketHandler {
        let heard: AsyncStream<String>.Continuation

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            heard.yield(message.text)
        }
        mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            heard.yield("closed \(reason.code.rawValue)")
        }
    }

    @Test func aRouteBesideOthers() async throws {
        let log = TradeLog()
        let group = try EventLoopGroup(loops: 2)
        let server = try WebSocketServer(
            on: "127.0.0.1:0", configuration: Patience.webSocketServer, group: group,
            routes: WebSocketRoutes { routes in
                routes.trades("/trades") { Tape(log: log) }
                routes.page("/", "<title>trades</title>")
            })
        let (heard, heardBy) = AsyncStream.makeStream(of: String.self)
        let client = try WebSocketClient(Patience.webSocketClient, group: group) { Reader(heard: heardBy) }
        try group.start()
        var lines = heard.makeAsyncIterator()
        let socket = try await client.connect(to: "ws://\(server.address)/trades")
        var sent: UInt64 = 0
        for count in [1, 100, 3000] {
            let trades = TradeSamples.run((sent + 1)...(sent + UInt64(count)))
            socket.send(binary: SharedBytes(copying: Trade.encoded(trades)))
            sent += UInt64(count)
        }
        socket.send(binary: SharedBytes(copying: Trade.encoded([TradeSamples.trade(sent + 1, "!")])))
        #expect(await lines.next() == "volume \((sent + 1) * 10)")
        #expect(log.trades == Array(1...(sent + 1)))
        socket.send(binary: SharedBytes(copying: [1, 2, 3]))
        #expect(await lines.next() == "closed 1007")
        #expect(log.all == ["at byte 0: Trade: expected 29 bytes, got 3"])
        let other = try await client.connect(to: "ws://\(server.address)/trades")
        other.send("text")
        #expect(await lines.next() == "closed 1003")
        await #expect(throws: WebSocketConnectError.self) {
            _ = try await client.connect(to: "ws://\(server.address)/elsewhere")
        }
        group.shutdown(grace: .seconds(1))
        group.wait()
    }
}
