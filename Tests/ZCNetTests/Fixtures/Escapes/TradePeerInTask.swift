// expect: escaping closure captures 'inout' parameter 'peer'
import ZCProto

struct Tape: TradeMessageHandler {
    func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {
        Task { peer.close() }
    }
}
