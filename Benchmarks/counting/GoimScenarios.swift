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
        var configuration = GoimServer.Configuration()
        configuration.tcp = tcp
        configuration.webSocket.tcp.socket = tcp.socket
        let address = "127.0.0.1:0"
        server = try GoimServer(
            tcp: overWebSocket ? nil : address, webSocket: overWebSocket ? address : nil,
            configuration: configuration, make)
    }

    var address: SocketAddress { server.tcpAddress ?? server.webSocketAddress ?? .unix(path: "") }
    var group: EventLoopGroup { server.group }
    func start() throws(SystemError) { try server.start() }
    func shutdown(grace: Duration) { server.shutdown(grace: grace) }
    func wait() { server.wait() }
    func snapshot() -> MetricsSnapshot { server.snapshot() }
}

extension Scenario {
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
