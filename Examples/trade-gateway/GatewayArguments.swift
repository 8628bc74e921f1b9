import ExampleSupport
import ZCProto

/// What the program takes on its command line.
struct GatewayArguments {
    var port: UInt16 = 9003
    var loops: Int?
    var driver = DriverChoice.automatic
    /// About how many trades there are in a second; 0 leaves the feed out, and whoever connects to `/feed` is
    /// it.
    var rate = 2000
    /// How many trades there are in all; 0 for no end.
    var trades = 0

    static let usage = """
        usage: trade-gateway [--port P] [--loops N] [--driver epoll|uring|automatic]
                             [--rate TRADES/S] [--trades N]
        """

    init() {
        var rest = CommandLine.arguments.dropFirst()
        while let name = rest.popFirst() {
            guard let value = rest.popFirst(), take(name, value) else {
                refuse(name, of: "trade-gateway", Self.usage)
            }
        }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        let number = Int(value)
        switch name {
        case "--port":
            guard let port = UInt16(value) else { return false }
            self.port = port
            return true
        case "--driver":
            guard let choice = DriverChoice(rawValue: value) else { return false }
            driver = choice
            return true
        case "--loops": loops = number
        case "--rate": rate = number ?? -1
        case "--trades": trades = number ?? -1
        default: return false
        }
        return number != nil && (0...1_000_000).contains(rate) && trades >= 0
    }

    /// A server's configuration with these options in it.
    var configuration: TCPServer.Configuration {
        var configuration = TCPServer.Configuration()
        configuration.group.loops = loops
        configuration.group.driver = driver
        return configuration
    }
}
