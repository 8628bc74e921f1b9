import ExampleSupport
import ZCNetWebSocket

/// What a conversation with the suite's server comes to.
enum Event: Sendable {
    case text(String)
    case closed
}

/// Sends back what comes where a case is run, and tells what is said elsewhere.
struct Participant: WebSocketHandler {
    struct Conversation { var isCase = false }

    let events: AsyncStream<Event>.Continuation

    func makeState() -> Conversation { Conversation() }

    mutating func onOpen(_ peer: inout WebSocketConnection<Conversation>, _ upgrade: WebSocketUpgrade) {
        peer.state.isCase = upgrade.request.path == "/runCase"
    }

    mutating func onMessage(
        _ message: borrowing Message, from peer: inout WebSocketConnection<Conversation>
    ) {
        if peer.state.isCase {
            peer.send(message)
        } else {
            events.yield(.text(message.text))
        }
    }

    mutating func onClose(
        _ peer: inout WebSocketConnection<Conversation>, _ reason: WebSocketCloseReason
    ) {
        events.yield(.closed)
    }
}

/// `autobahn-client --url ws://HOST:PORT --agent NAME [--deflate on|off] [--max-message BYTES]`, and for
/// `wss` what `ClientTLSOptions` take.
struct Options {
    var url = ""
    var agent = "zcnet"
    var tls = ClientTLSOptions()
    var configuration = WebSocketClient.Configuration()

    init() {
        configuration.tcp.group.loops = 1
        configuration.options.messageBytesMax = 16 << 20
        var rest = CommandLine.arguments.dropFirst()
        while let name = rest.popFirst() {
            if tls.takeSwitch(name) { continue }
            guard let value = rest.popFirst(), take(name, value) else {
                refuse(name, of: "autobahn-client", Self.usage)
            }
        }
        if url.isEmpty { fail("expected --url\n\(Self.usage)") }
        if tls.isWanted { configuration.tcp.security = tls.security }
    }

    private static let usage =
        "usage: autobahn-client --url ws://HOST:PORT [--agent NAME] [--deflate on|off] [--max-message BYTES]"
        + " [\(ClientTLSOptions.usage)]"

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch (name, value) {
        case ("--url", _): url = value
        case ("--agent", _): agent = value
        case ("--deflate", "on"): configuration.options.deflate = DeflateOptions()
        case ("--deflate", "off"): configuration.options.deflate = nil
        case ("--max-message", _):
            guard let bytes = Int(value) else { return false }
            configuration.options.messageBytesMax = bytes
        default: return tls.take(name, value)
        }
        return true
    }
}

let options = Options()
let (events, source) = AsyncStream.makeStream(of: Event.self)
let client = try WebSocketClient(options.configuration) { Participant(events: source) }
try client.start()

/// Connects to a path, and waits until the conversation is over; the last text that came.
func converse(_ path: String) async throws -> String? {
    _ = try await client.connect(to: options.url + path)
    var last: String?
    for await event in events {
        guard case .text(let text) = event else { break }
        last = text
    }
    return last
}

do {
    guard let text = try await converse("/getCaseCount"), let count = Int(text) else {
        fail("expected a number of cases")
    }
    for number in 0..<count {
        _ = try await converse("/runCase?case=\(number + 1)&agent=\(options.agent)")
    }
    _ = try await converse("/updateReports?agent=\(options.agent)")
    say("\(count) cases")
} catch {
    fail("\(error)")
}
await client.stop(grace: .seconds(5))
