#if TLS
import COpenSSL
import Testing
import ZCNet
import ZCNetWebSocket

@testable import ZCNetTLS

/// This library's clients over real sockets, with its own servers.
@Suite struct ClientOverTLSTests {
    @Test(arguments: TLSVersions.allCases, [DriverChoice.epoll, .automatic])
    func messagesOfAllSizesComeBack(versions: TLSVersions, driver: DriverChoice) async throws {
        let site = try TLSSite(driver: driver) {
            $0.versions = .intermediate
            $0.applicationProtocols = ["b", "a"]
        }
        let guest = try TLSGuest(driver: driver) {
            $0.versions = versions
            $0.applicationProtocols = ["a", "b"]
        }
        for count in [1, 17, 1000, 16384, 16385, 70_000, 300_000] {
            let seen = try await guest.echo(EchoOverTLSTests.bytes(count), at: site.endpoint)
            #expect(seen.reason?.cause == .local)
            let security = try #require(seen.security)
            #expect(security.version == "TLSv1.3" && security.applicationProtocol == "b")
            #expect(security.serverName == "a.test")
            #expect(security.cipherSuite.hasPrefix("TLS_"))
            #expect(security.peer?.subject == "CN=a.test")
            let names = [
                ProvenPeer.Name.host("a.test"), .host("www.a.test"), .address(IPAddress(127, 0, 0, 1)),
            ]
            #expect(security.peer?.names == names)
        }
        guest.stop()
        for seen in try await site.ended(7) {
            #expect(seen.reason?.cause == .peer, "close_notify was said")
            #expect(seen.security?.serverName == "a.test" && seen.security?.peer == nil)
        }
        let figures = site.server.snapshot()
        #expect(figures[.tlsHandshakesFull] + figures[.tlsHandshakesResumed] == 7)
        #expect(figures[.tlsHandshakesUnderWay] == 0)
        #expect(figures[.tlsVersion13] == 7 && figures[.tlsVersion12] == 0)
        let ciphers = [Metric.tlsCipherAES128, .tlsCipherAES256, .tlsCipherChaCha20].map { figures[$0] }
        #expect(ciphers.reduce(0, +) == 7, "\(ciphers)")
        site.stop()
    }

    // MARK: Whom to trust

    @Test(arguments: [
        ("a.test", true), ("www.a.test", true), ("A.TEST", true), ("a.test.", true), ("127.0.0.1", true),
        ("b.test", false),
        ("x.a.test", false), ("127.0.0.2", false), ("::1", false), ("a.test.evil.test", false),
    ])
    func theCertificateIsForWhomItIsMeant(name: String, isRight: Bool) async throws {
        let site = try TLSSite()
        let guest = try TLSGuest { $0.serverName = name }
        let complaint = await guest.complaint(at: site.endpoint)
        #expect((complaint == nil) == isRight, "\(name): \(String(describing: complaint))")
        if !isRight {
            #expect(complaint?.code == .name && complaint?.expected.contains(name) == true)
            #expect(complaint?.got.contains("www.a.test") == true)
        }
        guest.stop()
        site.stop()
    }

    /// RFC 6125 6.4.3.
    @Test(arguments: [
        ("x.b.test", true), ("X.B.test", true), ("b.test", false), ("y.x.b.test", false), ("xb.test", false),
    ])
    func aWildcardIsOneLabel(name: String, isRight: Bool) async throws {
        let site = try TLSSite {
            $0.certificates[0] = TLSCertificate(
                chain: pem(TestAuthority.siteB), key: pem(TestAuthority.siteBKey))
        }
        let guest = try TLSGuest { $0.serverName = name }
        let complaint = await guest.complaint(at: site.endpoint)
        #expect((complaint == nil) == isRight && (isRight || complaint?.code == .name), "\(name)")
        guest.stop()
        site.stop()
    }

    /// The address that is connected to is whom the server has to be, where no name is given.
    @Test func addressesAreProven() async throws {
        let site = try TLSSite()
        let guest = try TLSGuest { $0.serverName = nil }
        let seen = try await guest.echo([1, 2, 3], at: site.endpoint)
        #expect(seen.security?.serverName == nil, "an address is not asked for (RFC 6066 3)")
        guest.stop()
        site.stop()
    }

