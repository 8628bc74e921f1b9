// expect: type 'Echo' does not conform to protocol 'WebSocketHandler'
import ZCNetWebSocket

struct Echo: WebSocketHandler {
    mutating func onMesage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
}
