#if TLS
import Testing
import ZCNet

@testable import ZCNetTLS

/// Certificates whose time has not come, and chains that are too long: each side refuses the other's, with
/// the right alert, and says why.
@Suite struct MadeCertificateTests {
    /// What somebody shows, who trusts what, and what is said of it.
    struct Showing: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let chain: String
        let key: String
        let root: String
        var code: SecurityError.Code?
        var words = ""
        /// What whoever has shown it hears (RFC 8446, 6.2).
        var alert = 0
    }

    /// How many issuers a chain may have between a certificate and a root.
    private static let issuersMax = 10

    static let showings: [Showing] = {
        let day = 86_400
        do {
            return [
                try chained("not valid yet", from: day, until: 2 * day, .validity, "not yet valid", 42),
                try chained("valid", from: -day, until: day),
                try chained("not valid any more", from: -2 * day, until: -day, .validity, "expired", 45),
                try chained(
                    "of an issuer who is not valid yet", issuers: 1, issuersFrom: day, until: day,
                    .validity, "not yet valid", 42),
                try chained("of as many issuers as there may be", issuers: issuersMax, until: day),
                try chained(
                    "of one issuer more", issuers: issuersMax + 1, until: day, .certificate,
                    "certificate chain too long", 48),
                // As many as go into what a peer may show at all.
                try chained(
                    "of very many issuers", issuers: 200, until: day, .certificate,
                    "certificate chain too long", 48),
            ]
        } catch {
            return []
        }
    }()

    private static func chained(
        _ description: String, issuers: Int = 0, issuersFrom: Int = -3600, from begin: Int = -3600,
        until end: Int, _ code: SecurityError.Code? = nil, _ words: String = "", _ alert: Int = 0
    ) throws -> Showing {
        let root = try MadeIdentity("root")
        var chain: [String] = []
        var issuer = root
        for number in 0..<issuers {
            issuer = try MadeIdentity(
                "issuer \(number)", by: issuer, from: issuersFrom, until: issuersFrom + 2 * 86_400)
            chain.insert(issuer.pem, at: 0)
        }
        let leaf = try MadeIdentity("a.test", host: "a.test", by: issuer, from: begin, until: end)
        return Showing(
            testDescription: description, chain: ([leaf.pem] + chain).joined(), key: leaf.keyPEM,
            root: root.pem, code: code, words: words, alert: alert)
    }

    @Test func allWereMade() { #expect(Self.showings.count == 7) }

    @Test(arguments: showings, TLSVersions.allCases)
    func aClientLooksAtWhatAServerShows(_ showing: Showing, versions: TLSVersions) async throws {
        let site = try TLSSite {
            $0.certificates[0] = TLSCertificate(chain: pem(showing.chain), key: pem(showing.key))
            $0.versions = .intermediate
        }
        let guest = try TLSGuest {
            $0.trust = .roots(pem(showing.root))
            $0.versions = versions
        }
        let complaint = await guest.complaint(at: site.endpoint)
        #expect(complaint?.code == showing.code, "\(String(describing: complaint))")
        if showing.code != nil {
            #expect(complaint?.got.contains(showing.words) == true, "\(String(describing: complaint))")
            try await patiently { !site.endings.reasons.isEmpty }
            let reason = site.endings.reasons.joined(separator: "; ")
            #expect(reason.contains("received alert \(showing.alert) "), "\(reason)")
            #expect(site.atServer.values.isEmpty)
        }
        guest.stop()
        site.stop()
    }

    @Test(arguments: showings) func aServerLooksAtWhatAClientShows(_ showing: Showing) async throws {
        let site = try TLSSite { $0.clientAuthentication = .required(pem(showing.root)) }
        let guest = try TLSGuest {
            $0.certificate = TLSCertificate(chain: pem(showing.chain), key: pem(showing.key))
        }
        // The client is done before the server has looked.
        let remote = try await guest.client.connect(to: site.endpoint)
        if showing.code == nil {
            remote.send(SharedBytes(copying: [1, 2, 3]))
            try await patiently { guest.ledger[remote.id].bytes == [1, 2, 3] }
            #expect(site.atServer.values.first?.security?.peer?.subject == "CN=a.test")
        } else {
            try await patiently { guest.ledger[remote.id].reason != nil && !site.endings.reasons.isEmpty }
            let reason = site.endings.reasons.joined(separator: "; ")
            #expect(reason.contains(showing.words), "\(reason)")
            #expect(reason.contains("sent alert \(showing.alert) "), "\(reason)")
            let heard = guest.ledger[remote.id].reason?.description ?? ""
            #expect(heard.contains("alert \(showing.alert)"), "\(heard)")
            #expect(site.atServer.values.isEmpty)
        }
        guest.stop()
        site.stop()
    }
}
#endif
