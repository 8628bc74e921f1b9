// expect: lifetime-dependent variable 'kept' escapes its scope
import ZCNet

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        var kept = Span<Int>()
        while !peer.state.isEmpty {
            kept = peer.state.span
            peer.state.removeLast()
        }
        print(kept.count)
    }
}
