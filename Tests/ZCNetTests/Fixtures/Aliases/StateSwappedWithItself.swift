// expect: inout writeback to computed property 'state' occurs in multiple arguments to call
import ZCNet

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        swap(&peer.state, &peer.state)
    }
}
