import ExampleSupport
import ZCNetWebSocket

/// Sends back whatever comes.
struct Echo: WebSocketHandler {
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        peer.send(message)
    }
}

/// Sends back what comes a moment later. Meanwhile it is kept where it was received, and not copied.
struct LateEcho: WebSocketHandler {
    struct Kept {
        let isText: Bool
        let bytes: SharedBytes
    }

    func makeState() -> [Kept] { [] }

    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<[Kept]>) {
        peer.state.append(Kept(isText: message.isText, bytes: message.retain()))
        peer.schedule(after: .milliseconds(200), tag: 1)
    }

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<[Kept]>) {
        let kept = peer.state
        peer.state = []
        for message in kept {
            if message.isText {
                peer.send(utf8: message.bytes.bytes)
            } else {
                peer.send(binary: message.bytes.bytes)
            }
        }
    }
}

let options = ExampleOptions(defaultPort: 9000)
serveUntilSignal {
    var configuration = WebSocketServer.Configuration()
    configuration.tcp = options.configuration
    configuration.options.messageBytesMax = options.messageBytesMax
    // A crowd that connects at once is what load programs are.
    configuration.limits.handshakesMax = options.connectionsMax
    // Whoever asks gets back their own words: there is nothing that a page from elsewhere could steal.
    configuration.origins = .any
    if let pings = options.pings {
        (configuration.options.pingInterval, configuration.options.pongTimeout) = pings
    }
    if options.deflate {
        var deflate = DeflateOptions()
        deflate.clientNoContextTakeover = !options.takesOver
        deflate.serverNoContextTakeover = !options.takesOver
        configuration.options.deflate = deflate
    }
    let routes = WebSocketRoutes { routes in
        // At any path; clients that ask for this subprotocol get it, others are served without.
        routes.webSocket(subprotocols: ["zcnet-echo"]) { Echo() }
        routes.webSocket("/later") { LateEcho() }
        // Says what it was asked, for checks of what proxies make of it.
        routes.get("/request") { head in
            HTTPResponse(status: 200, headers: ["X-Request": "\(head.method) \(head.target)"])
        }
    }
    return try WebSocketServer(
        on: "127.0.0.1:\(options.port)", configuration: configuration, routes: routes)
}
