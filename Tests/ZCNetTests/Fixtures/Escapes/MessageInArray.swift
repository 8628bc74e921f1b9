// expect: type 'WebSocketMessage' does not conform to protocol 'Copyable'
import ZCNetWebSocket

struct Keeper: WebSocketHandler {
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        var kept: [WebSocketMessage] = []
        kept.append(message)
    }
}
