import ExampleSupport
import Glibc
import ZCNetWebSocket

/// What anybody says at `/room` is published to all others who are there; files come from the folder that
/// `DELIVERED_FILES` names. What a delivery of either costs, in the clear and over TLS, is read from outside.
struct Member: WebSocketHandler {
    let rooms: Rooms<Int>

    mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) { rooms.join(1, peer) }

    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        rooms.publish(message, to: 1, except: peer.id)
    }
}

let rooms = Rooms<Int>()
let options = ExampleOptions(defaultPort: 9000)
let folder = unsafe getenv("DELIVERED_FILES").map { unsafe String(cString: $0) } ?? "."
serveUntilSignal {
    var configuration = WebSocketServer.Configuration()
    configuration.tcp = options.configuration
    configuration.limits.handshakesMax = options.connectionsMax
    configuration.options.pingInterval = nil
    let routes = WebSocketRoutes { routes in
        routes.webSocket("/room") { Member(rooms: rooms) }
        routes.files("/files", in: folder)
    }
    return try WebSocketServer(
        on: "127.0.0.1:\(options.port)", configuration: configuration, routes: routes)
}
