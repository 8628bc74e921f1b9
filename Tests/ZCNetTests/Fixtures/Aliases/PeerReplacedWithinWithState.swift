// expect: overlapping accesses to 'peer'
import ZCNet

struct Handler: ConnectionHandler {
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
        peer.withState { _, rest in peer = rest }
    }
}
