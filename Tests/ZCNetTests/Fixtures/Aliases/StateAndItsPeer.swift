// expect: overlapping accesses to 'peer'
import ZCNet

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        help(peer, &peer.state)
    }
    func help(_ peer: borrowing Connection<[Int]>, _ state: inout [Int]) {
        let view = peer.state.span
        state = []
        print(view[0])
    }
}
