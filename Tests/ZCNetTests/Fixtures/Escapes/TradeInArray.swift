// expect: does not conform to protocol 'Escapable'
import ZCProto

final class Tape: TradeMessageHandler {
    var kept: [TradeView] = []

    func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {}
}
