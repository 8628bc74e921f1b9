// expect: inout writeback to computed property 'state' occurs in multiple arguments to call
import ZCNetWebSocket

func clobber(_ first: inout [Int], _ second: inout [Int]) -> Int {
    let view = first.span
    second = []
    return view[0]
}

struct Handler: WebSocketHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onMessage(
        _ message: borrowing Message, from peer: inout WebSocketConnection<[Int]>
    ) {
        _ = clobber(&peer.state, &peer.state)
    }
}
