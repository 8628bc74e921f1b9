#if TLS
import Testing
import ZCNet
import ZCNetTLS
import ZCNetWebSocket

/// Servers with TLS over real sockets, and clients that are OpenSSL's own.
@Suite struct EchoOverTLSTests {
    struct Echo: ConnectionHandler {
        let ends: Ends
        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
            // A word on which the server hangs up.
            if unsafe data.count == 4 && data.bytes.unsafeLoad(as: UInt8.self) == 0xFF {
                return peer.close()
            }
            peer.send(data)
        }
        mutating func onClose(_ peer: inout Peer, _ reason: CloseReason) {
            ends.causes.withLock { $0.append(reason.cause) }
        }
    }

    final class Ends: Sendable {
        let causes = Locked<[CloseCause]>([])

        func wait(_ count: Int) async throws -> [CloseCause] {
            for _ in 0..<12_000 {
                let seen = causes.withLock { $0 }
                if seen.count >= count { return seen }
                try await Task.sleep(for: .milliseconds(10))
            }
            return causes.withLock { $0 }
        }
    }

    static func configuration(_ change: (inout TLSServerConfiguration) -> Void = { _ in })
        -> TLSServerConfiguration
    {
        var configuration = TLSServerConfiguration(
            certificateChain: pem(TestCertificates.certificate), privateKey: pem(TestCertificates.key))
        change(&configuration)
        return configuration
    }

    static func serve(
        _ ends: Ends = Ends(), driver: DriverChoice = .automatic,
        _ change: (inout TLSServerConfiguration) -> Void = { _ in }
    ) throws -> TCPServer {
        var wanted = TCPServer.Configuration()
        wanted.group.loops = 1
        wanted.group.driver = driver
        wanted.security = try .tls(configuration(change))
        let server = try TCPServer(on: "127.0.0.1:0", configuration: wanted) { Echo(ends: ends) }
        try server.start()
        return server
    }

    static func stop(_ server: TCPServer) {
        server.shutdown(grace: .seconds(1))
        server.wait()
    }

    static func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    }

    @Test(
        arguments: [
            (0x1301, "TLS_AES_128_GCM_SHA256"), (0x1302, "TLS_AES_256_GCM_SHA384"),
            (0x1303, "TLS_CHACHA20_POLY1305_SHA256"),
        ] as [(UInt16, String)], [DriverChoice.epoll, .automatic])
    func messagesOfAllSizesComeBack(suite: (number: UInt16, name: String), driver: DriverChoice) async throws
    {
        let ends = Ends()
        let server = try Self.serve(ends, driver: driver)
        let port = try #require(server.address.port)
        try await onThread {
            let client = try TLSClient(port: port, suite: suite.name)
            #expect(client.suite == suite.number)
            for count in [1, 2, 15, 16, 17, 100, 1000, 16383, 16384, 16385, 70_000, 300_000] {
                let message = Self.bytes(count)
                #expect(try client.echo(message, step: 30_000) == message, "\(count) bytes")
            }
            client.sayEnd()
            #expect(try client.receiveSome() == [], "the server says close_notify too")
        }
        #expect(try await ends.wait(1) == [.peer])
        Self.stop(server)
    }

    @Test func keysAreUpdatedWithAndWithoutAsking() async throws {
        let ends = Ends()
        let server = try Self.serve(ends)
        let port = try #require(server.address.port)
        try await onThread {
            let client = try TLSClient(port: port)
            for turn in 0..<40 {
                try client.updateKeys(asking: turn % 2 == 0)
                let message = Self.bytes(100 + turn)
                #expect(try client.echo(message, step: 1000) == message)
            }
            client.sayEnd()
        }
        #expect(try await ends.wait(1) == [.peer])
        Self.stop(server)
    }

    @Test func anEndThatWasNotSaidIsATruncation() async throws {
        let ends = Ends()
        let server = try Self.serve(ends)
        let port = try #require(server.address.port)
        try await onThread {
            let client = try TLSClient(port: port)
            #expect(try client.echo([1, 2, 3], step: 3) == [1, 2, 3])
            client.cutOff()
        }
        let causes = try await ends.wait(1)
        guard case .protocolError(let rule) = causes.first else { return #expect(Bool(false), "\(causes)") }
        #expect(rule.text.contains("close_notify"))
        Self.stop(server)
    }

    @Test func theServersEndIsSaid() async throws {
        let ends = Ends()
        let server = try Self.serve(ends)
        let port = try #require(server.address.port)
        try await onThread {
            let client = try TLSClient(port: port)
            try client.send([0xFF, 0, 0, 0])
            #expect(try client.receiveSome() == [])
        }
        #expect(try await ends.wait(1) == [.local])
        Self.stop(server)
    }

    @Test func bytesBesideTheRecordsAreAnsweredWithAnAlert() async throws {
        let ends = Ends()
        let server = try Self.serve(ends)
        let port = try #require(server.address.port)
        try await onThread {
            let client = try TLSClient(port: port)
            #expect(try client.echo([1, 2, 3], step: 3) == [1, 2, 3])
            client.sendRaw(Array("GET / HTTP/1.1\r\n\r\n".utf8))
            #expect { _ = try client.receiveSome() } throws: { "\($0)".contains("unexpected message") }
        }
        let causes = try await ends.wait(1)
        guard case .protocolError(let rule) = causes.first else { return #expect(Bool(false), "\(causes)") }
        #expect(rule.text == "RFC 8446 5.1: records are of type 23, got 71")
        Self.stop(server)
    }

    /// Nobody has a handler yet whose handshake fails; the client is told why.
    @Test func anOlderVersionIsTurnedAwayWithTheRightAlert() async throws {
        let server = try Self.serve()
        let port = try #require(server.address.port)
        await #expect {
            try await onThread { _ = try TLSClient(port: port, versionMax: TLSClient.version12) }
        } throws: { "\($0)".contains("protocol version") }
        Self.stop(server)
    }

    @Test func protocolsAreAgreedOnOrTurnedAway() async throws {
        let server = try Self.serve { $0.applicationProtocols = ["h9", "http/1.1"] }
        let port = try #require(server.address.port)
        try await onThread {
            let client = try TLSClient(port: port, protocols: [8] + Array("http/1.1".utf8))
            #expect(client.chosenProtocol == "http/1.1")
            #expect(try client.echo([5], step: 1) == [5])
        }
        await #expect {
            try await onThread { _ = try TLSClient(port: port, protocols: [3] + Array("abc".utf8)) }
        } throws: { "\($0)".contains("no application protocol") }
        Self.stop(server)
    }

    /// More at once than a turn takes.
    @Test(arguments: [DriverChoice.epoll, .automatic])
    func aCrowdIsServedInTurn(driver: DriverChoice) async throws {
        let server = try Self.serve(driver: driver)
        let port = try #require(server.address.port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<24 {
                group.addTask {
                    try await onThread {
                        let client = try TLSClient(port: port)
                        let message = Self.bytes(1000 + number)
                        #expect(try client.echo(message, step: 100) == message)
                        client.sayEnd()
                    }
                }
            }
            try await group.waitForAll()
        }
        Self.stop(server)
        #expect(server.connectionCount == 0)
    }

    struct Parrot: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            peer.send(message)
        }
    }

    @Test(arguments: [DriverChoice.epoll, .automatic])
    func webSocketsSpeakOverTLS(driver: DriverChoice) async throws {
        var wanted = WebSocketServer.Configuration()
        wanted.tcp.group.loops = 1
        wanted.tcp.group.driver = driver
        wanted.tcp.security = try .tls(Self.configuration())
        wanted.origins = .any
        let routes = WebSocketRoutes { $0.webSocket { Parrot() } }
        let server = try WebSocketServer(on: "127.0.0.1:0", configuration: wanted, routes: routes)
        try server.start()
        let port = try #require(server.address.port)
        try await onThread {
            let client = try TLSClient(port: port)
            try client.send(
                Array(
                    ("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: c2ltdWxhdGVkIG5vbmNlIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                        .utf8))
            var head: [UInt8] = []
            while !head.suffix(4).elementsEqual([13, 10, 13, 10]) { head += try client.receive(1) }
            #expect(String(decoding: head, as: UTF8.self).hasPrefix("HTTP/1.1 101"))
            for count in [5, 126, 70_000] {
                let payload = Self.bytes(count)
                let length: [UInt8] =
                    count < 126
                    ? [UInt8(count)]
                    : count < 65536
                        ? [126, UInt8(count >> 8), UInt8(count & 0xFF)]
                        : [
                            127, 0, 0, 0, 0, 0, UInt8(count >> 16), UInt8(count >> 8 & 0xFF),
                            UInt8(count & 0xFF),
                        ]
                let masked = [length[0] | 0x80] + length.dropFirst()
                try client.send([0x82] + masked + [0, 0, 0, 0] + payload)
                let answer = try client.receive(1 + length.count + count)
                #expect(answer == [0x82] + length + payload)
            }
        }
        server.shutdown(grace: .seconds(1))
        server.wait()
    }

    // MARK: Configuration

    private static func complaint(_ configuration: TLSServerConfiguration) -> ConfigurationError? {
        do {
            _ = try ConnectionSecurity.tls(configuration)
            return nil
        } catch {
            return error as? ConfigurationError
        }
    }

    @Test func whatIsWrongWithAConfigurationIsSaidAtOnce() {
        let wrong: [(field: String, change: (inout TLSServerConfiguration) -> Void)] = [
            ("sessionTickets", { $0.sessionTickets = -1 }),
            ("handshakeTimeout", { $0.handshakeTimeout = .zero }),
            ("applicationProtocols", { $0.applicationProtocols = [""] }),
            ("handshakesUnderWayMax", { $0.handshakesUnderWayMax = 0 }),
            ("sessionLifetime", { $0.sessionLifetime = .zero }),
            ("certificates", { $0.certificates = [] }),
            ("certificates[0].names", { $0.certificates[0].names = ["a*.test"] }),
            ("certificates[0].chain", { $0.certificates[0].chain = .bytes([]) }),
            ("certificates[0].chain", { $0.certificates[0].chain = pem(TestCertificates.key) }),
            ("certificates[0].chain", { $0.certificates[0].chain = .file("/nowhere/at-all.pem") }),
            (
                "certificates[0].chain",
                {
                    $0.certificates[0].chain = .bytes(
                        Array(TestCertificates.certificate.utf8).dropLast(60) + [10])
                }
            ),
            ("certificates[0].key", { $0.certificates[0].key = pem("no key") }),
            ("certificates[0].key", { $0.certificates[0].key = pem(TestCertificates.otherKey) }),
            ("certificates[0].passphrase", { $0.certificates[0].key = pem(TestCertificates.encryptedKey) }),
            (
                "certificates[0].passphrase",
                {
                    $0.certificates[0].key = pem(TestCertificates.encryptedKey)
                    $0.certificates[0].passphrase = "simsalabim"
                }
            ),
            ("certificates[0].staple", { $0.certificates[0].staple = "/dev/null" }),
            (
                "certificates[1].key",
                {
                    $0.certificates.append(
                        TLSCertificate(
                            chain: pem(TestAuthority.siteA), key: pem(TestAuthority.siteBKey)))
                }
            ),
            ("clientAuthentication", { $0.clientAuthentication = .wanted(.bytes([])) }),
        ]
        for (field, change) in wrong {
            #expect(Self.complaint(Self.configuration(change))?.field == field)
        }
        #expect(Self.complaint(Self.configuration()) == nil)
        let encrypted = Self.configuration {
            $0.certificates[0].key = pem(TestCertificates.encryptedKey)
            $0.certificates[0].passphrase = "sesame"
        }
        #expect(Self.complaint(encrypted) == nil)
    }
}

/// Text as a configuration takes it.
func pem(_ text: String) -> PEMSource { .bytes(Array((text + "\n").utf8)) }

extension TLSClient {
    static var version12: Int32 { 0x0303 }
}
#endif
