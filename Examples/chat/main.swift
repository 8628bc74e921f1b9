import ExampleSupport
import ZCNetWebSocket

// Who comes into a room hears what was said last, and then what follows, without a gap or a repeat.
let rooms = Rooms<String>(history: RoomHistoryLimits(messagesMax: 50))
let options = ExampleOptions(defaultPort: 9002)
serveUntilSignal {
    var configuration = WebSocketServer.Configuration()
    configuration.tcp = options.configuration
    configuration.options.messageBytesMax = ChatHandler.messageBytesMax
    // Who does not hear what was said hundreds of messages ago is let go; the others go on.
    configuration.options.connection.outboundBytesMax = 1 << 20
    configuration.options.connection.overflowPolicy = .close
    if options.deflate { configuration.options.deflate = DeflateOptions() }
    let routes = WebSocketRoutes { routes in
        routes.webSocket("/chat") { ChatHandler(rooms: rooms) }
        routes.get("/") { _ in
            var response = HTTPResponse(status: 200, text: chatPage)
            response.headers.set("Content-Type", to: "text/html; charset=utf-8")
            return response
        }
    }
    return try WebSocketServer(
        on: "127.0.0.1:\(options.port)", configuration: configuration, routes: routes)
}
