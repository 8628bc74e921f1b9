// expect: 'trades' cannot be captured by an escaping closure
import ZCProto

struct Tape: TradeMessageHandler {
    func onTrade(_ trade: borrowing TradeView, from peer: borrowing WebSocketPeer) {}

    func onTrades(_ trades: borrowing TradeBatch, from peer: borrowing WebSocketPeer) {
        Task { print(trades.count) }
    }
}
