// expect: in a '@Sendable' closure
import ZCNet

func everywhere(_ body: @Sendable () -> Void) { body() }

struct Handler: ConnectionHandler {
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
        everywhere { peer.send("x") }
    }
}
