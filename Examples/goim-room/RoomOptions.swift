import ExampleSupport
import ZCProto

/// What the program takes on its command line.
struct RoomOptions {
    /// Where TCP clients connect; WebSocket clients one port further, or wherever the kernel likes.
    var port: UInt16 = 3101
    var loops: Int?
    var driver = DriverChoice.automatic
    /// How many users are simulated; without any the program only serves.
    var members = 0
    var transport = "tcp"
    /// How many pushes to the room there are in a second.
    var rate = 100
    var payloadBytes = 64
    /// How many pushes go in one batch.
    var merge = 1
    /// How long the simulated users stay, in seconds.
    var duration = 10

    static let usage = """
        usage: goim-room [--port P] [--loops N] [--driver epoll|uring|automatic] [--merge COUNT]
                         [--members N [--transport tcp|ws] [--rate PUSHES/S] [--payload BYTES] [--duration S]]
        """

    init() {
        var rest = CommandLine.arguments.dropFirst()
        while let name = rest.popFirst() {
            guard let value = rest.popFirst(), take(name, value) else {
                refuse(name, of: "goim-room", Self.usage)
            }
        }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        let number = Int(value)
        switch name {
        case "--port": port = UInt16(value) ?? 0
        case "--loops": loops = number
        case "--members": members = number ?? 0
        case "--rate": rate = number ?? 0
        case "--payload": payloadBytes = number ?? 0
        case "--merge": merge = number ?? 0
        case "--duration": duration = number ?? 0
        case "--transport": transport = value
        case "--driver":
            let choices: [String: DriverChoice] = ["epoll": .epoll, "uring": .uring, "automatic": .automatic]
            guard let choice = choices[value] else { return false }
            driver = choice
        default: return false
        }
        if name == "--transport" { return ["tcp", "ws"].contains(value) }
        return name == "--driver"
            || number != nil
                && rate > 0 && (8...4096).contains(payloadBytes) && merge > 0 && duration > 0 && members >= 0
    }

    /// The server's configuration.
    var configuration: GoimServer.Configuration {
        var configuration = GoimServer.Configuration()
        configuration.tcp.group.loops = loops
        configuration.tcp.group.driver = driver
        if merge > 1 { configuration.goim.merging = GoimMerging(count: merge) }
        return configuration
    }
}
