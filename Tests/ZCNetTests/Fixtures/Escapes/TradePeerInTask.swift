// expect: 'peer' cannot be captured by an escaping closure
import ZCProto

struct Tape: TradeMessageHandler {
    func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {
        Task { peer.close() }
    }
}
