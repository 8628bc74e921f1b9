#if TLS
import Glibc
import Testing
import ZCNet
import ZCNetTLS
import ZCNetWebSocket

/// What is encoded once or lies in a file, sealed for each connection.
@Suite struct RoomsAndFilesTests {
    struct Member: WebSocketHandler {
        let rooms: Rooms<String>
        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            let isMember = rooms.join("all", peer)
            #expect(isMember)
            peer.send("joined")
        }
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            rooms.publish(message, to: "all")
        }
    }

    struct Listener: WebSocketHandler {
        let heard: Heard
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            let text = message.text
            heard.texts.withLock { $0.append(text) }
        }
    }

    final class Heard: Sendable {
        let texts = Locked<[String]>([])
    }

    @Test(arguments: [DriverChoice.epoll, .automatic], TLSVersions.allCases)
    func aPublicationReachesEveryMember(driver: DriverChoice, versions: TLSVersions) async throws {
        let rooms = Rooms<String>()
        var wanted = WebSocketServer.Configuration()
        wanted.tcp.group.loops = 2
        wanted.tcp.group.driver = driver
        wanted.tcp.security = try .tls(TLSSite.configuration { $0.versions = versions })
        let routes = WebSocketRoutes { $0.webSocket { Member(rooms: rooms) } }
        let server = try WebSocketServer(on: "127.0.0.1:0", configuration: wanted, routes: routes)
        try server.start()
        let heard = Heard()
        var settings = WebSocketClient.Configuration()
        settings.tcp.group.loops = 1
        settings.tcp.security = try .tls(TLSGuest.configuration())
        let client = try WebSocketClient(settings) { Listener(heard: heard) }
        try client.start()
        var sockets: [RemoteWebSocket] = []
        for _ in 0..<12 { sockets.append(try await client.connect(to: "wss://\(server.address)/")) }
        try await patiently { heard.texts.withLock { $0.count == 12 } }
        let long = String(repeating: "long ", count: 30_000)
        for text in ["short", long, "end"] { sockets[0].send(text) }
        try await patiently { heard.texts.withLock { $0.count == 12 * 4 } }
        let counts = heard.texts.withLock { texts in
            Dictionary(grouping: texts) { $0 }.mapValues(\.count)
        }
        #expect(counts == ["joined": 12, "short": 12, long: 12, "end": 12])
        client.shutdown(grace: .seconds(1))
        client.wait()
        server.shutdown(grace: .seconds(1))
        server.wait()
    }

    struct FileSender: ConnectionHandler {
        let path: String
        mutating func onOpen(_ peer: inout Peer) {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            defer { close(descriptor) }
            peer.send("before ")
            let sent = try? peer.send(file: descriptor)
            #expect(sent?.isAccepted == true)
            peer.send(" behind")
            peer.close()
        }
        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {}
    }

    @Test(arguments: [DriverChoice.epoll, .automatic], [Int32(0x303), 0x304])
    func filesAreSealed(driver: DriverChoice, version: Int32) async throws {
        let folder = try TemporaryFolder()
        let bytes = EchoOverTLSTests.bytes(700_001)
        let path = try folder.file("file", bytes)
        var wanted = TCPServer.Configuration()
        wanted.group.loops = 1
        wanted.group.driver = driver
        wanted.security = try .tls(TLSSite.configuration { $0.versions = .intermediate })
        let server = try TCPServer(on: "127.0.0.1:0", configuration: wanted) { FileSender(path: path) }
        try server.start()
        let port = try #require(server.address.port)
        let got = try await onThread {
            let client = try TLSClient(port: port, versionMax: version)
            return try client.receive(bytes.count + 100)
        }
        #expect(got == Array("before ".utf8) + bytes + Array(" behind".utf8))
        server.shutdown(grace: .seconds(1))
        server.wait()
    }
}
#endif
