// expect: callbacks take `inout WebSocketConnection<State>`
import ZCNetWebSocket

struct Echo: WebSocketHandler {
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    mutating func onClose(_ peer: borrowing WebSocketPeer, _ reason: WebSocketCloseReason) {}
}
