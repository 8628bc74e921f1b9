import ExampleSupport
import ZCNetWebSocket

/// To whom to speak, how, and what becomes of what is heard.
struct SpeakOptions: Sendable {
    var url = ""
    var headers = HTTPHeaders()
    var subprotocols: [String] = []
    var origin: String?
    /// Whether compression is offered.
    var deflate = false
    /// Whether lines are sent as binary messages.
    var isBinary = false
    /// Whether `/ping` and the like are words also where the input is no terminal.
    var hasWords = false
    /// After so long without a word from the server it is asked with a ping.
    var pingInterval: Duration?
    /// How long, after the input's end, nothing may come before this side says goodbye.
    var linger = Duration.seconds(1)
    /// The conversation is ended after so many messages.
    var messagesWanted = Int.max
    var messageBytesMax = 16 << 20
    /// The file that all messages are written to.
    var recording: String?
    /// The file whose sent messages are sent again.
    var replay: String?
    /// Whether they are sent at once, and not at their times.
    var isHasty = false
    var tls = ClientTLSOptions()

    static let usage = """
        usage: zc ws [--header 'NAME: VALUE'] [--subprotocol NAME] [--origin ORIGIN] [--deflate]
                     [--binary] [--words] [--ping SECONDS] [--linger SECONDS] [--messages N]
                     [--max-message BYTES] [--record FILE] [--replay FILE [--hasty]]
                     [\(ClientTLSOptions.usage)]
                     ws[s]://HOST[:PORT][/PATH] or ws[s]+unix:SOCKET[:/PATH]
        Sends each line of its input, and prints each message that comes: text as it is, bytes in hex.
        What else happens goes to standard error. At a terminal, and with --words, lines such as /ping, /hex
        and /close are words; /help says which. Ctrl-C says goodbye with 1001; a second one ends at once.
        Ends with status 0 after a goodbye of both sides, 1 after any other end, 2 where there was no
        conversation, 130 where Ctrl-C ended it without one.
        """

    /// Reads the command line; prints how it goes and ends the program where it does not understand.
    init(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            if takeSwitch(name) || tls.takeSwitch(name) { continue }
            if !name.hasPrefix("-") && url.isEmpty {
                url = name
                continue
            }
            guard let value = rest.popFirst(), take(name, value) || tls.take(name, value) else {
                refuse(name, of: "ws", Self.usage)
            }
        }
        if url.isEmpty { fail("ws: expected a URL\n\(Self.usage)") }
    }

    private mutating func takeSwitch(_ name: String) -> Bool {
        switch name {
        case "--deflate": deflate = true
        case "--binary": isBinary = true
        case "--words": hasWords = true
        case "--hasty": isHasty = true
        default: return false
        }
        return true
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        func seconds() -> Duration? {
            Double(value).flatMap { $0 >= 0 && $0 <= 86_400 ? .seconds($0) : nil }
        }
        switch name {
        case "--header":
            let parts = value.split(separator: ":", maxSplits: 1)
            return parts.count == 2
                && headers.add(String(parts[0]), String(parts[1].drop { $0 == " " }))
        case "--subprotocol": subprotocols.append(value)
        case "--origin": origin = value
        case "--ping":
            pingInterval = seconds()
            return pingInterval != nil
        case "--linger":
            guard let wanted = seconds() else { return false }
            linger = wanted
        case "--messages":
            guard let count = Int(value), count > 0 else { return false }
            messagesWanted = count
        case "--max-message":
            guard let count = Int(value), (1...1 << 30).contains(count) else { return false }
            messageBytesMax = count
        case "--record": recording = value
        case "--replay": replay = value
        default: return false
        }
        return true
    }

    /// A client of one loop.
    var configuration: WebSocketClient.Configuration {
        var configuration = WebSocketClient.Configuration()
        configuration.tcp.group.loops = 1
        if url.lowercased().hasPrefix("wss") { configuration.tcp.security = tls.security }
        configuration.options.messageBytesMax = messageBytesMax
        configuration.options.pingInterval = pingInterval
        if deflate { configuration.options.deflate = DeflateOptions() }
        configuration.headers = headers
        configuration.subprotocols = subprotocols
        configuration.origin = origin
        return configuration
    }
}
