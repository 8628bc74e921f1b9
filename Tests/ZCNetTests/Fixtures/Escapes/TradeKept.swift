// compiles
import ZCProto

final class Tape: TradeMessageHandler {
    var kept: [Trade.Value] = []
    var total = 0.0

    func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {
        kept.append(Trade.Value(trade))
        let (price, remote) = (trade.price, peer.remote)
        Task { remote.send("\(price)") }
    }

    func onTrades(_ trades: borrowing TradeBatch, from peer: inout WebSocketPeer) {
        trades.forEach { total += $0.price }
        for index in trades.indices { onTrade(trades[index], from: peer) }
    }
}
