// expect: `onOpen` takes `inout Connection<State>`; no throws
import ZCNet

struct Full: Error {}

struct Counting: ConnectionHandler {
    func makeState() -> Int { 0 }
    mutating func onOpen(_ peer: inout Connection<Int>) throws(Full) { throw Full() }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Int>) {}
}
