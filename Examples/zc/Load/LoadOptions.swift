import ExampleSupport
import Glibc
import ZCNet

/// What load, for how long.
struct LoadOptions {
    var url = ""
    var connections = 50
    var payloadBytes = 32
    /// How many messages each connection keeps under way; without meaning where a rate is given.
    var pipeline = 1
    var seconds = 10.0
    var isText = false
    /// Messages per second over all connections, sent when they are due whatever has come back; nil sends a
    /// message for each that has come back.
    var rate: Double?
    var loops = 1
    var driver = DriverChoice.automatic
    /// Whether compression is offered to WebSocket servers.
    var deflate = false
    var tls = ClientTLSOptions()

    private static let usage = """
        usage: zc load --url tcp://HOST:PORT|ws://HOST:PORT/PATH|wss://HOST:PORT/PATH
                       [--connections N] [--payload BYTES] [--pipeline N] [--duration SECONDS]
                       [--text] [--deflate] [--rate PER_SECOND]
                       [--loops N] [--driver epoll|uring|automatic]
                       [\(ClientTLSOptions.usage)]
        Sends messages to an echo server and measures how soon each comes back.
        With --rate messages are sent when they are due, and their time runs from then, also where the
        server or this program was too busy to send them; without it each connection keeps --pipeline
        messages under way.
        """

    /// Reads the command line; prints how it goes and ends the program where it does not understand.
    init(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            if name == "--text" {
                isText = true
                continue
            }
            if name == "--deflate" {
                deflate = true
                continue
            }
            if tls.takeSwitch(name) { continue }
            guard let value = rest.popFirst(), take(name, value) else {
                refuse(name, of: "load", Self.usage)
            }
        }
        if url.isEmpty { fail("load: expected --url\n\(Self.usage)") }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        func count(_ range: ClosedRange<Int>) -> Int? { Int(value).flatMap { range.contains($0) ? $0 : nil } }
        func amount() -> Double? { Double(value).flatMap { $0 > 0 && $0.isFinite ? $0 : nil } }
        switch name {
        case "--url": url = value
        case "--connections": connections = count(1...1_000_000) ?? 0
        case "--payload": payloadBytes = count(1...1 << 30) ?? 0
        case "--pipeline": pipeline = count(1...100_000) ?? 0
        case "--loops": loops = count(1...256) ?? 0
        case "--duration": seconds = amount() ?? 0
        case "--rate":
            rate = amount()
            return rate != nil
        case "--driver":
            guard let choice = DriverChoice(rawValue: value) else { return false }
            driver = choice
        default: return tls.take(name, value)
        }
        return connections > 0 && payloadBytes > 0 && pipeline > 0 && loops > 0 && seconds > 0
    }

    /// A client's loops, and what its connections have from the kernel.
    var configuration: TCPClient.Configuration {
        var configuration = TCPClient.Configuration()
        configuration.group.loops = loops
        configuration.group.driver = driver
        // Messages that are due are sent with the next tick.
        configuration.group.limits.timerTick = .milliseconds(1)
        if url.lowercased().hasPrefix("wss") { configuration.security = tls.security }
        return configuration
    }
}
