// expect: escaping closure captures 'inout' parameter 'peer'
import ZCNetWebSocket

struct Later: WebSocketHandler {
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        Task { peer.send("later") }
    }
}
