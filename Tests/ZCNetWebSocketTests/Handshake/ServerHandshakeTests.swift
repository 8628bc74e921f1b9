import Testing

@testable import ZCNetWebSocket

struct ServerHandshakeTests {
    private static let good: HTTPHeaders = [
        "Host": "example.org", "Upgrade": "WebSocket", "Connection": "keep-alive, upgrade",
        "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ]

    private func head(
        _ method: String = "GET", minorVersion: Int = 1, _ change: (inout HTTPHeaders) -> Void = { _ in }
    ) -> HTTPRequestHead {
        var headers = Self.good
        change(&headers)
        let framing = try? MessageFraming.ofRequest(minorVersion: minorVersion, headers)
        return HTTPRequestHead(
            method: method, target: "/chat?x=1", minorVersion: minorVersion, headers: headers,
            framing: framing ?? .none)
    }

    private func refusal(_ head: HTTPRequestHead, origins: OriginPolicy = .any) -> HTTPResponse? {
        switch ServerHandshake.check(head, origins: origins) {
        case .refused(let response), .refusedOrigin(let response): response
        case .notUpgrade, .offered: nil
        }
    }

    private func offer(_ change: (inout HTTPHeaders) -> Void = { _ in }) throws -> UpgradeRequest {
        guard case .offered(let request) = ServerHandshake.check(head("GET", change)) else {
            throw HandshakeError(.response, expected: "an offer", got: "something else")
        }
        return request
    }

    // MARK: Requests

    @Test func anOffer() throws {
        let request = try offer {
            $0.add("Sec-WebSocket-Protocol", "v2, v1")
            $0.add("Sec-WebSocket-Protocol", "v0")
            $0.add("Sec-WebSocket-Extensions", "permessage-deflate; a=\"1\", x-b")
            $0.add("Origin", "https://example.org")
        }
        #expect(request.path == "/chat" && request.query == "x=1" && request.host == "example.org")
        #expect(request.origin == "https://example.org" && request.subprotocols == ["v2", "v1", "v0"])
        #expect(request.extensions.map(\.description) == ["permessage-deflate; a=1", "x-b"])
        #expect(request.key.text == "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(request.firstSubprotocol(of: ["v9", "v0", "v2"]) == "v0")
        #expect(request.firstSubprotocol(of: ["V2"]) == nil && request.firstSubprotocol(of: []) == nil)
    }

    @Test func plainRequests() {
        #expect(ServerHandshake.check(head { $0.remove("Upgrade") }) == .notUpgrade)
        #expect(ServerHandshake.check(head("POST") { $0.set("Upgrade", to: "h2c") }) == .notUpgrade)
        #expect(ServerHandshake.check(HTTPRequestHead(target: "/")) == .notUpgrade)
    }

    @Test(
        arguments: [
            ("Connection", "keep-alive"), ("Connection", nil), ("Sec-WebSocket-Key", nil),
            ("Sec-WebSocket-Key", ""),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j"), ("Content-Length", "1"),
            ("Transfer-Encoding", "chunked"),
            ("Sec-WebSocket-Protocol", "a, b c"), ("Sec-WebSocket-Protocol", "a, a"),
            ("Sec-WebSocket-Protocol", ""),
            ("Sec-WebSocket-Protocol", "\"a\""), ("Sec-WebSocket-Extensions", "a;"),
            ("Sec-WebSocket-Extensions", ""), ("Sec-WebSocket-Version", "13, 13"),
        ] as [(String, String?)])
    func malformedRequests(name: String, value: String?) {
        let head = head("GET") { headers in
            headers.remove(name)
            if let value { headers.add(name, value) }
        }
        #expect(refusal(head)?.status == 400)
    }

    @Test func otherRefusals() throws {
        let method = try #require(refusal(head("POST")))
        #expect(method.status == 405 && method.headers["Allow"] == "GET")
        #expect(refusal(head(minorVersion: 0))?.status == 400)
        let twoKeys = head { $0.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==") }
        #expect(refusal(twoKeys)?.status == 400)
        let twoOrigins = head {
            $0.add("Origin", "https://example.org")
            $0.add("Origin", "https://evil.example")
        }
        #expect(refusal(twoOrigins)?.status == 400)
    }

    @Test(arguments: ["8", "14", "x", nil])
    func otherVersions(version: String?) throws {
        let head = head("GET") { headers in
            headers.remove("Sec-WebSocket-Version")
            if let version { headers.add("Sec-WebSocket-Version", version) }
        }
        let response = try #require(refusal(head))
        #expect(response.status == 426 && response.headers["Sec-WebSocket-Version"] == "13")
        #expect(response.headers["Upgrade"] == "websocket")
    }

    @Test func originsAreAsked() throws {
        let evil = head { $0.add("Origin", "https://evil.example\u{E9}") }
        let response = try #require(refusal(evil, origins: .sameHost))
        #expect(response.status == 403 && response.body.allSatisfy { $0 < 0x80 })
        #expect(refusal(evil, origins: .any) == nil)
    }

    // MARK: Answers

    @Test func theAnswer() throws {
        let request = try offer {
            $0.add("Sec-WebSocket-Protocol", "v2, v1")
            $0.add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")
        }
        let bytes = try ServerHandshake.accept(
            request, subprotocol: "v1", extensions: "permessage-deflate", headers: ["Set-Cookie": "a=b"])
        let expected = """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            Sec-WebSocket-Protocol: v1\r
            Sec-WebSocket-Extensions: permessage-deflate\r
            Set-Cookie: a=b\r
            \r

            """
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test func onlyWhatWasOfferedIsChosen() throws {
        let request = try offer {
            $0.add("Sec-WebSocket-Protocol", "v1")
            $0.add("Sec-WebSocket-Extensions", "x-a")
        }
        func code(
            _ subprotocol: String? = nil, _ extensions: String? = nil, _ headers: HTTPHeaders = [:]
        ) -> HandshakeError.Code? {
            do throws(HandshakeError) {
                _ = try ServerHandshake.accept(
                    request, subprotocol: subprotocol, extensions: extensions, headers: headers)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code() == nil && code("v1", "x-a; b=1") == nil)
        #expect(code("v2") == .subprotocol && code("v1, v1") == .subprotocol && code("") == .subprotocol)
        #expect(code(nil, "x-b") == .extensions && code(nil, "x-a\r\nEvil: 1") == .extensions)
        #expect(code(nil, "") == .extensions)
        for name in ["connection", "UPGRADE", "Sec-WebSocket-Accept", "sec-websocket-x", "Content-Length"] {
            #expect(code(nil, nil, HTTPHeaders(dictionaryLiteral: (name, "x"))) == .header, "\(name)")
        }
    }

    @Test func decisions() {
        let decision = UpgradeDecision.reject(status: 401, headers: ["WWW-Authenticate": "Basic"], text: "no")
        guard case .reject(let response) = decision else {
            Issue.record("no rejection")
            return
        }
        #expect(response.status == 401 && response.body == Array("no".utf8))
        #expect(response.headers["www-authenticate"] == "Basic")
        #expect(UpgradeDecision.accept() == .accept(subprotocol: nil, headers: [:]))
    }
}
