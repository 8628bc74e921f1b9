import ExampleSupport
import Glibc
import ZCNet

/// To whom to say what, and what to wait for.
struct TalkOptions: Sendable {
    var endpoint = ""
    /// How often to connect, one time after the other.
    var times = 1
    /// What is said, as soon as a connection is up.
    var words = SharedBytes()
    /// Ends the connection when it has come; nil waits for the peer's end.
    var last: [UInt8]?
    var tls = ClientTLSOptions()

    private static let usage = """
        usage: zc talk --to HOST:PORT [--until TEXT] [--times N] [\(ClientTLSOptions.usage)]
        Says what is on its standard input to a server, over TCP or TLS, and prints what comes until the
        server ends the connection, or TEXT has come. What was agreed on goes to standard error.
        """

    /// Reads the command line and the input; prints how it goes and ends the program where it does not
    /// understand.
    init(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            if tls.takeSwitch(name) { continue }
            guard let value = rest.popFirst(), take(name, value) else {
                refuse(name, of: "talk", Self.usage)
            }
        }
        if endpoint.isEmpty { fail("talk: expected --to\n\(Self.usage)") }
        words = SharedBytes(copying: Self.input())
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--to": endpoint = value
        case "--until": last = Array(value.utf8)
        case "--times":
            guard let count = Int(value), count > 0 else { return false }
            times = count
        default: return tls.take(name, value)
        }
        return true
    }

    private static func input() -> [UInt8] {
        var all: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 65536)
        while case let count = read(STDIN_FILENO, &room, room.count), count > 0 { all += room[..<count] }
        return all
    }

    var configuration: TCPClient.Configuration {
        var configuration = TCPClient.Configuration()
        configuration.group.loops = 1
        if tls.isWanted { configuration.security = tls.security }
        return configuration
    }
}
