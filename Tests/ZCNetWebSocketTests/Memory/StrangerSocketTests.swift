import TestSupport
import Testing
import ZCNet

@testable import ZCNetWebSocket

/// What `StrangerMemoryTests` has of strangers, over real sockets.
@Suite(.timeLimit(.minutes(10))) struct StrangerSocketTests {
    /// Begins a request and does not end it.
    private struct Stranger: ConnectionHandler {
        let head: String

        mutating func onOpen(_ peer: inout Peer) { peer.send(head) }
        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {}
    }

    /// Answers with how long each message was.
    private struct Counting: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            peer.send("\(message.payload.count)")
        }
    }

    /// Sends a message for each answer, and says what came.
    private struct Talking: WebSocketHandler {
        static let total = 60
        let answers: AsyncStream<String>.Continuation
        var count = 0

        init(_ answers: AsyncStream<String>.Continuation) { self.answers = answers }

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) { send(&peer) }

        private mutating func send(_ peer: inout WebSocketPeer) {
            count += 1
            let bytes = [UInt8](repeating: 7, count: 100_000 + count)
            // SAFETY: bytes have no padding.
            peer.send(binary: unsafe bytes.span.bytes)
        }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            answers.yield(message.text)
            if count < Self.total { send(&peer) } else { peer.close() }
        }

        mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            answers.yield("\(reason.code.rawValue)")
            answers.finish()
        }
    }

    @Test(arguments: [false, true])
    func strangersTakeNoMemoryFromAConversation(isCompressed: Bool) async throws {
        var configuration = Patience.webSocketServer
        configuration.tcp.group.limits.memoryBytesMax = 1 << 20
        configuration.tcp.group.limits.chunkBytes = 64 << 10
        configuration.tcp.group.loops = 1
        var settings = Patience.webSocketClient
        #if Deflate
        if isCompressed {
            configuration.options.deflate = DeflateOptions()
            settings.options.deflate = DeflateOptions()
        }
        #endif
        let server = try WebSocketServer(on: "127.0.0.1:0", configuration: configuration) { Counting() }
        try server.start()
        let (answers, continuation) = AsyncStream.makeStream(of: String.self)
        let group = try EventLoopGroup(loops: 1)
        let head = StrangerMemoryTests.unfinishedHead()
        let strangers = try TCPClient(group: group) { Stranger(head: head) }
        let client = try WebSocketClient(settings, group: group) { Talking(continuation) }
        try group.start()
        for _ in 0..<100 { _ = try await strangers.connect(to: "\(server.address)") }
        _ = try await client.connect(to: "ws://\(server.address)/")
        var came: [String] = []
        for await answer in answers {
            came.append(answer)
            for _ in 0..<2 { _ = try? await strangers.connect(to: "\(server.address)") }
        }
        let expected = (1...Talking.total).map { "\(100_000 + $0)" } + ["1000"]
        #expect(came == expected, "\(server.snapshot()[.memoryEvictions]) evicted")
        #expect(server.snapshot()[.memoryEvictions] > 50)
        group.shutdown(grace: .zero)
        group.wait()
        server.shutdown(grace: .zero)
        server.wait()
    }
}
