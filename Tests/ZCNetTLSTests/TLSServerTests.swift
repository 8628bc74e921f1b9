#if TLS
import COpenSSL
import Testing
import ZCNet

@testable import ZCNetTLS

/// What a server shows to whom, and what it asks for.
@Suite struct TLSServerTests {
    // MARK: Names

    private static func twoSites(_ change: (inout TLSServerConfiguration) -> Void = { _ in }) throws
        -> TLSSite
    {
        try TLSSite {
            $0.certificates.append(
                TLSCertificate(chain: pem(TestAuthority.siteB), key: pem(TestAuthority.siteBKey)))
            change(&$0)
        }
    }

    @Test(arguments: [("a.test", "CN=a.test"), ("WWW.A.TEST", "CN=a.test"), ("x.B.test", "CN=b.test")])
    func aCertificateIsChosenByName(name: String, subject: String) async throws {
        let site = try Self.twoSites()
        let guest = try TLSGuest { $0.serverName = name }
        for turn in 0..<2 {
            let security = try await guest.echo([1], at: site.endpoint).security
            #expect(security?.peer?.subject == subject && security?.isResumed == (turn > 0))
        }
        guest.stop()
        site.stop()
    }

    @Test func aNameThatNobodyHasGetsTheFirstOneOrNone() async throws {
        let site = try Self.twoSites()
        let strict = try Self.twoSites { $0.unknownNames = .areRefused }
        for name in ["c.test", "b.test", "y.x.b.test"] {
            let guest = try TLSGuest { $0.serverName = name }
            #expect(await guest.complaint(at: site.endpoint)?.code == .name)
            let refusal = await guest.complaint(at: strict.endpoint)
            #expect(refusal?.code == .refused && refusal?.got.contains("112") == true)
            guest.stop()
        }
        // Who names nobody is served.
        let nameless = try TLSGuest { $0.serverName = "127.0.0.1" }
        try await nameless.echo([1], at: strict.endpoint)
        nameless.stop()
        strict.stop()
        site.stop()
    }

    @Test func namesMayBeGiven() async throws {
        let site = try Self.twoSites {
            $0.certificates[1].names = ["one.test", "*.two.test"]
            $0.unknownNames = .areRefused
        }
        for (name, isServed) in [
            ("one.test", true), ("x.two.test", true), ("two.test", false), ("x.b.test", false),
        ] {
            let guest = try TLSGuest {
                $0.serverName = name
                $0.trust = .anybodyInsecurely
            }
            #expect(await (guest.complaint(at: site.endpoint) == nil) == isServed, "\(name)")
            guest.stop()
        }
        site.stop()
    }

    // MARK: Clients that prove who they are

    private static func proving(_ configuration: inout TLSClientConfiguration) {
        configuration.certificate = TLSCertificate(
            chain: pem(TestAuthority.client), key: pem(TestAuthority.clientKey))
    }

    @Test(arguments: TLSVersions.allCases, [true, false])
    func clientsProveWhoTheyAre(versions: TLSVersions, isRequired: Bool) async throws {
        let roots = pem(TestAuthority.root)
        let site = try TLSSite {
            $0.versions = .intermediate
            $0.clientAuthentication = isRequired ? .required(roots) : .wanted(roots)
        }
        let guest = try TLSGuest {
            $0.versions = versions
            Self.proving(&$0)
        }
        for _ in 0..<3 { try await guest.echo([1, 2], at: site.endpoint) }
        let names = [
            ProvenPeer.Name.email("trader@example.org"), .resource("spiffe://example.org/trader"),
        ]
        let seen = try await site.ended(3)
        #expect(seen.contains { $0.security?.isResumed == true })
        for seen in seen {
            // A session that is come back to has the proof of its beginning.
            #expect(seen.security?.peer == ProvenPeer(subject: "CN=trader,O=Example", names: names))
        }
        guest.stop()
        site.stop()
    }

    /// In TLS 1.3 a client is done before the server has looked: the connection comes up, and ends with the
    /// server's alert.
    @Test func whoProvesNothingIsTurnedAwayWhereItHasTo() async throws {
        let roots = pem(TestAuthority.root)
        let wanting = try TLSSite { $0.clientAuthentication = .wanted(roots) }
        let guest = try TLSGuest()
        try await guest.echo([1], at: wanting.endpoint)
        #expect(try await wanting.ended()[0].security?.peer == nil)
        let requiring = try TLSSite { $0.clientAuthentication = .required(roots) }
        let stranger = try TLSGuest {
            $0.certificate = TLSCertificate(
                chain: pem(TestCertificates.certificate), key: pem(TestCertificates.key))
        }
        for (guest, site, alert) in [
            (guest, requiring, "116"), (stranger, requiring, "48"), (stranger, wanting, "48"),
        ] {
            let remote = try await guest.client.connect(to: site.endpoint)
            try await patiently { guest.ledger[remote.id].reason != nil }
            let reason = guest.ledger[remote.id].reason?.description ?? ""
            #expect(reason.contains("alert \(alert)"), "\(reason)")
        }
        #expect(requiring.atServer.values.isEmpty, "no handler has heard of them")
        #expect(requiring.server.snapshot()[.tlsHandshakesFailed] == 2)
        for guest in [guest, stranger] { guest.stop() }
        for site in [wanting, requiring] { site.stop() }
    }

