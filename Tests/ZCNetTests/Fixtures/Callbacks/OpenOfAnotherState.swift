// expect: `onOpen` takes `inout WebSocketConnection<State>`
import ZCNetWebSocket

struct Counting: WebSocketHandler {
    func makeState() -> Int { 0 }
    mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {}
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<Int>) {}
}
