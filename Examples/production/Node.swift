import ExampleSupport
import Glibc
import ZCNetWebSocket

/// What a node is told on its command line.
struct NodeOptions {
    /// Where it listens, unless it was given a socket.
    var port: UInt16 = 9001
    /// What it is called: clients see which node they have come to.
    var name = "a"
    /// The proxies whose `X-Forwarded-For` is believed.
    var trusted: [IPNetwork] = []
    /// The balancers whose connections begin with a PROXY header.
    var balancers: [IPNetwork] = []
    /// After how long a silence a client is asked whether it is there, and given up.
    var pings: (interval: Duration, patience: Duration)?

    private static let usage = """
        usage: production [--port P] [--name NAME] [--trust NETWORK] [--proxy-protocol NETWORK]
                          [--pings INTERVAL:PATIENCE, in milliseconds]
        A node behind a balancer. Where LISTEN_FDS says that a socket was given, that is listened on.
        """

    /// Reads the command line; prints how it goes and ends the program where it does not understand.
    init() {
        var rest = CommandLine.arguments.dropFirst()
        while let name = rest.popFirst() {
            do {
                guard let value = rest.popFirst(), try take(name, value) else {
                    refuse(name, of: "production", Self.usage)
                }
            } catch {
                fail("production: \(name): \(error)")
            }
        }
    }

    private mutating func take(_ name: String, _ value: String) throws -> Bool {
        switch name {
        case "--port":
            guard let number = UInt16(value) else { return false }
            port = number
        case "--name": self.name = value
        case "--trust": trusted.append(try IPNetwork(parsing: value))
        case "--proxy-protocol": balancers.append(try IPNetwork(parsing: value))
        case "--pings":
            let times = value.split(separator: ":").compactMap { Int($0) }
            guard times.count == 2 else { return false }
            pings = (.milliseconds(times[0]), .milliseconds(times[1]))
        default: return false
        }
        return true
    }

    /// The socket that the process was given, else a port of its own.
    var address: String {
        get throws {
            let given = try InheritedSockets { name in getenv(name).map { String(cString: $0) } }
            return given.first ?? "127.0.0.1:\(port)"
        }
    }

    /// How the node serves.
    var configuration: WebSocketServer.Configuration {
        var configuration = WebSocketServer.Configuration()
        configuration.tcp.group.observer = LoopWatch.shared
        if !trusted.isEmpty { configuration.forwarded = ForwardedFor(trusting: trusted) }
        if !balancers.isEmpty { configuration.proxyProtocol = .requiredFrom(balancers) }
        if let pings {
            (configuration.options.pingInterval, configuration.options.pongTimeout) = pings
        }
        return configuration
    }
}

/// Says which node this is and whom it sees, and then whatever it is told.
struct Greeter: WebSocketHandler {
    let name: String

    mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
        peer.send("\(name) sees \(upgrade.remoteAddress) by \(upgrade.peerAddress)")
    }

    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        // Whoever wants to be told nothing for a while says so.
        if message.isText && message.text == "quiet" { return }
        peer.send(message)
    }
}
