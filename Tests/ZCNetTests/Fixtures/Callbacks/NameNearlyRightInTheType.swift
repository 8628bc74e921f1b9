// compiles
import ZCNetWebSocket

/// What the compiler does not see: nobody calls `onClosed`.
struct Echo: WebSocketHandler {
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    mutating func onClosed(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {}
}
