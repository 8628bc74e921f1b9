import Testing

@testable import ZCNet
@testable import ZCNetWebSocket

/// The client on real sockets, against the real server.
@Suite(.timeLimit(.minutes(20))) struct ClientSocketTests {
    /// What the client's handler was told, in order.
    enum Event: Hashable, Sendable {
        case open(subprotocol: String?, isCompressed: Bool)
        case text(String)
        case binary([UInt8])
        case pong
        case close(WebSocketCloseReason)
    }

    struct Reader: WebSocketHandler {
        let events: AsyncStream<Event>.Continuation

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            events.yield(.open(subprotocol: upgrade.subprotocol, isCompressed: upgrade.isCompressed))
        }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            if message.isText { return _ = events.yield(.text(message.text)) }
            events.yield(.binary(unsafe message.bytes.withUnsafeBytes { unsafe Array($0) }))
        }

        mutating func onPong(_ payload: RawSpan, from peer: inout WebSocketPeer) { events.yield(.pong) }

        mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            events.yield(.close(reason))
        }
    }

    /// Sends back what comes, texts in three fragments.
    struct FragmentingEcho: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            let bytes = message.bytes
            guard message.isText, bytes.byteCount > 2 else { return _ = peer.send(message) }
            let third = bytes.byteCount / 3
            peer.send(fragment: bytes.extracting(0..<third), isText: true, isFirst: true, isFinal: false)
            peer.ping()
            peer.send(
                fragment: bytes.extracting(third..<third * 2), isText: true, isFirst: false, isFinal: false)
            peer.send(
                fragment: bytes.extracting(third * 2..<bytes.byteCount), isText: true, isFirst: false,
                isFinal: true)
        }
    }

    struct Echo: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            if message.isText && message.text == "bye" { return peer.close(.goingAway, reason: "as asked") }
            peer.send(message)
        }
    }

    /// Takes connections, and says nothing.
    struct Silence: ConnectionHandler {
        let events: AsyncStream<String>.Continuation

        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
            events.yield("request")
        }

        mutating func onClose(_ peer: inout Peer, _ reason: CloseReason) { events.yield("end") }
    }

    struct Client {
        let client: WebSocketClient
        var events: AsyncStream<Event>.Iterator

        init(_ change: (inout WebSocketClient.Configuration) -> Void = { _ in }) throws {
            let (stream, source) = AsyncStream.makeStream(of: Event.self)
            var configuration = WebSocketClient.Configuration()
            // Far longer than a busy machine takes; who looks at these limits sets them.
            configuration.handshakeTimeout = .seconds(600)
            configuration.tcp.connectTimeout = .seconds(600)
            configuration.tcp.group.loops = 1
            change(&configuration)
            client = try WebSocketClient(configuration) { Reader(events: source) }
            events = stream.makeAsyncIterator()
            try client.start()
        }

        mutating func next() async -> Event? { await events.next() }

        func finish() async throws {
            client.shutdown(grace: .milliseconds(100))
            let client = client
            try await waited { client.wait() }
        }
    }

    /// Waits on a thread of its own: the tests' threads are few.
    static func waited(_ wait: @escaping @Sendable () -> Void) async throws {
        let (stream, source) = AsyncStream.makeStream(of: Void.self)
        try PosixThread(name: "test-wait") {
            wait()
            source.finish()
        }.detach()
        for await _ in stream {}
    }

    static func configuration() -> WebSocketServer.Configuration {
        var configuration = WebSocketServer.Configuration()
        configuration.tcp.group.loops = 1
        configuration.handshakeTimeout = .seconds(600)
        configuration.options.messageBytesMax = 8 << 20
        return configuration
    }

    static func server(
        on address: String = "127.0.0.1:0", _ change: (inout WebSocketServer.Configuration) -> Void = { _ in }
    ) throws -> WebSocketServer {
        var configuration = configuration()
        change(&configuration)
        let server = try WebSocketServer(
            on: address, configuration: configuration,
            routes: WebSocketRoutes { routes in
                routes.webSocket("/fragments") { FragmentingEcho() }
                routes.webSocket("/", subprotocols: ["v2", "v1"]) { Echo() }
            })
        try server.start()
        return server
    }

    static func finish(_ server: WebSocketServer) async throws {
        server.shutdown(grace: .milliseconds(100))
        try await waited { server.wait() }
    }

    static func socketPath() -> String {
        "/tmp/zcnet-client-\(UInt64.random(in: .min ... .max)).sock"
    }

    @Test(arguments: [false, true])
    func echoesOverTCPAndUnixSockets(isUnix: Bool) async throws {
        let path = Self.socketPath()
        let server = try Self.server(on: isUnix ? "unix:\(path)" : "127.0.0.1:0")
        var client = try Client {
            $0.subprotocols = ["v1"]
            $0.options.messageBytesMax = 8 << 20
        }
        let url = isUnix ? "ws+unix:\(path):/" : "ws://\(server.address)/"
        let socket = try await client.client.connect(to: url)
        #expect(await client.next() == .open(subprotocol: "v1", isCompressed: false))
        let large = (0..<4 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        socket.send("h\u{E9}llo")
        socket.send(binary: SharedBytes(copying: large))
        socket.send("")
        socket.ping()
        #expect(await client.next() == .text("h\u{E9}llo"))
        #expect(await client.next() == .binary(large))
        #expect(await client.next() == .text(""))
        #expect(await client.next() == .pong)
        socket.send("bye")
        let reason = WebSocketCloseReason(code: .goingAway, text: "as asked", cause: .peer, isClean: true)
        #expect(await client.next() == .close(reason))
        try await client.finish()
        try await Self.finish(server)
    }

    @Test func messagesInFragmentsAreWhole() async throws {
        let server = try Self.server()
        var client = try Client()
        let socket = try await client.client.connect(to: "ws://\(server.address)/fragments")
        _ = await client.next()
        let text = String(repeating: "přílišně ", count: 5000)
        socket.send(text)
        #expect(await client.next() == .text(text))
        socket.close(WebSocketCloseCode(rawValue: 4000), reason: "mine")
        // The server says the code back and no text, which agrees to this one.
        let reason = WebSocketCloseReason(
            code: WebSocketCloseCode(rawValue: 4000), text: "mine", cause: .local, isClean: true)
        #expect(await client.next() == .close(reason))
        try await client.finish()
        try await Self.finish(server)
    }

    @Test(arguments: [false, true])
    func compresses(forgets: Bool) async throws {
        var deflate = DeflateOptions()
        deflate.serverNoContextTakeover = forgets
        deflate.clientNoContextTakeover = forgets
        let options = deflate
        let server = try Self.server { $0.options.deflate = options }
        var client = try Client { $0.options.deflate = options }
        let socket = try await client.client.connect(to: "ws://\(server.address)/")
        #expect(await client.next() == .open(subprotocol: nil, isCompressed: true))
        for number in 0..<5 {
            let text = String(repeating: "message \(number) ", count: 5000)
            socket.send(text)
            #expect(await client.next() == .text(text))
        }
        #expect(client.client.snapshot()[.bytesIn] < 30_000)
        try await client.finish()
        try await Self.finish(server)
    }

    @Test func manyConnectionsAtOnceOnSeveralLoops() async throws {
        let server = try Self.server()
        let client = try Client { $0.tcp.group.loops = 2 }
        let url = "ws://\(server.address)/"
        let inner = client.client
        let count = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 {
                group.addTask { inner.group.loop(of: try await inner.connect(to: url).id) != nil }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(count == 100)
        try await client.finish()
        try await Self.finish(server)
    }

    /// One group serves both; the client is also its own server's client.
    @Test func aClientMayShareItsServersLoops() async throws {
        let group = try EventLoopGroup(loops: 1)
        let (stream, source) = AsyncStream.makeStream(of: Event.self)
        let server = try WebSocketServer(
            on: "127.0.0.1:0", configuration: Self.configuration(), group: group
        ) { Echo() }
        var patient = WebSocketClient.Configuration()
        patient.handshakeTimeout = .seconds(600)
        patient.tcp.connectTimeout = .seconds(600)
        let client = try WebSocketClient(patient, group: group) { Reader(events: source) }
        try group.start()
        let socket = try await client.connect(to: "ws://localhost:\(server.address.port ?? 0)/")
        socket.send("to myself")
        var events = stream.makeAsyncIterator()
        _ = await events.next()
        #expect(await events.next() == .text("to myself"))
        group.shutdown(grace: .milliseconds(100))
        try await Self.waited { group.wait() }
    }

    // MARK: Failures

    static func failure(_ client: WebSocketClient, _ url: String) async -> WebSocketConnectError.Cause? {
        do throws(WebSocketConnectError) {
            _ = try await client.connect(to: url)
            return nil
        } catch {
            return error.cause
        }
    }

    @Test func whatCannotBeReached() async throws {
        let client = try Client()
        guard
            case .unreachable(let refused) = await Self.failure(client.client, "ws+unix:\(Self.socketPath())")
        else {
            Issue.record("expected nobody there")
            return
        }
        #expect(refused.cause == .refused && refused.attempts.count == 1)
        guard case .request = await Self.failure(client.client, "wss://127.0.0.1/") else {
            Issue.record("expected no TLS")
            return
        }
        try await client.finish()
        #expect(await Self.failure(client.client, "ws://127.0.0.1:1/") == .stopped)
    }

    @Test func theServersRefusalHasItsWords() async throws {
        let server = try Self.server()
        let client = try Client()
        guard
            case .refused(let refusal) = await Self.failure(client.client, "ws://\(server.address)/nowhere")
        else {
            Issue.record("expected a refusal")
            return
        }
        #expect(refusal.head.status == 404 && refusal.bodyText == "nothing is here\n")
        try await client.finish()
        try await Self.finish(server)
    }

    @Test func aSilentServerIsGivenUp() async throws {
        let (_, source) = AsyncStream.makeStream(of: String.self)
        let server = try TCPServer(on: "127.0.0.1:0") { Silence(events: source) }
        try server.start()
        let client = try Client { $0.handshakeTimeout = .milliseconds(50) }
        #expect(await Self.failure(client.client, "ws://\(server.address)/") == .timedOut)
        try await client.finish()
        server.shutdown(grace: .zero)
        try await Self.waited { server.wait() }
    }

    /// Cancelling while the server is thinking: the answer comes at once, and the server sees the end.
    @Test func cancellingEndsAnAttempt() async throws {
        let (stream, source) = AsyncStream.makeStream(of: String.self)
        let server = try TCPServer(on: "127.0.0.1:0") { Silence(events: source) }
        try server.start()
        let client = try Client()
        let url = "ws://\(server.address)/"
        let inner = client.client
        let attempt = Task { await Self.failure(inner, url) }
        var events = stream.makeAsyncIterator()
        #expect(await events.next() == "request")
        attempt.cancel()
        #expect(await attempt.value == .cancelled)
        #expect(await events.next() == "end")
        let hopeless = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await Self.failure(inner, url)
        }
        #expect(await hopeless.value == .cancelled)
        try await client.finish()
        server.shutdown(grace: .zero)
        try await Self.waited { server.wait() }
    }

    // MARK: Coming back

    @Test func aRestartedServerIsFoundAgain() async throws {
        let path = Self.socketPath()
        var server = try Self.server(on: "unix:\(path)")
        let client = try Client()
        let (stream, source) = AsyncStream.makeStream(of: ReconnectingWebSocket.State.self)
        var policy = ReconnectPolicy()
        policy.initialDelay = .milliseconds(1)
        policy.delayMax = .milliseconds(10)
        let feed = try ReconnectingWebSocket(client.client, to: "ws+unix:\(path)", policy: policy) {
            source.yield($0)
        }
        feed.start()
        var states = stream.makeAsyncIterator()
        for _ in 0..<3 {
            try #require(await Self.isOpen(&states))
            try await Self.finish(server)
            server = try Self.server(on: "unix:\(path)")
        }
        try #require(await Self.isOpen(&states))
        feed.stop()
        #expect(feed.state == .stopped(nil))
        try await client.finish()
        try await Self.finish(server)
    }

    private static func isOpen(_ states: inout AsyncStream<ReconnectingWebSocket.State>.Iterator) async
        -> Bool
    {
        while let state = await states.next() {
            if case .open = state { return true }
            if state.isStopped { return false }
        }
        return false
    }
}