    @Test func strangersAndOldCertificatesAreRefused() async throws {
        let old = try TLSSite {
            $0.certificates[0] = TLSCertificate(
                chain: pem(TestAuthority.old), key: pem(TestAuthority.oldKey))
        }
        let stranger = try TLSSite {
            $0.certificates[0] = TLSCertificate(
                chain: pem(TestCertificates.certificate), key: pem(TestCertificates.key))
        }
        let guest = try TLSGuest()
        #expect(await guest.complaint(at: old.endpoint)?.code == .validity)
        #expect(await guest.complaint(at: stranger.endpoint)?.code == .untrusted)
        guest.stop()
        // No public authority has signed it.
        if let systems = try? TLSGuest({ $0.trust = .system }) {
            #expect(await systems.complaint(at: stranger.endpoint)?.code == .untrusted)
            systems.stop()
        }
        let trusting = try TLSGuest { $0.trust = .anybodyInsecurely }
        for site in [old, stranger] {
            let seen = try await trusting.echo([9], at: site.endpoint)
            #expect(seen.security?.peer == nil, "nobody has proven anything")
            site.stop()
        }
        trusting.stop()
    }

    @Test func keysArePinned() async throws {
        let site = try TLSSite()
        // SHA-256 of the public key of `siteA`.
        let credentials = try Credentials(
            TLSCertificate(chain: pem(TestAuthority.siteA), key: pem(TestAuthority.siteAKey)), "a")
        var sum = [UInt8](repeating: 0, count: 32)
        #expect(unsafe ztls_key_sum(credentials.place.pointee.leaf, &sum))
        let right = try TLSGuest { [sum] in $0.pins = [[UInt8](repeating: 1, count: 32), sum] }
        try await right.echo([1], at: site.endpoint)
        right.stop()
        let wrong = try TLSGuest { $0.pins = [[UInt8](repeating: 1, count: 32)] }
        #expect(await wrong.complaint(at: site.endpoint)?.code == .pin)
        wrong.stop()
        site.stop()
    }

    // MARK: Coming back

    @Test(arguments: [true, false]) func sessionsAreComeBackTo(is13: Bool) async throws {
        let site = try TLSSite { $0.versions = .intermediate }
        let guest = try TLSGuest()
        let fallback = try OldServer()
        let endpoint = is13 ? site.endpoint : "127.0.0.1:\(fallback.port)"
        for turn in 0..<4 {
            let seen = try await guest.echo([1, 2, 3], at: endpoint)
            #expect(seen.security?.version == (is13 ? "TLSv1.3" : "TLSv1.2"))
            #expect(seen.security?.isResumed == (turn > 0), "turn \(turn)")
            #expect(seen.security?.peer?.subject == "CN=a.test")
        }
        guest.stop()
        fallback.stop()
        site.stop()
    }

    @Test func withoutSessionsEveryHandshakeIsFull() async throws {
        let site = try TLSSite()
        let guest = try TLSGuest { $0.sessionsMax = 0 }
        for _ in 0..<3 {
            #expect(try await guest.echo([1], at: site.endpoint).security?.isResumed == false)
        }
        guest.stop()
        site.stop()
    }

    @Test func sessionsAreBounded() {
        let cache = SessionCache(max: 10)
        for number in 0..<1000 {
            guard let place = unsafe SSL_SESSION_new() else { continue }
            unsafe SSL_SESSION_set_protocol_version(place, number % 2 == 0 ? TLS1_3_VERSION : 0x303)
            cache.put(unsafe SessionCache.Session(place), for: "server \(number % 30)")
            if number % 7 == 0 { _ = cache.take("server \(number % 11)") }
            #expect(cache.count <= 10)
        }
        for number in 0..<30 { cache.forget("server \(number)") }
        #expect(cache.count == 0)
        for _ in 0..<9 {
            guard let place = unsafe SSL_SESSION_new() else { continue }
            cache.put(unsafe SessionCache.Session(place), for: "one")
        }
        #expect(cache.count == 4)
    }

    // MARK: Refusals

    @Test func noCommonProtocolIsARefusal() async throws {
        let site = try TLSSite { $0.applicationProtocols = ["a"] }
        let guest = try TLSGuest { $0.applicationProtocols = ["b"] }
        let complaint = await guest.complaint(at: site.endpoint)
        #expect(complaint?.code == .refused && complaint?.got.contains("no application protocol") == true)
        guest.stop()
        site.stop()
    }

    @Test func aServerWithoutTLSIsFoundOut() async throws {
        let ledger = TLSSite.Ledger()
        let server = try TCPServer(on: "127.0.0.1:0") { TLSSite.Echo(ledger: ledger, echoes: true) }
        try server.start()
        let guest = try TLSGuest()
        // The echo of a hello is no answer to it.
        #expect(await guest.complaint(at: server.address.description)?.code == .handshake)
        guest.stop()
        server.shutdown(grace: .zero)
        server.wait()
    }

