import ExampleSupport
import ZCCluster
import ZCSBEServer

/// What the program takes on its command line.
struct ImArguments {
    var port: UInt16 = 9005
    var loops: Int?
    var driver = DriverChoice.automatic
    /// What the node is called.
    var node = "alone"
    /// Servers of NATS; none for a node that has everything itself.
    var servers: [String] = []
    /// How many of these have a copy.
    var replicas = 1
    /// Where a node that has everything itself keeps it; nil for its memory.
    var folder: String?
    /// Who may come: everybody, by default.
    var logins = Logins()

    static let usage = """
        usage: im-server [--port P] [--loops N] [--driver epoll|uring|automatic] [--tokens FILE]
                         [--data FOLDER | --nats URL[,URL] --node NAME [--replicas N]]
        A node of a messenger. Alone it keeps everything in its memory, or with --data in files; with --nats
        it is one of several. Without --tokens everybody is believed: then the token is the user's name.
        """

    init() {
        var rest = CommandLine.arguments.dropFirst()
        while let name = rest.popFirst() {
            guard let value = rest.popFirst(), take(name, value) else {
                refuse(name, of: "im-server", Self.usage)
            }
        }
        if folder != nil && !servers.isEmpty { fail("im-server: --data or --nats\n\(Self.usage)") }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--port":
            guard let port = UInt16(value) else { return false }
            self.port = port
        case "--loops":
            loops = Int(value)
            return (1...256).contains(loops ?? 0)
        case "--driver":
            guard let choice = DriverChoice(rawValue: value) else { return false }
            driver = choice
        case "--node": node = value
        case "--nats": servers = value.split(separator: ",").map(String.init)
        case "--replicas":
            replicas = Int(value) ?? 0
            return (1...5).contains(replicas)
        case "--data": folder = value
        case "--tokens": logins = Logins(file: value)
        default: return false
        }
        return true
    }

    /// The server's configuration with these options in it.
    var configuration: WebSocketServer.Configuration {
        var configuration = WebSocketServer.Configuration()
        configuration.tcp.group.loops = loops
        configuration.tcp.group.driver = driver
        configuration.tcp.group.observer = LoopWatch.shared
        // Tokens say who comes, and no cookie does: a page of one node may connect to another.
        configuration.origins = .any
        configuration.options.messageBytesMax = 128 << 10
        // Who lags behind by that much is let go, and comes back for the rest: the log has it.
        configuration.options.connection.outboundBytesMax = 4 << 20
        configuration.options.connection.overflowPolicy = .close
        return configuration
    }
}
