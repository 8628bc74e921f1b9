import ZCNet
import ZCProto

extension SBEServer: CountedServer {}

/// Adds up trades, and answers those that ask.
struct TradeTally: TradeMessageHandler {
    private var quantity: UInt64 = 0
    private var price = 0.0

    mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {
        quantity &+= UInt64(trade.quantity) &+ trade.tradeId
        price += trade.price
        if trade.symbol == "?" { answer(trade.tradeId, peer) }
    }

    private func answer(_ id: UInt64, _ peer: borrowing WebSocketPeer) {
        _ = try? peer.send(Trade.self) { answer in
            answer.tradeId = id
            return answer.finish()
        }
    }
}

/// The same, of any schema's server: each message finds its route by its template's id.
struct RoutedTally: SBEMessageHandler {
    typealias Schema = TradeSchema
    private var tally = TradeTally()

    static func declare(_ routes: inout SBERoutes<Self>) {
        routes.on(Trade.self) { handler, trade, peer in handler.tally.onTrade(trade, from: peer) }
    }
}

extension Scenario {
    /// Trades of 29 bytes, one to a frame and many, of which the last asks for an answer of 29 bytes.
    static func trades(messages: Int) -> [Scenario] {
        let shapes: [(name: String, frames: Int, perFrame: Int)] = [
            ("29 B x 1", 1, 1), ("29 B x 16", 16, 1), ("16 x 29 B", 1, 16),
        ]
        let servers: [(name: String, make: MakeServer)] = [
            (
                "trades",
                { try TradeServer(on: "127.0.0.1:0", configuration: configuration($0)) { TradeTally() } }
            ),
            ("sbe", { try SBEServer(on: "127.0.0.1:0", configuration: configuration($0)) { RoutedTally() } }),
        ]
        return servers.flatMap { server in
            shapes.map { shape in
                Scenario(
                    name: "\(server.name), \(shape.name)",
                    script: script(frames: shape.frames, perFrame: shape.perFrame),
                    pipelined: shape.frames * shape.perFrame, messages: messages, makeServer: server.make)
            }
        }
    }

    private static func configuration(_ tcp: TCPServer.Configuration) -> SBEServer.Configuration {
        var configuration = SBEServer.Configuration()
        configuration.webSocket.tcp = tcp
        return configuration
    }

    private static func script(frames: Int, perFrame: Int) -> Script {
        var outgoing: [UInt8] = []
        for frame in 1...frames {
            let trades = (1...perFrame).map { number in
                var trade = Trade.Value()
                trade.tradeId = 7
                trade.symbol = frame == frames && number == perFrame ? "?" : "A"
                (trade.price, trade.quantity) = (100.5, 3)
                return trade
            }
            outgoing += WebSocketScript.frame(0x82, Trade.encoded(trades), isMasked: true)
        }
        var answer = Trade.Value()
        answer.tradeId = 7
        var script = WebSocketScript.echo(isText: false, payloadBytes: 1, pipelined: 1)
        script.outgoing = outgoing
        script.incoming = WebSocketScript.frame(0x82, Trade.encoded([answer]), isMasked: false)
        return script
    }
}
