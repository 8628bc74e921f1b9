#if TLS
import Foundation
import LiveNATS
import Testing
import ZCNet
import ZCNetTLS

@testable import ZCNATS

/// TLS and keys with a real server; with the trait `TLS` only.
@Suite(.enabled(if: LiveServer.isThere, "no server: see Scripts/interop/nats"))
struct LiveTLSTests {
    /// A certificate for 127.0.0.1 that nobody else trusts, and the server's lines that name it.
    private final class Site {
        let folder: URL
        var certificate: String { folder.appendingPathComponent("cert.pem").path }

        init() throws {
            folder = FileManager.default.temporaryDirectory
                .appendingPathComponent("zcnet-nats-tls-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let openssl = Process()
            openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            openssl.arguments = [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days", "36500", "-keyout", folder.appendingPathComponent("key.pem").path, "-out",
                certificate,
                "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
            ]
            openssl.standardError = FileHandle.nullDevice
            try openssl.run()
            openssl.waitUntilExit()
            try #require(openssl.terminationStatus == 0)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func lines(_ more: String = "") -> String {
            let key = folder.appendingPathComponent("key.pem").path
            return "tls { cert_file: \"\(certificate)\", key_file: \"\(key)\" \(more) }\n"
        }

        func security() throws -> ClientSecurity {
            var configuration = TLSClientConfiguration()
            configuration.trust = .roots(.file(certificate))
            return try .tls(configuration)
        }
    }

    @Test func messagesGoRoundOverTLS() async throws {
        let site = try Site()
        let server = try LiveServer(site.lines())
        let security = try site.security()
        let client = try await server.client { $0.security = security }
        client.subscribe("echo") { message, connection in
            connection.respond(to: message, message.payload.bytes)
        }
        let payload = SharedBytes(copying: (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        for _ in 0..<3 {
            let answer = try await client.request("echo", payload)
            let isWhole = SubjectRule.areEqual(answer.payload.bytes, payload.bytes)
            #expect(isWhole)
        }
        client.shutdown()
        client.wait()
    }

    @Test func whatIsNotSecureIsRefused() async throws {
        let site = try Site()
        let server = try LiveServer(site.lines())
        let plain = try server.makeClient()
        let error = await #expect(throws: NATSError.self) { try await plain.connect() }
        #expect(error?.got == "none" && error?.expected.hasPrefix("security in the options") == true)
        // Another authority than the one that is trusted.
        let other = try Site().security()
        let wary = try server.makeClient { $0.security = other }
        let untrusted = await #expect(throws: NATSError.self) { try await wary.connect() }
        #expect(untrusted?.code == .unreachable && untrusted?.got.contains("security, untrusted") == true)
        let open = try LiveServer()
        let security = try site.security()
        let strict = try open.makeClient { $0.security = security }
        let clear = await #expect(throws: NATSError.self) { try await strict.connect() }
        #expect(clear?.expected == "a server with TLS")
        for client in [plain, wary, strict] {
            client.shutdown()
            client.wait()
        }
    }

    @Test func keysSignWhatTheServerMakesUp() async throws {
        // A pair of the documentation of NKeys.
        let seed = try NKey.seed("SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY")
        let key = try #require(Ed25519Key(seed: seed))
        let name = NKey.user(publicKey: key.publicKey)
        #expect(name == "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4")
        let server = try LiveServer("authorization { users: [ { nkey: \(name) } ] }\n")
        let client = try await server.client { $0.credentials = .key(name) { key.signature(of: $0) } }
        try await client.flush()
        let forger = try server.makeClient {
            $0.credentials = .key(name) { _ in [UInt8](repeating: 7, count: 64) }
        }
        let error = await #expect(throws: NATSError.self) { try await forger.connect() }
        #expect(error?.code == .authorization)
        for client in [client, forger] {
            client.shutdown()
            client.wait()
        }
    }
}
#endif
