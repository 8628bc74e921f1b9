// expect: `onClose` takes `inout WebSocketConnection<State>`; no throws
import ZCNetWebSocket

struct Echo: WebSocketHandler {
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) throws {}
}
