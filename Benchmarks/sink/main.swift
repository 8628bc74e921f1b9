import ExampleSupport
import ZCProto

extension TradeServer: @retroactive ExampleServer {}

/// What one loop has taken.
struct Sink: TradeMessageHandler {
    private var trades: UInt64 = 0
    private var quantities: UInt64 = 0
    private var identities: UInt64 = 0
    private var symbols: UInt64 = 0
    private var prices = 0.0

    mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {
        trades += 1
        identities &+= trade.tradeId
        symbols += UInt64(trade.symbol.byte)
        prices += trade.price
        quantities += UInt64(trade.quantity)
    }

    mutating func onStop(_ loop: borrowing LoopContext) {
        say(
            """
            \(trades) trades, quantity \(quantities), identities \(identities), \
            symbols \(symbols), prices \(Int(prices))
            """)
    }
}

let options = ExampleOptions(defaultPort: 9000)
serveUntilSignal {
    var configuration = TradeServer.Configuration()
    configuration.webSocket.tcp = options.configuration
    return try TradeServer(on: "127.0.0.1:\(options.port)", configuration: configuration) { Sink() }
}
