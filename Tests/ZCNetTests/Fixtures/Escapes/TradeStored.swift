// expect: cannot return a ~Escapable result
import ZCProto

final class Tape: TradeMessageHandler {
    var last: TradeView?

    func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {}
}
