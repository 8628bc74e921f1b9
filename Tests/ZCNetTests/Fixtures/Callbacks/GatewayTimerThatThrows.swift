// expect: `onTimer` takes `inout WebSocketConnection<State>`; no throws
import ZCNet
import ZCNetWebSocket
import ZCSBEServer

struct Desk: TradeMessageHandler {
    mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {}
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketPeer) throws {}
}
