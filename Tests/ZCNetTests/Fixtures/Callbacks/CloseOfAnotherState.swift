// expect: `onClose` takes `inout WebSocketConnection<State>`
import ZCNetWebSocket

struct Counting: WebSocketHandler {
    func makeState() -> Int { 0 }
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<Int>) {}
    mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {}
}
