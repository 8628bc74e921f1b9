// expect: lifetime-dependent variable 'kept' escapes its scope
import ZCNet

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        var kept = Span<Int>()
        peer.withState { state, _ in kept = state.span }
        print(kept.count)
    }
}
