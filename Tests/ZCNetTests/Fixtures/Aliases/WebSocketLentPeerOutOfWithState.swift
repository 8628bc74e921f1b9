// expect: is consuming
import ZCNetWebSocket

struct Handler: WebSocketHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onMessage(
        _ message: borrowing Message, from peer: inout WebSocketConnection<[Int]>
    ) {
        var kept: WebSocketPeer?
        peer.withState { _, rest in kept = rest }
        _ = kept?.id
    }
}
