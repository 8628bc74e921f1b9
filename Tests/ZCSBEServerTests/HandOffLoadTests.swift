import TestSupport
import Testing
import ZCSBEServer

/// Several connections on several loops, one consumer that does not keep up: over real sockets nothing is
/// lost and nothing overtakes.
@Suite(.timeLimit(.minutes(10))) struct HandOffLoadTests {
    private static let clients = 4
    private static let frames = 40
    private static let tradesPerFrame = 25

    /// Only sends.
    struct Sender: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    }

    @Test func pausedConnectionsLoseNothing() async throws {
        let handOff = try HandOff<Trade.Value>(capacity: 400, policy: .pauseReading)
        let group = try EventLoopGroup(loops: 2)
        let log = TradeLog()
        var configuration = TradeServer.Configuration()
        configuration.webSocket = Patience.webSocketServer
        let server = try TradeServer(on: "127.0.0.1:0", configuration: configuration, group: group) {
            TradeHandOffTests.Queueing(handOff: handOff, log: log)
        }
        let client = try WebSocketClient(Patience.webSocketClient, group: group) { Sender() }
        try group.start()
        for number in 0..<Self.clients {
            let socket = try await client.connect(to: "ws://\(server.address)/", onLoop: number % 2)
            for frame in 0..<Self.frames {
                let trades = (0..<Self.tradesPerFrame).map { index in
                    TradeSamples.trade(
                        UInt64(frame * Self.tradesPerFrame + index), SBEChar(UInt8(65 + number)))
                }
                socket.send(binary: SharedBytes(copying: Trade.encoded(trades)))
            }
        }
        let total = Self.clients * Self.frames * Self.tradesPerFrame
        var next: [SBEChar: UInt64] = [:]
        var count = 0
        for await trade in handOff {
            #expect(trade.tradeId == next[trade.symbol, default: 0])
            next[trade.symbol] = trade.tradeId + 1
            count += 1
            if count % 100 == 0 { await Task.yield() }
            if count == total { handOff.finish() }
        }
        #expect(count == total && next.count == Self.clients)
        let counts = handOff.counts
        #expect(counts.taken == total && counts.dropped == 0 && counts.closes == 0)
        #expect(counts.waitingMax <= 400)
        group.shutdown(grace: .seconds(1))
        group.wait()
        // A loop counts a frame behind its last message, which may be here before.
        #expect(server.counts.messages == total)
        #expect(log.all.count == Self.clients)
    }
}
