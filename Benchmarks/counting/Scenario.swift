import CProbe
import Glibc
import ZCNet

/// One handler under one load.
struct Scenario: Sendable {
    static let connections = 8

    var name: String
    var payloadBytes: Int
    var pipelined: Int
    var messages: Int
    var makeServer: MakeServer

    typealias MakeServer = @Sendable (TCPServer.Configuration) throws -> TCPServer

    struct Outcome {
        var tally: Tally
        var messages: Int
        /// Receptions of the loop, which pipelining makes fewer than messages.
        var receptions: Int
        /// Writes that the kernel took less of than offered: the loop was not in its steady state.
        var partialSends: Int
    }

    /// Serves, warms up, and counts what the loop's thread does for the messages.
    func run() throws -> Outcome {
        var configuration = TCPServer.Configuration()
        configuration.group.loops = 1
        configuration.group.driver = .epoll
        configuration.socket.sendBufferBytes = Peers.bufferBytes
        let server = try makeServer(configuration)
        try server.start()
        defer {
            server.shutdown(grace: .zero)
            server.wait()
        }
        var peers = try Peers(
            count: Self.connections, to: server.address, bytesAtOnce: payloadBytes * pipelined)
        let atOnce = Self.connections * pipelined
        let rounds = (messages + atOnce - 1) / atOnce
        try peers.echo(rounds: max(rounds / 20, 50))

        let window = Window(on: server.group.loops[0])
        let before = server.snapshot()
        var failure: (any Error)?
        let tally = window.count {
            do { try peers.echo(rounds: rounds) } catch { failure = error }
        }
        if let failure { throw failure }
        let after = server.snapshot()
        return Outcome(
            tally: tally, messages: rounds * atOnce, receptions: after[.receives] - before[.receives],
            partialSends: after[.partialSends] - before[.partialSends])
    }
}

extension Scenario {
    private static let handlers: [(name: String, make: MakeServer)] = [
        ("struct", { try TCPServer(on: "127.0.0.1:0", configuration: $0) { Echo() } }),
        ("struct, state", { try TCPServer(on: "127.0.0.1:0", configuration: $0) { CountingEcho() } }),
        ("class", { try TCPServer(on: "127.0.0.1:0", configuration: $0) { ObjectEcho() } }),
    ]

    /// Every handler under every load.
    static func all(messages: Int) -> [Scenario] {
        handlers.flatMap { handler in
            [32, 512, 16_384].flatMap { bytes in
                [1, 16].map { pipelined in
                    Scenario(
                        name: "\(handler.name), \(bytes) B x \(pipelined)", payloadBytes: bytes,
                        pipelined: pipelined, messages: messages, makeServer: handler.make)
                }
            }
        }
    }

    /// A handler that does what must not be done, once per reception.
    static let wasteful = Scenario(
        name: "planted waste", payloadBytes: 512, pipelined: 1, messages: 2000,
        makeServer: { try TCPServer(on: "127.0.0.1:0", configuration: $0) { WastefulEcho() } })
}
