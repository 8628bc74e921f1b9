import Testing

@testable import ZCNetWebSocket

@Suite struct ServerHandshakeTests {
    static func head(
        method: String = "GET", minorVersion: Int = 1, without name: String? = nil,
        with extra: [(String, String)] = []
    ) -> HTTPRequestHead {
        var headers = HTTPHeaders()
        let usual = [
            ("Host", "example.org"), ("Upgrade", "WebSocket"), ("Connection", "keep-alive, Upgrade"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Version", "13"),
        ]
        for (key, value) in usual where key != name { headers.add(key, value) }
        for (key, value) in extra { headers.add(key, value) }
        return HTTPRequestHead(method: method, target: "/chat", minorVersion: minorVersion, headers: headers)
    }

    static func status(_ head: HTTPRequestHead, _ origins: OriginPolicy = .any) -> Int {
        switch ServerHandshake.check(head, origins: origins) {
        case .notUpgrade: 0
        case .offered: 101
        case .refused(let response): response.status
        }
    }

    /// The example of RFC 6455 1.3.
    @Test func theKeyIsProvedRead() throws {
        #expect(ServerHandshake.proof(of: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        guard case .offered(let request) = ServerHandshake.check(Self.head(), origins: .any) else {
            Issue.record("expected an offer")
            return
        }
        var headers = HTTPHeaders()
        headers.add("Set-Cookie", "a=b")
        headers.add("Sec-WebSocket-Accept", "forged")
        headers.add("upgrade", "h2c")
        let answer = ServerHandshake.accept(request, subprotocol: "v1", headers: headers)
        #expect(
            String(decoding: answer, as: UTF8.self) == """
                HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: v1\r
                Set-Cookie: a=b\r\n\r\n
                """)
    }

    @Test func whatIsMissingIsSaid() {
        #expect(Self.status(Self.head()) == 101)
        #expect(Self.status(Self.head(without: "Upgrade")) == 0)
        #expect(Self.status(Self.head(without: "Connection")) == 400)
        #expect(Self.status(Self.head(without: "Sec-WebSocket-Key")) == 400)
        #expect(Self.status(Self.head(without: "Sec-WebSocket-Version")) == 426)
        #expect(Self.status(Self.head(method: "POST")) == 405)
        #expect(Self.status(Self.head(minorVersion: 0)) == 400)
        #expect(Self.status(Self.head(with: [("Content-Length", "3")])) == 400)
        #expect(Self.status(Self.head(with: [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")])) == 400)
        #expect(Self.status(Self.head(with: [("Sec-WebSocket-Version", "8")])) == 426)
    }

    @Test(arguments: [
        "", "short", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ==x", "dGhlIHNhbXBsZSBub25jZTEyMzQ=",
        "!!!!!!!!!!!!!!!!!!!!!!==",
    ])
    func keysAreSixteenBytes(key: String) {
        let head = Self.head(without: "Sec-WebSocket-Key", with: [("Sec-WebSocket-Key", key)])
        #expect(Self.status(head) == 400)
    }

    @Test func originsAreHeld() {
        let here = Self.head(with: [("Origin", "https://Example.org")])
        let there = Self.head(with: [("Origin", "https://evil.example")])
        let none = Self.head()
        for policy in [
            OriginPolicy.sameHost, .list(["https://example.org"]),
            .custom { origin, _ in origin.count == 19 },
        ] {
            #expect(Self.status(here, policy) == 101)
            #expect(Self.status(there, policy) == 403)
            #expect(Self.status(none, policy) == 101)
        }
        #expect(Self.status(there, .any) == 101)
    }

    /// RFC 3174 and RFC 4648 10.
    @Test func digestsAndEncodingsAreRight() {
        func hex(_ text: String) -> String {
            SHA1.digest(Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        #expect(hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        #expect(hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
        #expect(hex(String(repeating: "a", count: 1000)) == "291e9a6c66994949b57ba5e650361e98fc36b1ba")
        let encodings = [
            "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=",
        ]
        for (text, encoded) in encodings {
            #expect(Base64.encode(Array(text.utf8)) == encoded)
            #expect(Base64.decodedCount(encoded) == text.utf8.count)
        }
        #expect(Base64.decodedCount("Zg=") == nil && Base64.decodedCount("Z===") == nil)
    }
}
