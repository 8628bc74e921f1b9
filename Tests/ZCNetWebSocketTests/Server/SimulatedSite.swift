import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// A WebSocket server in a simulated network, and what its handler was told.
final class SimulatedSite {
    let network: SimulatedNetwork
    let group: EventLoopGroup
    let server: WebSocketServer
    let log: Log

    /// What a `LoggingEcho` writes down. One thread in fact; a lock satisfies the compiler.
    final class Log: Sendable {
        private let lines = Locked<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
        func count(of prefix: String) -> Int { all.count { $0.hasPrefix(prefix) } }
    }

    init(
        seed: UInt64 = 1, faults: SimulatedFaults = .none, sending: SimulatedSending = .direct,
        loops: Int = 1, group groupConfiguration: EventLoopGroup.Configuration = .init(),
        configure: (inout WebSocketServer.Configuration) -> Void = { _ in },
        routes: ((inout WebSocketRoutes, Log) -> Void)? = nil
    ) throws {
        network = SimulatedNetwork(seed: seed, faults: faults, sending: sending)
        group = try network.makeGroup(loops: loops, configuration: groupConfiguration)
        let log = Log()
        self.log = log
        var configuration = WebSocketServer.Configuration()
        configure(&configuration)
        server = try WebSocketServer(
            on: "127.0.0.1:9001", configuration: configuration, group: group,
            routes: WebSocketRoutes {
                if let routes { routes(&$0, log) } else { $0.webSocket { LoggingEcho(log: log) } }
            })
        network.start(group)
    }

    func connect(_ path: String = "/", headers: [String] = []) -> SimulatedWebSocket {
        SimulatedWebSocket(network, to: server.address, path: path, headers: headers)
    }

    /// Runs until `condition` holds; records an issue when it never does.
    func run(_ what: String, _ location: SourceLocation = #_sourceLocation, until condition: () -> Bool)
        throws
    {
        let holds = try network.run(until: condition)
        #expect(holds, "expected \(what); \(log.all)", sourceLocation: location)
    }
}

/// Sends back what comes and writes down what it is told; obeys a few words.
struct LoggingEcho: WebSocketHandler {
    let log: SimulatedSite.Log

    mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
        log.add("open \(upgrade.request.path) \(upgrade.subprotocol ?? "-")")
    }

    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        switch message.isText ? message.text : "" {
        case "close": peer.close(.normalClosure, reason: "as asked")
        case "abort": peer.abort()
        case "ping": peer.ping()
        case "pause":
            peer.pauseReading()
            peer.schedule(after: .milliseconds(50), tag: 1)
        default: peer.send(message)
        }
    }

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketPeer) {
        peer.resumeReading()
    }

    mutating func onPing(_ payload: RawSpan, from peer: inout WebSocketPeer) {
        log.add("ping \(payload.byteCount)")
    }

    mutating func onPong(_ payload: RawSpan, from peer: inout WebSocketPeer) {
        log.add("pong \(payload.byteCount)")
    }

    mutating func onError(_ error: WebSocketError, from peer: inout WebSocketPeer) {
        log.add("error \(error.code.rawValue)")
    }

    mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
        let cause = reason.cause.description.prefix { $0 != ":" }
        log.add("close \(reason.code.rawValue) \(cause) \(reason.isClean ? "clean" : "unclean")")
    }
}
