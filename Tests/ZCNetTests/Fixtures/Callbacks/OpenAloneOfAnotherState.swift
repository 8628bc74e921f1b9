// expect: `onOpen` takes `inout WebSocketConnection<State>`
import ZCNetWebSocket

final class Counting: WebSocketHandler {
    struct Member { var count = 0 }
    func makeState() -> Member { Member() }
    func onOpen(_ peer: inout WebSocketPeer) {}
    func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<Member>) {}
}
