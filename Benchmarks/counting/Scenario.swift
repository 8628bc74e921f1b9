import CProbe
import Glibc
import ZCNet
import ZCNetWebSocket

/// One handler under one load.
struct Scenario: Sendable {
    static let connections = 8

    var name: String
    var script: Script
    /// How many messages each connection has under way at once.
    var pipelined: Int
    var messages: Int
    var warmUpRounds = 50
    /// Whether only memory is asked about: the language's runtime counts references and locks its records
    /// when it wakes a task.
    var wakesTasks = false
    /// How many allocations a message may cost: one where it is to be kept.
    var allocationsMax = 0
    var makeServer: MakeServer

    /// Whether the loop's thread did what it should not do per message.
    func isBroken(by tally: Tally, messages: Int) -> Bool {
        if !wakesTasks { return tally != Tally() }
        return max(tally.allocations, tally.frees) > allocationsMax * messages
    }

    typealias MakeServer = @Sendable (TCPServer.Configuration) throws -> any CountedServer

    struct Outcome {
        var tally: Tally
        var messages: Int
        /// Receptions of the loop, which pipelining makes fewer than messages.
        var receptions: Int
        /// Writes that the kernel took less of than offered: the loop was not in its steady state.
        var partialSends: Int
    }

    /// Serves, warms up, and counts what the loop's thread does for the messages.
    func run(on driver: DriverChoice) throws -> Outcome {
        var configuration = TCPServer.Configuration()
        configuration.group.loops = 1
        configuration.group.driver = driver
        configuration.socket.sendBufferBytes = Peers.bufferBytes
        let server = try makeServer(configuration)
        try server.start()
        defer {
            server.shutdown(grace: .zero)
            server.wait()
        }
        var peers = try Peers(count: Self.connections, to: server.address, script)
        let atOnce = Self.connections * pipelined
        let rounds = (messages + atOnce - 1) / atOnce
        try peers.play(rounds: max(rounds / 20, warmUpRounds))

        let window = Window(on: server.group.loops[0])
        let before = server.snapshot()
        let tally = try Self.count(window, &peers, rounds)
        let after = server.snapshot()
        var outcome = Outcome(
            tally: tally, messages: rounds * atOnce, receptions: after[.receives] - before[.receives],
            partialSends: after[.partialSends] - before[.partialSends])
        // Why again: who drops a post's last reference is a matter of luck, now and then of bad luck. What
        // messages cost, the same messages cost again.
        for _ in 0..<4 where isBroken(by: outcome.tally, messages: outcome.messages) {
            outcome.tally = outcome.tally.least(try Self.count(window, &peers, rounds))
        }
        return outcome
    }

    private static func count(_ window: Window, _ peers: inout Peers, _ rounds: Int) throws -> Tally {
        var failure: (any Error)?
        let tally = window.count {
            do { try peers.play(rounds: rounds) } catch { failure = error }
        }
        if let failure { throw failure }
        return tally
    }
}

extension Scenario {
    private static let handlers: [(name: String, make: MakeServer)] = [
        ("struct", { try TCPServer(on: "127.0.0.1:0", configuration: $0) { Echo() } }),
        ("struct, state", { try TCPServer(on: "127.0.0.1:0", configuration: $0) { CountingEcho() } }),
        ("state, lent", { try TCPServer(on: "127.0.0.1:0", configuration: $0) { LendingEcho() } }),
        ("class", { try TCPServer(on: "127.0.0.1:0", configuration: $0) { ObjectEcho() } }),
    ]

    private static let loads = [32, 512, 16_384].flatMap { bytes in [1, 16].map { (bytes, $0) } }

