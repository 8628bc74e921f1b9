// warns: nearly matches defaulted requirement 'onClose'
import ZCNetWebSocket

struct Echo {}

extension Echo: WebSocketHandler {
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) async {}
}
