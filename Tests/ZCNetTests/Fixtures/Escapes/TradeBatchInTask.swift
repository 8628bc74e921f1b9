// expect: 'trades' cannot be captured by an escaping closure
import ZCProto

struct Tape: TradeMessageHandler {
    func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {}

    func onTrades(_ trades: borrowing TradeBatch, from peer: inout WebSocketPeer) {
        Task { print(trades.count) }
    }
}
