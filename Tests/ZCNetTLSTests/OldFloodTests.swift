#if TLS
import COpenSSL
import Testing
import ZCNet

@testable import ZCNetTLS

/// What a client of TLS 1.2 may send behind its handshake that has the keys and breaks the rules with them:
/// floods, records that are too large, and attempts to shake hands anew.
@Suite struct OldFloodTests {
    /// What is sent behind an echo, as types and contents, each so many times.
    struct Abuse: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let type: UInt8
        let content: [UInt8]
        var times = 1
        /// What is said of it, and what the client hears (RFC 5246, 7.2).
        let words: String
        let heard: String
    }

    /// A hello that begins a renegotiation; nobody reads further than its version.
    private static let hello: [UInt8] =
        [1, 0, 0, 41, 3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0xC0, 0x2B, 1, 0]

    static let abuses = [
        Abuse(
            testDescription: "empty records", type: 23, content: [], times: 10_000,
            words: "record too small", heard: "unexpected message"),
        Abuse(
            testDescription: "warnings", type: 21, content: [1, 90], times: 10_000,
            words: "too many warn alerts", heard: "unexpected message"),
        Abuse(
            testDescription: "a record of more than there may be", type: 23,
            content: [UInt8](repeating: 7, count: 16385), words: "data length too long",
            heard: "record overflow"),
        Abuse(
            testDescription: "hellos", type: 22, content: hello, times: 1000, words: "renegotiation",
            heard: "no renegotiation"),
        Abuse(
            testDescription: "empty handshake records", type: 22, content: [], times: 10_000, words: "",
            heard: "unexpected message"),
        Abuse(
            testDescription: "changes of the cipher", type: 20, content: [1], times: 1000, words: "",
            heard: "unexpected message"),
        Abuse(
            testDescription: "a type that nobody knows", type: 99, content: [1], words: "",
            heard: "unexpected message"),
        Abuse(
            testDescription: "an alert of three bytes", type: 21, content: [1, 90, 0], words: "alert",
            heard: "unexpected message"),
        Abuse(
            testDescription: "a fatal alert", type: 21, content: [2, 80], words: "internal error", heard: ""),
    ]

    private static func client(of site: TLSSite) throws -> TLSClient {
        guard let port = site.server.address.port else { throw OldRecords.Failure() }
        let client = try TLSClient(port: port, oldSuite: "ECDHE-ECDSA-AES128-GCM-SHA256")
        guard try client.echo([1, 2, 3], step: 3) == [1, 2, 3] else { throw OldRecords.Failure() }
        return client
    }

    @Test(arguments: abuses) func abuseEndsTheConnection(_ abuse: Abuse) async throws {
        let site = try TLSSite { $0.versions = .intermediate }
        let heard = try await onThread {
            let client = try Self.client(of: site)
            var records = OldRecords(client, sent: 2)
            var bytes: [UInt8] = []
            for _ in 0..<abuse.times { bytes += try records.sealed(abuse.type, abuse.content) }
            client.sendRaw(bytes)
            do {
                return "\(try client.receiveSome())"
            } catch let failure as TLSClient.Failure {
                return failure.description
            }
        }
        guard case .protocolError(let rule) = try await site.ended()[0].reason?.cause else {
            return #expect(Bool(false), "\(site.atServer.values)")
        }
        #expect(rule.text.contains(abuse.words), "\(rule.text)")
        #expect(heard.contains(abuse.heard), "\(heard)")
        site.stop()
    }

    /// The records of this file are ones that a server takes, where they break no rule.
    @Test func honestRecordsAreTaken() async throws {
        let site = try TLSSite { $0.versions = .intermediate }
        try await onThread {
            let client = try Self.client(of: site)
            var records = OldRecords(client, sent: 2)
            var bytes: [UInt8] = []
            // Some empty records and warnings are nobody's harm.
            for number in 0..<8 {
                bytes += try records.sealed(23, [])
                if number % 4 == 0 { bytes += try records.sealed(21, [1, 90]) }
                bytes += try records.sealed(23, [UInt8](repeating: UInt8(number), count: 1000))
            }
            client.sendRaw(bytes)
            let answer = try client.receive(8000)
            #expect(answer == (0..<8).flatMap { [UInt8](repeating: UInt8($0), count: 1000) })
        }
        site.stop()
    }

    /// Out of turn, once more, and changed.
    @Test(arguments: ["ahead", "twice", "changed"]) func whatIsNotNextIsRefused(how: String) async throws {
        let site = try TLSSite { $0.versions = .intermediate }
        try await onThread {
            let client = try Self.client(of: site)
            var records = OldRecords(client, sent: how == "ahead" ? 3 : 2)
            let bytes = try records.sealed(23, [4, 5, 6], isChanged: how == "changed")
            client.sendRaw(bytes)
            if how == "twice" {
                #expect(try client.receive(3) == [4, 5, 6])
                client.sendRaw(bytes)
            }
            #expect(throws: TLSClient.Failure.self) { _ = try client.receiveSome() }
        }
        let reason = try await site.ended()[0].reason?.description ?? ""
        #expect(reason.contains("bad record mac"), "\(reason)")
        site.stop()
    }

    /// Behind the peer's end nothing is looked at.
    @Test func nothingIsReadBehindTheEnd() async throws {
        let site = try TLSSite { $0.versions = .intermediate }
        try await onThread {
            let client = try Self.client(of: site)
            var records = OldRecords(client, sent: 2)
            client.sendRaw(
                try records.sealed(21, [1, 0]) + records.sealed(23, [7]) + [UInt8](repeating: 9, count: 5000))
            #expect(try client.receiveSome() == [])
        }
        #expect(try await site.ended()[0].reason?.cause == .peer)
        site.stop()
    }
}
#endif
