import ExampleSupport
import ZCProto

/// Takes the feed's trades and hands them on: what is done with them takes longer than a loop should wait.
struct Gateway: TradeMessageHandler {
    let handOff: HandOff<Trade.Value>

    mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {
        handOff.offer(Trade.Value(trade), from: peer)
    }

    mutating func onTrades(_ trades: borrowing TradeBatch, from peer: inout WebSocketPeer) {
        handOff.offer(trades, from: peer)
    }

    mutating func onError(_ error: GatewayError, from peer: inout WebSocketPeer) {
        say("\(peer.id): \(error)", to: 2)
    }
}