    /// Every handler under every load.
    static func all(messages: Int) -> [Scenario] {
        let overTCP = handlers.flatMap { handler in
            loads.map { bytes, pipelined in
                Scenario(
                    name: "\(handler.name), \(bytes) B x \(pipelined)",
                    script: .echo(bytesAtOnce: bytes * pipelined), pipelined: pipelined, messages: messages,
                    makeServer: handler.make)
            }
        }
        let overWebSocket = [true, false].flatMap { isText in
            loads.map { bytes, pipelined in
                Scenario(
                    name: "ws \(isText ? "text" : "binary"), \(bytes) B x \(pipelined)",
                    script: WebSocketScript.echo(
                        isText: isText, payloadBytes: bytes, pipelined: pipelined),
                    pipelined: pipelined, messages: messages, makeServer: makeWebSocketServer)
            }
        }
        let overLinks = faces.flatMap { face in
            loads.map { bytes, pipelined in
                Scenario(
                    name: "link \(face.name), \(bytes) B x \(pipelined)",
                    script: WebSocketScript.echo(isText: false, payloadBytes: bytes, pipelined: pipelined),
                    pipelined: pipelined, messages: messages, wakesTasks: true,
                    allocationsMax: face.allocationsMax, makeServer: face.make)
            }
        }
        var all =
            overTCP + overWebSocket + overLinks + goim(messages: messages) + goimLinks(messages: messages)
            + trades(messages: messages)
            + nats(messages: messages) + [
                straddling(messages: messages), idle(messages: messages),
            ]
        #if TLS
        all += secure(messages: messages)
        #endif
        return all
    }

    /// More at once than one reception takes, so that each ends within a message whose rest comes with the
    /// next.
    private static func straddling(messages: Int) -> Scenario {
        Scenario(
            name: "ws binary, 50000 B x 16",
            script: WebSocketScript.echo(isText: false, payloadBytes: 50_000, pipelined: 16), pipelined: 16,
            messages: messages / 4, makeServer: makeWebSocketServer)
    }

    /// Links whose messages are lent, and those whose messages may be kept.
    private static let faces: [(name: String, allocationsMax: Int, make: MakeServer)] = [
        (
            "for each", 0,
            makeLinkServer { link in
                try await link.forEach { message in
                    link.trySend(message)
                    return .next
                }
            }
        ),
        (
            "receive", 0,
            makeLinkServer { link in while try await link.receive({ link.trySend($0) }) != nil {} }
        ),
        (
            "next", 1,
            makeLinkServer { link in
                while let message = try await link.next() { try await link.send(message) }
            }
        ),
        (
            "for await", 1,
            makeLinkServer { link in
                for try await message in link.messages { try await link.send(message) }
            }
        ),
    ]

    private static func makeLinkServer(
        _ body: @escaping @Sendable (WebSocketLink) async throws -> Void
    ) -> MakeServer {
        { tcp in
            var configuration = WebSocketServer.Configuration()
            configuration.tcp = tcp
            return try WebSocketServer(on: "127.0.0.1:0", configuration: configuration, link: body)
        }
    }

    private static let makeWebSocketServer: MakeServer = { tcp in
        var configuration = WebSocketServer.Configuration()
        configuration.tcp = tcp
        return try WebSocketServer(on: "127.0.0.1:0", configuration: configuration) { WebSocketEcho() }
    }

    /// Connections that are asked for pongs again and again. A message is a ping.
    private static func idle(messages: Int) -> Scenario {
        Scenario(
            name: "ws idle, pings", script: WebSocketScript.idle, pipelined: 1,
            messages: min(messages, 12 * connections), warmUpRounds: 3
        ) { tcp in
            var configuration = WebSocketServer.Configuration()
            configuration.tcp = tcp
            configuration.options.pingInterval = .milliseconds(10)
            // The script answers one ping of several that may have come: how late is not the question.
            configuration.options.pongTimeout = .seconds(10)
            return try WebSocketServer(on: "127.0.0.1:0", configuration: configuration) { WebSocketEcho() }
        }
    }

    /// A handler that does what must not be done, once per reception.
    static let wasteful = Scenario(
        name: "planted waste", script: .echo(bytesAtOnce: 512), pipelined: 1, messages: 2000,
        makeServer: { try TCPServer(on: "127.0.0.1:0", configuration: $0) { WastefulEcho() } })
}
