// expect: inout writeback to computed property 'state' occurs in multiple arguments to call
import ZCProto

func clobber(_ first: inout [Int], _ second: inout [Int]) -> Int {
    let view = first.span
    second = []
    return view[0]
}

struct Handler: GoimHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<[Int]>) {
        _ = clobber(&peer.state, &peer.state)
    }
}
