#if TLS
import COpenSSL
import Testing
import ZCNet
import ZCNetTesting
import ZCNetWebSocket

@testable import ZCNetTLS

/// Peers that prove nothing, or too much, or never come to the point: each hears the right alert, this side
/// says what was expected and what came, and what they hold is bounded.
@Suite struct HostilePeerTests {
    /// A server's certificate that its client refuses.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let chain: String
        let key: String
        var name = "a.test"
        let code: SecurityError.Code
        let words: String
        /// What the server hears (RFC 8446, 6.2).
        let alert: Int
    }

    static let refusals = [
        Refusal(
            testDescription: "expired", chain: TestAuthority.old, key: TestAuthority.oldKey,
            code: .validity, words: "expired", alert: 45),
        Refusal(
            testDescription: "signed by itself", chain: TestCertificates.certificate,
            key: TestCertificates.key, name: "localhost", code: .untrusted, words: "self-signed", alert: 48),
        Refusal(
            testDescription: "of an authority that is not trusted", chain: RevokingAuthority.site,
            key: RevokingAuthority.siteKey, code: .untrusted, words: "local issuer", alert: 48),
        Refusal(
            testDescription: "of another host", chain: TestAuthority.siteB, key: TestAuthority.siteBKey,
            code: .name, words: "*.b.test", alert: 42),
        Refusal(
            testDescription: "with a chain that does not end",
            chain: TestAuthority.siteA + String(repeating: "\n" + TestAuthority.root, count: 300),
            key: TestAuthority.siteAKey, code: .handshake, words: "excessive message size", alert: 47),
    ]

    @Test(arguments: refusals, TLSVersions.allCases)
    func serversThatProveTheWrongThing(_ refusal: Refusal, versions: TLSVersions) async throws {
        let site = try TLSSite {
            $0.certificates[0] = TLSCertificate(chain: pem(refusal.chain), key: pem(refusal.key))
        }
        let guest = try TLSGuest {
            $0.serverName = refusal.name
            $0.versions = versions
        }
        let complaint = await guest.complaint(at: site.endpoint)
        #expect(complaint?.code == refusal.code, "\(String(describing: complaint))")
        #expect(complaint?.description.contains(refusal.words) == true, "\(String(describing: complaint))")
        let reason = try await reason(at: site)
        #expect(reason.contains("received alert \(refusal.alert) "), "\(reason)")
        #expect(site.server.snapshot()[.tlsHandshakesFailed] == 1)
        guest.stop()
        site.stop()
    }

    /// No handler hears of a handshake that fails; the observer does.
    private func reason(at site: TLSSite) async throws -> String {
        try await patiently { !site.endings.reasons.isEmpty }
        #expect(site.atServer.values.isEmpty)
        return site.endings.reasons.joined(separator: "; ")
    }

    /// What a client shows, and what it hears.
    @Test(arguments: [
        (TestAuthority.old, TestAuthority.oldKey, 43, "unsuitable certificate purpose"),
        (TestCertificates.certificate, TestCertificates.key, 48, "self-signed"),
        (
            TestAuthority.client + String(repeating: "\n" + TestAuthority.root, count: 300),
            TestAuthority.clientKey, 47, "excessive message size"
        ),
    ]) func clientsThatProveTheWrongThing(chain: String, key: String, alert: Int, words: String) async throws
    {
        let site = try TLSSite { $0.clientAuthentication = .required(pem(TestAuthority.root)) }
        let guest = try TLSGuest { $0.certificate = TLSCertificate(chain: pem(chain), key: pem(key)) }
        // The client is done before the server has looked.
        let remote = try await guest.client.connect(to: site.endpoint)
        let reason = try await reason(at: site)
        #expect(reason.contains(words) && reason.contains("sent alert \(alert) "), "\(reason)")
        try await patiently { guest.ledger[remote.id].reason != nil }
        let heard = guest.ledger[remote.id].reason?.description ?? ""
        #expect(heard.contains("alert \(alert)"), "\(heard)")
        guest.stop()
        site.stop()
    }

    // MARK: Staples

    @Test(arguments: [true, false], [true, false])
    func aStapleThatRevokesIsBelieved(isRevoked: Bool, is13: Bool) async throws {
        let folder = try TemporaryFolder()
        let bytes = decoded(isRevoked ? RevokingAuthority.revoked : RevokingAuthority.good)
        let staple = try folder.file("staple", bytes)
        let site = try TLSSite {
            $0.versions = .intermediate
            $0.certificates[0] = TLSCertificate(
                chain: pem(RevokingAuthority.site), key: pem(RevokingAuthority.siteKey))
            $0.certificates[0].staple = staple
        }
        let context = try ClientContext(
            TLSGuest.configuration { $0.trust = .roots(pem(RevokingAuthority.root)) })
        // SSL_CTX_set_max_proto_version
        if !is13 { _ = unsafe SSL_CTX_ctrl(context.place, 124, 0x303, nil) }
        let guest = try TLSGuest(security: .tls(context))
        let complaint = await guest.complaint(at: site.endpoint)
        if isRevoked {
            #expect(complaint?.code == .revoked && complaint?.got.contains("revoked (CN=a.test)") == true)
            let reason = try await reason(at: site)
            #expect(reason.contains("received alert 113 "), "\(reason)")
        } else {
            #expect(complaint == nil, "\(String(describing: complaint))")
        }
        guest.stop()
        site.stop()
    }

    /// What anybody could have made up revokes nothing: whoever could send it could leave it out.
    @Test func aStapleOfSomebodyElseRevokesNothing() throws {
        let site = try Credentials(
            TLSCertificate(
                chain: pem(RevokingAuthority.site + "\n" + RevokingAuthority.root),
                key: pem(RevokingAuthority.siteKey)), "site")
        let other = try Credentials(
            TLSCertificate(
                chain: pem(TestAuthority.siteA + "\n" + RevokingAuthority.root),
                key: pem(TestAuthority.siteAKey)), "other")
        let own = try Roots(pem(RevokingAuthority.root), "roots")
        let others = try Roots(pem(TestAuthority.root), "roots")
        let staple = decoded(RevokingAuthority.revoked)
        func revokes(_ bytes: [UInt8], _ credentials: Credentials, _ roots: Roots) -> Bool {
            let place = unsafe credentials.place.pointee
            return unsafe ztls_staple_revokes(bytes, bytes.count, place.leaf, place.issuers, roots.store)
        }
        #expect(revokes(staple, site, own))
        #expect(!revokes(staple, site, others) && !revokes(staple, other, own))
        #expect(!revokes(decoded(RevokingAuthority.good), site, own))
        // Everything from here on is signed, or the signature.
        for index in 40..<staple.count {
            var changed = staple
            changed[index] ^= 1
            #expect(!revokes(changed, site, own), "byte \(index)")
            #expect(!revokes(Array(staple[..<index]), site, own))
        }
    }

    // MARK: Crowds

    struct Nobody: ConnectionHandler {
        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {}
    }

    /// A client whose servers say nothing has no more handshakes under way than it wants; others wait for
    /// their turn, each within its time.
    @Test func clientsHandshakesAreBounded() throws {
        let network = SimulatedNetwork(seed: 3)
        let address = SocketAddress.ip(.loopbackV4, port: 443)
        network.answer(at: address) { _ in }
        var wanted = TCPClient.Configuration()
        wanted.connectTimeout = .seconds(5)
        wanted.security = try .tls(TLSGuest.configuration { $0.handshakesUnderWayMax = 4 })
        let group = try network.makeGroup()
        let client = try TCPClient(wanted, group: group) { Nobody() }
        network.start(group)
        let ledger = SimulatedTLSTests.Sent(value: SimulatedTLSTests.Account())
        for _ in 0..<30 {
            client.connect(to: "\(address)") { result in
                ledger.value.answers += 1
                if case .failure(let error) = result, error.cause == .timedOut { ledger.value.completed += 1 }
            }
        }
        var most: UInt64 = 0
        try network.run {
            most = max(most, UInt64(group.snapshot()[.tlsHandshakesUnderWay]))
            return ledger.value.answers == 30
        }
        #expect(most == 4 && ledger.value.completed == 30, "\(most), \(ledger.value.completed)")
        #expect(group.snapshot()[.tlsHandshakesUnderWay] == 0)
        network.stop()
    }

    /// Who only connects keeps a place for a second while all of them are taken, and not for as long as a
    /// handshake may last.
    @Test func whoNeverShakesHandsMakesRoom() throws {
        let world = try SimulatedTLSTests.World(connectionsMax: 4) { $0.handshakeTimeout = .seconds(60) }
        let silent = (0..<4).map { _ in world.network.connect(to: SimulatedTLSTests.address) }
        try world.network.run(for: .milliseconds(100))
        #expect(world.server.connectionCount == 4)
        try world.connect(1, bytes: [1, 2, 3])
        try world.network.run(for: .seconds(5))
        #expect(world.account.completed == 1 && silent.contains { $0.wasReset })
        world.network.stop()
    }

    struct Silent: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    }

    /// Strangers who connect and do not shake hands take the places of strangers who shake hands and say
    /// nothing: `handshakesMax` bounds both together, and whoever came first goes.
    @Test(arguments: [false, true]) func strangersOfBothKindsHaveTheirPlaces(saysHello: Bool) throws {
        let network = SimulatedNetwork(seed: 4)
        let address = SocketAddress.ip(.loopbackV4, port: 443)
        var wanted = WebSocketServer.Configuration()
        wanted.tcp.security = try .tls(TLSSite.configuration())
        wanted.limits.handshakesMax = 6
        let group = try network.makeGroup()
        let server = try WebSocketServer(on: "\(address)", configuration: wanted, group: group) { Silent() }
        network.start(group)
        let hello = saysHello ? try SimulatedTLSTests.hello() : []
        let peers = (0..<20).map { _ in
            let peer = network.connect(to: address)
            peer.send(hello)
            return peer
        }
        try network.run(for: .milliseconds(500))
        #expect(server.connectionCount == 6, "\(server.connectionCount)")
        #expect(peers.filter(\.wasReset).count == 14)
        #expect(peers.suffix(6).allSatisfy { !$0.wasReset }, "the first ones have gone")
        // Their places are free when their time is up.
        try network.run(for: .seconds(130))
        #expect(server.connectionCount == 0)
        #expect(group.snapshot()[.tlsHandshakesUnderWay] == 0)
        network.stop()
    }
}
#endif
