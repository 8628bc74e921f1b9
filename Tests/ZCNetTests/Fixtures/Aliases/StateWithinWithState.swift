// expect: overlapping accesses to 'peer'
import ZCNet

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        peer.withState { state, _ in
            let view = state.span
            peer.state = []
            peer.send("\(view[0])")
        }
    }
}
