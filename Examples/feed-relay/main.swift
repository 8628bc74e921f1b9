import ExampleSupport
import ZCNetWebSocket

// Many upstream links in one group, and one room downstream that hears what any of them says. Upstream are
// the echo or chat servers named by `--face URL,URL…`; each link comes back by itself, the others go on.

let room = Rooms<String>()
let options = ExampleOptions(defaultPort: 9003)
let upstream = options.face.split(separator: ",").map(String.init)

/// Passes on what comes from upstream until the client shuts down.
@Sendable func relay(_ links: LinkGroup) async throws {
    for url in upstream { try links.add(url) }
    try await links.forEach { event in
        switch event {
        case .opened(let id):
            links.trySend("hello from the relay", to: id)
            room.publish("* \(id) is open", to: "feed")
        case .message(let id, let message): room.publish("\(id): \(message.text)", to: "feed")
        case .interrupted(let id, let why, let delay):
            room.publish("* \(id): \(why); again in \(delay)", to: "feed")
        case .closed(let id, _): room.publish("* \(id) is over", to: "feed")
        }
        return .next
    }
}

serveUntilSignal {
    let group = try EventLoopGroup(options.configuration.group)
    var configuration = WebSocketServer.Configuration()
    configuration.tcp = options.configuration
    let server = try WebSocketServer(
        on: "127.0.0.1:\(options.port)", configuration: configuration, group: group
    ) { link in
        room.join("feed", link)
        // Nothing is expected from downstream; what comes is dropped until the peer goes.
        try await link.forEach { _ in .next }
    }
    // The links are on the loops of the server, and end with them. Detached, as the main thread waits for
    // signals.
    let client = try WebSocketLinkClient(group: group)
    Task.detached {
        do {
            try await client.withLinks(relay)
        } catch {
            say("the relay has ended: \(error)")
        }
    }
    return server
}
