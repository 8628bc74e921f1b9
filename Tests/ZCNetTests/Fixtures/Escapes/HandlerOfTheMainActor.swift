// expect: cannot satisfy conformance requirement for a 'Sendable' type parameter
import ZCNet

@MainActor struct Handler: @MainActor ConnectionHandler {
    var count = 0
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) { count += 1 }
}

func serve() throws { _ = try TCPServer(on: "127.0.0.1:0") { Handler() } }
