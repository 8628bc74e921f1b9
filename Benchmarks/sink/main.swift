import ExampleSupport
import Glibc
import ZCNetWebSocket

/// What one loop has taken.
struct Tally {
    var trades: UInt64 = 0
    var quantities: UInt64 = 0
    var identities: UInt64 = 0
    var symbols: UInt64 = 0
    var prices = 0.0
}

/// Takes 29-byte trades: a header of eight bytes, identity (8), symbol (1), price (8), quantity (4).
struct Sink: WebSocketHandler {
    private var tally = Tally()

    mutating func onMessage(_ message: borrowing Message, from peer: borrowing WebSocketPeer) {
        // One comparison, after which the compiler knows that every field is there.
        guard message.count == 29,
            let identity = message.payload.load(as: UInt64.self, at: 8, .littleEndian),
            let symbol = message.payload.load(as: UInt8.self, at: 16, .littleEndian),
            let price = message.payload.load(as: UInt64.self, at: 17, .littleEndian),
            let quantity = message.payload.load(as: UInt32.self, at: 25, .littleEndian)
        else { return peer.close(.unsupportedData, reason: "expected a trade of 29 bytes") }
        tally.trades += 1
        tally.identities &+= identity
        tally.symbols += UInt64(symbol)
        tally.prices += Double(bitPattern: price)
        tally.quantities += UInt64(quantity)
    }

    mutating func onStop(_ loop: borrowing LoopContext) {
        say(
            """
            \(tally.trades) trades, quantity \(tally.quantities), identities \(tally.identities), \
            symbols \(tally.symbols), prices \(Int(tally.prices))
            """)
    }
}

let options = ExampleOptions(defaultPort: 9000)
serveUntilSignal {
    var configuration = WebSocketServer.Configuration()
    configuration.tcp = options.configuration
    return try WebSocketServer(on: "127.0.0.1:\(options.port)", configuration: configuration) { Sink() }
}
