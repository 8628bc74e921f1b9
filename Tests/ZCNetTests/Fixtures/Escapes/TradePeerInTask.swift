// expect: 'peer' cannot be captured by an escaping closure
import ZCProto

struct Tape: TradeMessageHandler {
    func onTrade(_ trade: borrowing TradeView, from peer: borrowing WebSocketPeer) {
        Task { peer.close() }
    }
}
