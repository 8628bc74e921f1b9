// expect: is consuming
import ZCNet

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        var kept: Peer?
        peer.withState { _, rest in kept = rest }
        _ = kept?.id
    }
}
