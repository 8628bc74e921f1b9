import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

struct ClientHandshakeTests {
    private static let response: HTTPHeaders = [
        "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
    ]

    private func handshake(
        _ url: String = "ws://example.org:81/chat?x", subprotocols: [String] = ["v2", "v1"],
        extensions: String? = "permessage-deflate; client_max_window_bits", headers: HTTPHeaders = [:]
    ) throws -> ClientHandshake {
        let key = try #require(WebSocketKey("dGhlIHNhbXBsZSBub25jZQ=="))
        return try ClientHandshake(
            WebSocketURL(url), key: key, subprotocols: subprotocols, extensions: extensions, headers: headers)
    }

    private func head(
        _ status: Int = 101, minorVersion: Int = 1, _ change: (inout HTTPHeaders) -> Void = { _ in }
    ) -> HTTPResponseHead {
        var headers = Self.response
        change(&headers)
        return HTTPResponseHead(status: status, reason: "Why", minorVersion: minorVersion, headers: headers)
    }

    private func code(_ head: HTTPResponseHead) throws -> HandshakeError.Code? {
        let handshake = try handshake()
        do throws(HandshakeError) {
            _ = try handshake.check(head)
            return nil
        } catch {
            #expect(error.status == head.status || error.code == .extensions)
            return error.code
        }
    }

    // MARK: Requests

    @Test func theRequest() throws {
        let bytes = try handshake(headers: ["Origin": "https://example.org"]).requestBytes
        let expected = """
            GET /chat?x HTTP/1.1\r
            Host: example.org:81\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Protocol: v2, v1\r
            Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r
            Origin: https://example.org\r
            \r

            """
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test func theHostMayBeReplaced() throws {
        let unix = "ws+unix:/run/a.sock"
        let plain = try handshake(unix, subprotocols: [], extensions: nil).requestBytes
        #expect(String(decoding: plain, as: UTF8.self).hasPrefix("GET / HTTP/1.1\r\nHost: localhost\r\nUp"))
        let named = try handshake(unix, headers: ["host": "a.example:8"]).requestBytes
        let text = String(decoding: named, as: UTF8.self)
        #expect(text.contains("\r\nHost: a.example:8\r\n") && !text.contains("localhost"))
    }

    @Test func whatCannotBeAsked() {
        func code(_ make: () throws -> ClientHandshake) -> HandshakeError.Code? {
            (#expect(throws: HandshakeError.self) { _ = try make() })?.code
        }
        #expect(code { try handshake(subprotocols: ["a b"]) } == .subprotocol)
        #expect(code { try handshake(subprotocols: ["a\r\nEvil: 1"]) } == .subprotocol)
        #expect(code { try handshake(subprotocols: [""]) } == .subprotocol)
        #expect(code { try handshake(subprotocols: ["a", "a"]) } == .subprotocol)
        #expect(code { try handshake(extensions: "a\r\nEvil: 1") } == .extensions)
        #expect(code { try handshake(extensions: "") } == .extensions)
        #expect(code { try handshake(headers: ["Sec-WebSocket-Key": "x"]) } == .header)
        #expect(code { try handshake(headers: ["upgrade": "x"]) } == .header)
        #expect(code { try handshake(headers: ["Host": "a b"]) } == .header)
        #expect(code { try handshake(headers: ["Host": "a", "host": "b"]) } == .header)
    }

    // MARK: Responses

    @Test func whatIsAgreed() throws {
        let nothing = try handshake().check(head())
        #expect(nothing.subprotocol == nil && nothing.extensions.isEmpty)
        let agreement = try handshake().check(
            head {
                $0.add("Sec-WebSocket-Protocol", "v1")
                $0.add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits=10")
                $0.set("upgrade", to: "WebSocket")
                $0.set("connection", to: "keep-alive, UPGRADE")
            })
        #expect(agreement.subprotocol == "v1")
        #expect(agreement.extensions.map(\.description) == ["permessage-deflate; client_max_window_bits=10"])
    }

    @Test func whatIsNoAgreement() throws {
        #expect(try code(head(200)) == .status && code(head(403)) == .status && code(head(302)) == .status)
        #expect(try code(head(minorVersion: 0)) == .response)
        let changes: [(String, String?, HandshakeError.Code)] = [
            ("Upgrade", nil, .upgrade), ("Upgrade", "h2c", .upgrade), ("Upgrade", "websocket, h2c", .upgrade),
            ("Connection", nil, .upgrade), ("Connection", "keep-alive", .upgrade),
            ("Sec-WebSocket-Accept", nil, .accept),
            ("Sec-WebSocket-Accept", "S3pPLMBiTxaQ9kYGzzhZRbK+xOo=", .accept),
            ("Sec-WebSocket-Accept", "", .accept), ("Sec-WebSocket-Protocol", "v3", .subprotocol),
            ("Sec-WebSocket-Protocol", "v1, v2", .subprotocol), ("Sec-WebSocket-Protocol", "", .subprotocol),
            ("Sec-WebSocket-Protocol", "V1", .subprotocol),
            ("Sec-WebSocket-Extensions", "x-other", .extensions),
            ("Sec-WebSocket-Extensions", "permessage-deflate, x", .extensions),
            ("Sec-WebSocket-Extensions", "permessage-deflate;", .extensions),
        ]
        for (name, value, expected) in changes {
            let head = head { headers in
                headers.remove(name)
                if let value { headers.add(name, value) }
            }
            #expect(try code(head) == expected, "\(name): \(value ?? "none")")
        }
        let twice = head {
            $0.add("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        }
        #expect(try code(twice) == .accept)
        let twoProtocols = head {
            $0.add("Sec-WebSocket-Protocol", "v1")
            $0.add("Sec-WebSocket-Protocol", "v1")
        }
        #expect(try code(twoProtocols) == .subprotocol)
    }

    @Test func theErrorTellsTheStatus() throws {
        let error = #expect(throws: HandshakeError.self) { try handshake().check(head(403)) }
        #expect(error?.description == "handshake, status: expected 101, got 403 \"Why\"")
        #expect(error?.status == 403)
    }

    /// Both sides of this library, with the parsers between them.
    @Test func clientAndServerUnderstandEachOther() throws {
        var random = SimulatedRandom(seed: 5)
        for _ in 0..<50 {
            let client = try ClientHandshake(
                WebSocketURL("ws://[::1]:9/p?q"), key: WebSocketKey(using: &random),
                subprotocols: ["a", "b"],
                extensions: "x-e; k=1", headers: ["Origin": "http://[::1]:9"])
            let request = try #require(HeadFeed.request(String(decoding: client.requestBytes, as: UTF8.self)))
            guard case .offered(let offer) = ServerHandshake.check(request, origins: .sameHost) else {
                Issue.record("not offered: \(ServerHandshake.check(request, origins: .sameHost))")
                return
            }
            let answer = try ServerHandshake.accept(
                offer, subprotocol: offer.firstSubprotocol(of: ["b"]), extensions: "x-e")
            let response = try #require(HeadFeed.response(String(decoding: answer, as: UTF8.self)))
            #expect(try client.check(response).subprotocol == "b")
            #expect(throws: HandshakeError.self) { try handshake().check(response) }
        }
    }
}
