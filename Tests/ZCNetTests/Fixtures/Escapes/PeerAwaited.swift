// expect: escaping closure captures 'inout' parameter 'peer'
import ZCNet

func later(_ peer: borrowing Peer) async {
    await Task.yield()
    peer.send("x")
}

struct Handler: ConnectionHandler {
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
        Task { await later(peer) }
    }
}