    @Test func aSilentServerIsGivenUp() async throws {
        let ledger = TLSSite.Ledger()
        let server = try TCPServer(on: "127.0.0.1:0") { TLSSite.Echo(ledger: ledger, echoes: false) }
        try server.start()
        let guest = try TLSGuest()
        await #expect {
            try await guest.client.connect(to: server.address.description, timeout: .milliseconds(50))
        } throws: { ($0 as? ConnectError)?.cause == .timedOut }
        guest.stop()
        server.shutdown(grace: .zero)
        server.wait()
    }

    @Test func whoCannotBeNamedIsNotTrusted() async throws {
        let guest = try TLSGuest { $0.serverName = nil }
        let directory = try TemporaryFolder()
        let ledger = TLSSite.Ledger()
        let path = "unix:\(directory.path)/socket"
        let server = try TCPServer(on: path) { TLSSite.Echo(ledger: ledger, echoes: false) }
        try server.start()
        #expect(await guest.complaint(at: path)?.code == .noName)
        guest.stop()
        server.shutdown(grace: .zero)
        server.wait()
    }

    // MARK: WebSocket

    struct Parrot: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            peer.send(message)
        }
    }

    struct Listener: WebSocketHandler {
        let heard: Mailbox
        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            heard.securities.withLock { $0.append(peer.security) }
        }
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            let text = message.isText ? message.text : ""
            heard.texts.withLock { $0.append(text) }
        }
    }

    final class Mailbox: Sendable {
        let texts = Locked<[String]>([])
        let securities = Locked<[NegotiatedSecurity?]>([])
    }

    @Test func webSocketsConnectSecurely() async throws {
        var wanted = WebSocketServer.Configuration()
        wanted.tcp.group.loops = 1
        wanted.tcp.security = try .tls(TLSSite.configuration { $0.applicationProtocols = ["http/1.1"] })
        let routes = WebSocketRoutes { $0.webSocket { Parrot() } }
        let server = try WebSocketServer(on: "127.0.0.1:0", configuration: wanted, routes: routes)
        try server.start()
        let mailbox = Mailbox()
        var client = WebSocketClient.Configuration()
        client.tcp.group.loops = 1
        client.tcp.security = try .tls(TLSGuest.configuration { $0.applicationProtocols = ["http/1.1"] })
        let guest = try WebSocketClient(client) { Listener(heard: mailbox) }
        try guest.start()
        let socket = try await guest.connect(to: "wss://\(server.address)/chat")
        socket.send("hello")
        try await patiently { mailbox.texts.withLock { !$0.isEmpty } }
        #expect(mailbox.texts.withLock { $0 } == ["hello"])
        #expect(mailbox.securities.withLock { $0.first??.applicationProtocol } == "http/1.1")
        // In the clear the server hangs up.
        await #expect(throws: WebSocketConnectError.self) {
            try await guest.connect(to: "ws://\(server.address)/chat")
        }
        guest.shutdown(grace: .seconds(1))
        guest.wait()
        server.shutdown(grace: .seconds(1))
        server.wait()
    }

    @Test func aClientWithoutSecuritySaysWhatToImport() async throws {
        let mailbox = Mailbox()
        let guest = try WebSocketClient { Listener(heard: mailbox) }
        try guest.start()
        await #expect {
            try await guest.connect(to: "wss://127.0.0.1:1/")
        } throws: { "\($0)".contains("ZCNetTLS") }
        guest.shutdown(grace: .zero)
        guest.wait()
    }

    @Test func whatIsWrongWithAClientsConfigurationIsSaidAtOnce() {
        let wrong: [(field: String, change: (inout TLSClientConfiguration) -> Void)] = [
            ("sessionsMax", { $0.sessionsMax = -1 }),
            ("handshakesUnderWayMax", { $0.handshakesUnderWayMax = 0 }), ("pins", { $0.pins = [[1]] }),
            ("serverName", { $0.serverName = "" }), ("trust", { $0.trust = .roots(.bytes([])) }),
            ("applicationProtocols", { $0.applicationProtocols = [""] }),
            (
                "certificate.key",
                {
                    $0.certificate = TLSCertificate(
                        chain: pem(TestAuthority.client), key: pem(TestAuthority.siteAKey))
                }
            ),
        ]
        for (field, change) in wrong {
            #expect(throws: ConfigurationError.self, "\(field)") {
                do {
                    _ = try ClientSecurity.tls(TLSGuest.configuration(change))
                } catch {
                    #expect((error as? ConfigurationError)?.field == field)
                    throw error
                }
            }
        }
    }
}
#endif
