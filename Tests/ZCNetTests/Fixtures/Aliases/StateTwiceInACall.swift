// expect: inout writeback to computed property 'state' occurs in multiple arguments to call
import ZCNet

func clobber(_ first: inout [Int], _ second: inout [Int]) -> Int {
    let view = first.span
    second = []
    return view[0]
}

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        _ = clobber(&peer.state, &peer.state)
    }
}
