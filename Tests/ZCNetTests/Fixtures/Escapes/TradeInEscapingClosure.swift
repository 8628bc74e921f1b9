// expect: lifetime-dependent variable 'kept' escapes its scope
import ZCProto

final class Tape: TradeMessageHandler {
    var later: (() -> Void)?

    func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {
        let kept = copy trade
        later = { print(kept.price) }
    }
}
