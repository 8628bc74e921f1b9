import Testing
import ZCNet

@testable import ZCNetWebSocket

/// Requests and conversations over real sockets, with a client of the TCP layer.
@Suite(.timeLimit(.minutes(10))) struct RealServerTests {
    /// Sends a text when it is connected and collects what comes.
    struct Collector: ConnectionHandler {
        let text: String
        let received: Locked<[UInt8]>
        let ended: AsyncStream<Void>.Continuation

        mutating func onOpen(_ peer: inout Peer) { peer.send(text) }
        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
            let bytes = data.copy()
            let copied = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
            received.withLock { $0 += copied }
        }
        mutating func onClose(_ peer: inout Peer, _ reason: CloseReason) { ended.finish() }
    }

    /// What a server answers to a text, until it ends the connection.
    static func exchange(
        _ text: String, _ configure: (inout WebSocketServer.Configuration) -> Void = { _ in }
    )
        async throws -> String
    {
        var configuration = WebSocketServer.Configuration()
        // A decision by a task waits for a thread, of which other tests may have taken all.
        configuration.handshakeTimeout = .seconds(600)
        configure(&configuration)
        let group = try EventLoopGroup(loops: 2)
        let server = try WebSocketServer(
            on: "127.0.0.1:0", configuration: configuration, group: group,
            routes: WebSocketRoutes { routes in
                routes.page("/", "<title>here</title>")
                routes.get("/who") { HTTPResponse(status: 200, text: "\($0.remoteAddress)\n") }
                routes.metrics()
                routes.varz()
                routes.webSocket("/chat", policy: .asynchronous { _ in .accept() }) { Quiet() }
            })
        let received = Locked<[UInt8]>([])
        let (end, ended) = AsyncStream.makeStream(of: Void.self)
        let client = try TCPClient(group: group) { Collector(text: text, received: received, ended: ended) }
        try group.start()
        _ = try await client.connect(to: "\(server.address)")
        for await _ in end {}
        group.shutdown(grace: .seconds(1))
        group.wait()
        return String(decoding: received.withLock { $0 }, as: UTF8.self)
    }

    struct Quiet: WebSocketHandler {
        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) { peer.close() }
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    }

    @Test func pagesFiguresAndAddresses() async throws {
        let answer = try await Self.exchange(
            "PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\n"
                + "GET / HTTP/1.1\r\nHost: h\r\n\r\nHEAD / HTTP/1.1\r\nHost: h\r\n\r\n"
                + "POST /who HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /who HTTP/1.1\r\nHost: h\r\n\r\nGET /varz HTTP/1.1\r\nHost: h\r\n\r\n"
                + "GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        ) { $0.proxyProtocol = .required }
        #expect(answer.components(separatedBy: "HTTP/1.1 200 OK") == 6)
        #expect(answer.components(separatedBy: "HTTP/1.1 405 ") == 2)
        #expect(answer.contains("203.0.113.9:4711\n"))
        #expect(answer.contains("\"webSocket\":{"))
        #expect(answer.contains("zcnet_websocket_requests_total 6\n"))
    }

    @Test func aConversationDecidedByATask() async throws {
        let answer = try await Self.exchange(LateDecisionTests.request("/chat")) {
            $0.options.closeTimeout = .milliseconds(50)
        }
        #expect(answer.hasPrefix("HTTP/1.1 101 "))
    }

    @Test func whatIsNoRequestIsRefused() async throws {
        let answer = try await Self.exchange("\u{16}\u{3}\u{1}")
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        #expect(answer.contains("TLS handshake"))
    }
}
