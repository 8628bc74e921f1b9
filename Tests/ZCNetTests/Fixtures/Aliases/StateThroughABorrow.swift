// expect: cannot use mutating member on immutable value
import ZCNet

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        help(peer)
    }
    func help(_ peer: borrowing Connection<[Int]>) { peer.state.append(4) }
}
