import ExampleSupport
import ZCNet

/// Sends back whatever comes.
struct Echo: ConnectionHandler {
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
        peer.send(data)
    }
}

let options = ExampleOptions(defaultPort: 9000)
serveUntilSignal {
    try TCPServer(on: "127.0.0.1:\(options.port)", configuration: options.configuration) { Echo() }
}