    // MARK: Reloading

    @Test func certificatesAreReadAnew() async throws {
        let folder = try TemporaryFolder()
        let chain = try folder.file("chain.pem", Array(TestAuthority.siteA.utf8))
        let key = try folder.file("key.pem", Array(TestAuthority.siteAKey.utf8))
        let tls = try TLSServer(
            TLSServerConfiguration(certificateChain: .file(chain), privateKey: .file(key)))
        let site = try TLSSite(tls)
        let first = try TLSGuest()
        let remote = try await first.client.connect(to: site.endpoint)
        // A bad file leaves everything as it was, and says why.
        _ = try folder.file("chain.pem", Array(TestAuthority.siteB.utf8))
        let error = #expect(throws: ConfigurationError.self) { try tls.reload() }
        #expect(error?.field == "certificates[0].key" && error?.got == "another one")
        try await first.echo([1], at: site.endpoint)
        _ = try folder.file("key.pem", Array(TestAuthority.siteBKey.utf8))
        try tls.reload()
        let second = try TLSGuest { $0.serverName = "x.b.test" }
        #expect(try await second.echo([1], at: site.endpoint).security?.peer?.subject == "CN=b.test")
        // Whoever was there before goes on.
        remote.send("still here")
        try await patiently { first.ledger[remote.id].bytes.count == 10 }
        #expect(first.ledger[remote.id].bytes == Array("still here".utf8))
        // Another configuration altogether.
        try tls.reload(TLSSite.configuration())
        let third = try TLSGuest { $0.sessionsMax = 0 }
        #expect(try await third.echo([1], at: site.endpoint).security?.peer?.subject == "CN=a.test")
        try tls.reload()
        #expect(try await third.echo([1], at: site.endpoint).security?.peer?.subject == "CN=a.test")
        for guest in [first, second, third] { guest.stop() }
        site.stop()
    }

    // MARK: Tickets

    /// A ticket outlives one change of keys and the next, and is not taken under a key that is forgotten.
    @Test(arguments: [0, 1, 2, 3]) func ticketsOutliveTheirKeysTurn(rotations: Int) async throws {
        let tls = try TLSServer(TLSSite.configuration())
        let site = try TLSSite(tls)
        let guest = try TLSGuest()
        try await guest.echo([1], at: site.endpoint)
        for _ in 0..<rotations { tls.rotateTicketKeys() }
        let security = try await guest.echo([1], at: site.endpoint).security
        #expect(security?.isResumed == (rotations < 3))
        guest.stop()
        site.stop()
    }

    @Test func allLoopsTakeEachOthersTickets() async throws {
        let site = try TLSSite(try TLSServer(TLSSite.configuration()), loops: 3)
        let guest = try TLSGuest()
        for turn in 0..<12 {
            #expect(try await guest.echo([1], at: site.endpoint).security?.isResumed == (turn > 0))
        }
        guest.stop()
        site.stop()
    }

    /// Sessions of clients that were trusted by other roots are not come back to.
    @Test func aReloadForgetsWhomItTrusted() async throws {
        let tls = try TLSServer(
            TLSSite.configuration { $0.clientAuthentication = .required(pem(TestAuthority.root)) })
        let site = try TLSSite(tls)
        let guest = try TLSGuest { Self.proving(&$0) }
        try await guest.echo([1], at: site.endpoint)
        try tls.reload(
            TLSSite.configuration {
                $0.clientAuthentication = .required(pem(TestCertificates.certificate))
            })
        let remote = try await guest.client.connect(to: site.endpoint)
        try await patiently { guest.ledger[remote.id].reason != nil }
        #expect(guest.ledger[remote.id].reason?.description.contains("alert 48") == true)
        guest.stop()
        site.stop()
    }

    // MARK: Staples

    @Test func aStapleIsShownToWhoAsks() async throws {
        let folder = try TemporaryFolder()
        let staple = try folder.file("staple.der", decoded(TestAuthority.stapleOfSiteA))
        let tls = try TLSServer(TLSSite.configuration { $0.certificates[0].staple = staple })
        let site = try TLSSite(tls)
        let port = try #require(site.server.address.port)
        let shown = try await onThread { try TLSClient(port: port, wantsStaple: true).staple }
        #expect(shown == decoded(TestAuthority.stapleOfSiteA))
        // What is no staple is not read in its place.
        _ = try folder.file("staple.der", [1, 2, 3])
        #expect(throws: ConfigurationError.self) { try tls.reload() }
        let again = try await onThread { try TLSClient(port: port, wantsStaple: true).staple }
        #expect(again == decoded(TestAuthority.stapleOfSiteA))
        let unasked = try await onThread { try TLSClient(port: port).staple }
        #expect(unasked == [])
        site.stop()
    }
}
#endif
