// expect: in a '@Sendable' closure
import ZCNet

final class Handler: ConnectionHandler {
    var count = 0
    func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) { count += 1 }
}

func serve(_ shared: Handler) throws { _ = try TCPServer(on: "127.0.0.1:0") { shared } }
