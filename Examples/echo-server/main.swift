import ExampleSupport
import ZCNetWebSocket

/// Sends back whatever comes.
struct Echo: WebSocketHandler {
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        peer.send(message)
    }
}

let options = ExampleOptions(defaultPort: 9000)
serveUntilSignal {
    var configuration = WebSocketServer.Configuration()
    configuration.tcp = options.configuration
    configuration.options.messageBytesMax = options.messageBytesMax
    if options.deflate { configuration.options.deflate = DeflateOptions() }
    // At any path; clients that ask for this subprotocol get it, others are served without.
    let routes = WebSocketRoutes { $0.webSocket(subprotocols: ["zcnet-echo"]) { Echo() } }
    return try WebSocketServer(
        on: "127.0.0.1:\(options.port)", configuration: configuration, routes: routes)
}
