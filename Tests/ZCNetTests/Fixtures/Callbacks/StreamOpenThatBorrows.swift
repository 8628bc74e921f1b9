// expect: callbacks take `inout Connection<State>`
import ZCNet

struct Counting: ConnectionHandler {
    func makeState() -> Int { 0 }
    mutating func onOpen(_ peer: borrowing Connection<Int>) {}
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Int>) {}
}
