import ExampleSupport
import ZCNetWebSocket

// The echo once more, as straight-line code: a task per connection, on the connection's own loop. `--face`
// says how it receives: that is what `Docs/Links.md` has figures of.

/// The task sleeps, and the loop calls the body.
@Sendable func echoForEach(_ link: WebSocketLink) async throws {
    try await link.forEach { message in
        link.trySend(message)
        return .next
    }
}

/// Each message is lent to a body that cannot wait.
@Sendable func echoReceived(_ link: WebSocketLink) async throws {
    while try await link.receive({ link.trySend($0) }) != nil {}
}

/// Each message is the task's own, and the next is waited for when there is room to send.
@Sendable func echoNext(_ link: WebSocketLink) async throws {
    while let message = try await link.next() { try await link.send(message) }
}

/// The same as a sequence.
@Sendable func echoMessages(_ link: WebSocketLink) async throws {
    for try await message in link.messages { try await link.send(message) }
}

let options = ExampleOptions(defaultPort: 9000)
serveUntilSignal {
    var configuration = WebSocketServer.Configuration()
    configuration.tcp = options.configuration
    configuration.options.messageBytesMax = options.messageBytesMax
    configuration.limits.handshakesMax = options.connectionsMax
    configuration.origins = .any
    let echo =
        switch options.face {
        case "for-each": echoForEach
        case "receive": echoReceived
        case "messages": echoMessages
        default: echoNext
        }
    return try WebSocketServer(on: "127.0.0.1:\(options.port)", configuration: configuration, link: echo)
}
