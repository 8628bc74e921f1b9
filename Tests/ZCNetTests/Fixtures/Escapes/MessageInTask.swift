// expect: 'message' cannot be captured by an escaping closure since it is a borrowed parameter
import ZCNetWebSocket

struct Later: WebSocketHandler {
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        Task { print(message.text) }
    }
}
