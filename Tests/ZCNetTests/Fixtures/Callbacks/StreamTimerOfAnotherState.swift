// expect: `onTimer` takes `inout Connection<State>`
import ZCNet

struct Counting: ConnectionHandler {
    func makeState() -> Int { 0 }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Int>) {}
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout Peer) {}
}
