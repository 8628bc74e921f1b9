// expect: in a '@Sendable' closure
import ZCNet

final class Handler: ConnectionHandler {
    var count = 0
    func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
        peer.loop.eventLoop.post { _ in self.count += 1 }
    }
}
