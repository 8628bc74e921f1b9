import Glibc
import Testing

@testable import ZCNet
@testable import ZCNetWebSocket

/// A close frame that the kernel will not send, over io_uring, where a send that fails is only heard of
/// later: the client's conversation ends at once, and not when somebody's patience does.
@Suite(
    .enabled(if: StoppedProcessTests.drivers.contains("uring"), "needs io_uring"), .timeLimit(.minutes(10)))
struct UnsendableCloseTests {
    private static let patience = Duration.seconds(120)

    /// Has the kernel refuse whatever is sent from here on, and closes where it is told to.
    private struct Mute: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            // In the socket's place something that is none. The socket itself stays with the reception that
            // is under way, so that the client sees nothing of it.
            let nothing = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
            let descriptor = peer.conversation.base.slot[].descriptor.rawValue
            #expect(nothing >= 0 && dup2(nothing, descriptor) == descriptor)
            close(nothing)
            if message.text == "close" { peer.close() }
        }
    }

    private struct Client: WebSocketHandler {
        let ends: AsyncStream<WebSocketCloseReason>.Continuation

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
        mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            ends.yield(reason)
        }
    }

    /// The server closes, or the client does and is owed an answer.
    @Test(arguments: ["close", "wait"])
    func theClientHearsOfTheEnd(text: String) async throws {
        var configuration = WebSocketServer.Configuration()
        configuration.tcp.group.loops = 1
        configuration.tcp.group.driver = .uring
        configuration.options.closeTimeout = Self.patience
        configuration.options.pingInterval = nil
        configuration.options.connection.lingerTimeout = Self.patience
        let server = try WebSocketServer(on: "127.0.0.1:0", configuration: configuration) { Mute() }
        try server.start()
        var clientConfiguration = WebSocketClient.Configuration()
        clientConfiguration.tcp.group.loops = 1
        clientConfiguration.tcp.group.driver = .uring
        clientConfiguration.options = configuration.options
        let (ends, end) = AsyncStream.makeStream(of: WebSocketCloseReason.self)
        let client = try WebSocketClient(clientConfiguration) { Client(ends: end) }
        try client.start()
        let start = MonotonicClock.system.now()
        let socket = try await client.connect(to: "ws://\(server.address)/")
        socket.send(text)
        if text == "wait" { socket.close() }
        var iterator = ends.makeAsyncIterator()
        let reason = await iterator.next()
        #expect(reason?.code == .abnormalClosure && reason?.isClean == false, "\(String(describing: reason))")
        #expect(MonotonicClock.system.now() - start < Self.patience / 2)
        client.shutdown(grace: .zero)
        server.shutdown(grace: .zero)
        try await onOwnThread {
            client.wait()
            server.wait()
        }
        // Where the client closed first, that is the reason all the same.
        #expect(server.snapshot()[.closedIO] == (text == "close" ? 1 : 0))
    }
}
