import ZCNet
import ZCProto

/// Sends back whatever messages come.
struct GoimEcho: GoimHandler {
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
        peer.reply(to: proto, proto.bytes)
    }
}

/// Leaves all answers to the library.
struct GoimSilence: GoimHandler {}

/// A goim server as a scenario sees it: by one of its transports.
struct CountedGoim: CountedServer {
    let server: GoimServer

    init<Handler: GoimHandler & SendableMetatype>(
        _ tcp: TCPServer.Configuration, overWebSocket: Bool, _ make: @escaping @Sendable () -> Handler
    ) throws {
        server = try GoimServer(
            tcp: overWebSocket ? nil : Self.anyPort, webSocket: overWebSocket ? Self.anyPort : nil,
            configuration: Self.configuration(tcp), make)
    }

    init(
        _ tcp: TCPServer.Configuration, overWebSocket: Bool,
        link body: @escaping @Sendable (GoimLink) async throws -> Void
    ) throws {
        server = try GoimServer(
            tcp: overWebSocket ? nil : Self.anyPort, webSocket: overWebSocket ? Self.anyPort : nil,
            configuration: Self.configuration(tcp), link: body)
    }

    private static let anyPort = "127.0.0.1:0"

    private static func configuration(_ tcp: TCPServer.Configuration) -> GoimServer.Configuration {
        var configuration = GoimServer.Configuration()
        configuration.tcp = tcp
        configuration.webSocket.tcp.socket = tcp.socket
        return configuration
    }

    var address: SocketAddress { server.tcpAddress ?? server.webSocketAddress ?? .unix(path: "") }
    var group: EventLoopGroup { server.group }
    func start() throws(SystemError) { try server.start() }
    func shutdown(grace: Duration) { server.shutdown(grace: grace) }
    func wait() { server.wait() }
    func snapshot() -> MetricsSnapshot { server.snapshot() }
}

extension Scenario {
    /// Echoes by links over both transports: lent, and kept.
    static func goimLinks(messages: Int) -> [Scenario] {
        [false, true].flatMap { overWebSocket in
            [1, 16].flatMap { pipelined in
                [false, true].map { isKept in
                    let transport = overWebSocket ? "ws " : ""
                    return Scenario(
                        name: "goim \(transport)link \(isKept ? "next" : "lent"), x \(pipelined)",
                        script: GoimScript.make(
                            .echo, bodyBytes: 16, pipelined: pipelined, overWebSocket: overWebSocket),
                        pipelined: pipelined, messages: messages, wakesTasks: true,
                        allocationsMax: isKept ? 1 : 0
                    ) { configuration in
                        try CountedGoim(configuration, overWebSocket: overWebSocket) { link in
                            if isKept {
                                while let message = try await link.next() { try await link.send(message) }
                            } else {
                                try await link.forEach { proto in
                                    link.trySend(proto.header, proto.bytes)
                                    return .next
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Every kind of goim's messages over both transports.
    static func goim(messages: Int) -> [Scenario] {
        [false, true].flatMap { overWebSocket in
            GoimScript.Kind.allCases.flatMap { kind in
                [1, 16].map { pipelined in
                    Scenario(
                        name: "goim \(overWebSocket ? "ws " : "")\(kind.rawValue), 32 B x \(pipelined)",
                        script: GoimScript.make(
                            kind, bodyBytes: 16, pipelined: pipelined, overWebSocket: overWebSocket),
                        pipelined: pipelined, messages: messages
                    ) { configuration in
                        if kind == .echo {
                            return try CountedGoim(configuration, overWebSocket: overWebSocket) { GoimEcho() }
                        }
                        return try CountedGoim(configuration, overWebSocket: overWebSocket) { GoimSilence() }
                    }
                }
            }
        }
    }
}
