import ExampleSupport
import ZCNet

/// Sends back whatever comes.
struct Echo: ConnectionHandler {
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
        peer.send(data)
    }
}

/// The same as straight-line code, by a task for each connection; with `--face link`.
@Sendable func echo(_ link: TCPLink) async throws {
    while try await link.receive({ link.trySend($0) }) != nil {}
}

let options = ExampleOptions(defaultPort: 9000)
serveUntilSignal {
    let address = "127.0.0.1:\(options.port)"
    return options.face == "link"
        ? try TCPServer(on: address, configuration: options.configuration, link: echo)
        : try TCPServer(on: address, configuration: options.configuration) { Echo() }
}
