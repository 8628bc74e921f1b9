// expect: lifetime-dependent variable 'view' escapes its scope
import ZCNet

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        let view = peer.state.span
        peer.state = []
        print(view[0])
    }
}
