// expect: overlapping accesses to 'peer'
import ZCNetWebSocket

struct Handler: WebSocketHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onMessage(
        _ message: borrowing Message, from peer: inout WebSocketConnection<[Int]>
    ) {
        peer.withState { state, _ in
            let view = state.span
            peer.state = []
            peer.send("\(view[0])")
        }
    }
}
