import ExampleSupport
import ZCNetWebSocket

/// The chat's rooms, which any task may publish to.
let rooms = Rooms<String>()

/// A chat of rooms, each connection a task: `/name NAME` names it, `/join ROOM` moves it, anything else is
/// said to its room, itself included.
@Sendable func chat(_ link: WebSocketLink) async throws {
    var (name, room) = ("somebody", "lobby")
    rooms.join(room, link)
    rooms.publish("* \(name) came", to: room)
    // However the conversation ends; the library has taken the connection out of its room by then.
    defer { rooms.publish("* \(name) left", to: room) }
    while let message = try await link.next() {
        guard message.isText else { throw Unreadable() }
        let words = message.text.split(separator: " ", maxSplits: 1)
        switch (words.first, words.count > 1 ? String(words[1].prefix(32)) : "") {
        case ("/name", let wanted) where !wanted.isEmpty:
            rooms.publish("* \(name) is now \(wanted)", to: room)
            name = wanted
        case ("/join", let wanted) where !wanted.isEmpty:
            rooms.leave(room, link)
            rooms.publish("* \(name) left", to: room)
            room = wanted
            rooms.join(room, link)
            rooms.publish("* \(name) came", to: room)
        default:
            rooms.publish("\(name): \(message.text)", to: room)
        }
    }
}

/// Text was expected, and something else came.
struct Unreadable: WebSocketClosingError {
    var closeCode: WebSocketCloseCode { .unsupportedData }
    var closeReason: String { "text was expected, binary data came" }
}

let options = ExampleOptions(defaultPort: 9002)
serveUntilSignal {
    var configuration = WebSocketServer.Configuration()
    configuration.tcp = options.configuration
    configuration.options.messageBytesMax = 4096
    // Who does not hear what was said hundreds of messages ago is let go; the others go on.
    configuration.options.connection.outboundBytesMax = 1 << 20
    configuration.options.connection.overflowPolicy = .close
    return try WebSocketServer(on: "127.0.0.1:\(options.port)", configuration: configuration, link: chat)
}
