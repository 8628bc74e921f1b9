import TestSupport
import Testing
import ZCNetTesting
import ZCSBEServer

/// Whoever is told `full` is told when trying again makes sense: gateways.
@Suite struct GatewayRefusalTests {
    /// Answers the first trade with many, one message each.
    private struct Tape: TradeMessageHandler {
        let sender: NumberedSender

        mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) { goOn(peer) }

        mutating func onWritable(_ peer: inout WebSocketPeer) { goOn(peer) }

        mutating func onDisconnect(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            sender.ended(isOverflow: reason.cause == .overflow, "\(reason)")
        }

        private func goOn(_ peer: borrowing WebSocketPeer) {
            while let number = sender.next(peer.id) {
                let result = try? peer.send(Trade.self) { trade in
                    trade.tradeId = UInt64(number)
                    return trade.finish()
                }
                if !sender.take(result ?? .closed, peer.id) { return }
            }
        }
    }

    @Test(arguments: SimulatedSending.allCases)
    func aGatewaysHandlerThatSendsOnlyWhenToldHasSentEverything(sending: SimulatedSending) throws {
        var refusals = 0
        for seed in 0..<3 as Range<UInt64> {
            var faults = SimulatedFaults.none
            (faults.sendBufferBytes, faults.receiveBufferBytes) = (60, 60)
            let network = SimulatedNetwork(seed: seed, faults: faults, sending: sending)
            let sender = NumberedSender()
            var configuration = TradeServer.Configuration()
            configuration.webSocket.options.pingInterval = nil
            configuration.webSocket.options.messageBytesMax = 100
            Scarcity.apply(to: &configuration.webSocket.options.connection)
            configuration.webSocket.options.connection.outboundBytesMax = 200
            configuration.webSocket.options.connection.outboundHighWatermarkBytes = 150
            configuration.webSocket.options.connection.outboundLowWatermarkBytes = 50
            let server = try TradeServer(
                on: "127.0.0.1:9001", configuration: configuration,
                group: try network.makeGroup(configuration: Scarcity.loops)
            ) { Tape(sender: sender) }
            network.start(server.group)
            let sockets = (0..<8).map { _ in SimulatedWebSocket(network, to: server.address) }
            for socket in sockets { socket.send(binary: Trade.encoded(TradeSamples.run(1...1))) }
            #expect(try network.run { sockets.allSatisfy(\.isUpgraded) })
            var pressure = MemoryPressure(server.group)
            try pressure.rage(network, sockets.map(\.peer), seed: seed)
            let done = try network.run {
                let complete = sockets.count { $0.messages.count == NumberedSender.total }
                return complete + sender.now.overflows >= 8
            }
            #expect(done, "seed \(seed): \(sender.now), \(sockets.map(\.messages.count))")
            #expect(sender.now.otherEnds.isEmpty, "\(sender.now.otherEnds)")
            refusals += sender.now.refusals
            network.stop()
        }
        #expect(refusals > 0)
    }
}
