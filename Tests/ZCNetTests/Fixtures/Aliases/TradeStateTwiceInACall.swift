// expect: inout writeback to computed property 'state' occurs in multiple arguments to call
import ZCProto

func clobber(_ first: inout [Int], _ second: inout [Int]) -> Int {
    let view = first.span
    second = []
    return view[0]
}

struct Handler: TradeMessageHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketConnection<[Int]>) {
        _ = clobber(&peer.state, &peer.state)
    }
}
