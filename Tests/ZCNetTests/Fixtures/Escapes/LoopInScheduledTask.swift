// expect: lifetime-dependent value escapes its scope
import ZCNet

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        let loop = peer.loop
        loop.schedule(after: .seconds(1)) { _ in _ = loop.index }
    }
}
