// expect: has no member 'removeAll'
import ZCNet

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        peer.withState { state, rest in rest.state.removeAll() }
    }
}
