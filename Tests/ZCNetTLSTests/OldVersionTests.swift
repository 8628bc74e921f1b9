#if TLS
import COpenSSL
import Glibc
import Testing
import ZCNet

@testable import ZCNetTLS

/// TLS 1.2, whose connections keep OpenSSL's own object.
@Suite struct OldVersionTests {
    @Test(
        arguments: [
            "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305",
        ], [DriverChoice.epoll, .automatic])
    func messagesOfAllSizesComeBack(suite: String, driver: DriverChoice) async throws {
        let site = try TLSSite(driver: driver) { $0.versions = .intermediate }
        let port = try #require(site.server.address.port)
        try await onThread {
            let client = try TLSClient(port: port, oldSuite: suite)
            for count in [1, 2, 15, 16, 17, 100, 1000, 16383, 16384, 16385, 70_000, 300_000] {
                let message = EchoOverTLSTests.bytes(count)
                #expect(try client.echo(message, step: 30_000) == message, "\(count) bytes")
            }
            client.sayEnd()
            #expect(try client.receiveSome() == [], "the server says close_notify too")
        }
        let seen = try await site.ended()[0]
        #expect(seen.security?.version == "TLSv1.2" && seen.reason?.cause == .peer)
        site.stop()
    }

    /// This library's client to a server of before.
    @Test(arguments: [DriverChoice.epoll, .automatic]) func serversOfBeforeAreTalkedTo(driver: DriverChoice)
        async throws
    {
        let server = try OldServer()
        let guest = try TLSGuest(driver: driver)
        let strict = try TLSGuest { $0.versions = .modern }
        for count in [1, 1000, 16385, 300_000] {
            let seen = try await guest.echo(
                EchoOverTLSTests.bytes(count), at: "127.0.0.1:\(server.port)")
            #expect(seen.security?.version == "TLSv1.2")
        }
        #expect(await strict.complaint(at: "127.0.0.1:\(server.port)") != nil)
        guest.stop()
        strict.stop()
        server.stop()
    }

    @Test func suitesWithoutForwardSecrecyAreRefused() async throws {
        let site = try TLSSite { $0.versions = .intermediate }
        let port = try #require(site.server.address.port)
        for suite in ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256"] {
            await #expect(throws: TLSClient.Failure.self) {
                try await onThread { _ = try TLSClient(port: port, oldSuite: suite) }
            }
        }
        site.stop()
    }

    @Test func renegotiationIsRefused() async throws {
        let site = try TLSSite { $0.versions = .intermediate }
        let port = try #require(site.server.address.port)
        try await onThread {
            let client = try TLSClient(port: port, oldSuite: "ECDHE-ECDSA-AES128-GCM-SHA256")
            #expect(try client.echo([1], step: 1) == [1])
            client.renegotiate()
            #expect(throws: TLSClient.Failure.self) { _ = try client.receiveSome() }
        }
        let reason = try await site.ended()[0].reason?.description ?? ""
        #expect(reason.contains("renegotiation"))
        site.stop()
    }

    /// A server that wants to shake hands anew is told no, and left.
    @Test func aServersRenegotiationIsRefused() async throws {
        let server = try OldServer(renegotiates: true)
        let guest = try TLSGuest()
        let remote = try await guest.client.connect(to: "127.0.0.1:\(server.port)")
        remote.send(SharedBytes(copying: [1, 2, 3]))
        try await patiently { guest.ledger[remote.id].reason != nil }
        let reason = guest.ledger[remote.id].reason?.description ?? ""
        #expect(reason.contains("renegotiation"), "\(reason)")
        guest.stop()
        server.stop()
    }

    @Test func anEndThatWasNotSaidIsATruncation() async throws {
        let site = try TLSSite { $0.versions = .intermediate }
        let port = try #require(site.server.address.port)
        try await onThread {
            let client = try TLSClient(port: port, oldSuite: "ECDHE-ECDSA-AES128-GCM-SHA256")
            #expect(try client.echo([1, 2, 3], step: 3) == [1, 2, 3])
            client.cutOff()
        }
        let reason = try await site.ended()[0].reason?.description ?? ""
        #expect(reason.contains("close_notify"))
        site.stop()
    }

    /// What breaks a rule is answered with an alert: nothing of it is shown to the handler.
    @Test(arguments: [
        (Array("GET / HTTP/1.1\r\n\r\n".utf8), "wrong version"),
        ([23, 3, 3, 0, 24] + [UInt8](repeating: 7, count: 24), "bad record mac"),
        ([23, 3, 3, 0x60, 0], "overflow"), ([23, 3, 3, 0, 3, 1, 2, 3], ""), ([20, 3, 3, 0, 1, 1], ""),
    ]) func wrongRecordsEndTheConnection(bytes: [UInt8], words: String) async throws {
        let site = try TLSSite { $0.versions = .intermediate }
        let port = try #require(site.server.address.port)
        try await onThread {
            let client = try TLSClient(port: port, oldSuite: "ECDHE-ECDSA-AES128-GCM-SHA256")
            #expect(try client.echo([1, 2, 3], step: 3) == [1, 2, 3])
            client.sendRaw(bytes)
            #expect(throws: TLSClient.Failure.self) { _ = try client.receiveSome() }
        }
        guard case .protocolError(let rule) = try await site.ended()[0].reason?.cause else {
            return #expect(Bool(false), "\(site.atServer.values)")
        }
        #expect(rule.text.contains(words), "\(rule.text)")
        site.stop()
    }

    /// Records that come byte by byte take no memory of OpenSSL's, and open all the same.
    @Test func recordsMayComeInPieces() async throws {
        let site = try TLSSite { $0.versions = .intermediate }
        let port = try #require(site.server.address.port)
        try await onThread {
            let client = try TLSClient(
                port: port, oldSuite: "ECDHE-ECDSA-AES128-GCM-SHA256", isSlow: true)
            let message = EchoOverTLSTests.bytes(700)
            #expect(try client.echo(message, step: 700) == message)
        }
        site.stop()
    }
}
#endif
