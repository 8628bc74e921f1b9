// expect: `onConnect` takes `inout WebSocketConnection<State>`
import ZCNetWebSocket
import ZCSBEServer

struct Desk: TradeMessageHandler {
    func makeState() -> Int { 0 }
    mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketConnection<Int>) {}
    mutating func onConnect(_ peer: inout WebSocketPeer) {}
}
