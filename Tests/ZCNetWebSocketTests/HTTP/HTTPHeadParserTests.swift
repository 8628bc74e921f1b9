import Testing

@testable import ZCNetWebSocket

struct HTTPHeadParserTests {
    static let browser = """
        GET /chat?room=7 HTTP/1.1\r
        Host: example.org:8080\r
        Connection: keep-alive, Upgrade\r
        Upgrade: websocket\r
        Origin: https://example.org\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Cookie: a=b; c="d, e"\r
        Empty:\r
        \r

        """

    @Test func readsARequest() throws {
        let bytes = Array((Self.browser + "\u{81}frame").utf8)
        guard case .request(let head, let count) = HeadFeed.outcome(of: bytes).last else {
            Issue.record("no request: \(HeadFeed.outcome(of: bytes).last)")
            return
        }
        #expect(count == Self.browser.utf8.count)
        #expect(head.method == "GET" && head.target == "/chat?room=7" && head.version == "HTTP/1.1")
        #expect(head.path == "/chat" && head.query == "room=7" && head.host == "example.org:8080")
        #expect(head.headers.count == 8)
        #expect(head.headers["COOKIE"] == "a=b; c=\"d, e\"")
        #expect(head.headers["Empty"]?.isEmpty == true)
        #expect(head.headers.fields.map(\.name).first == "Host")
        #expect(head.wantsUpgrade && head.keepsAlive && !head.hasBody)
    }

    @Test(arguments: [browser, "\r\n" + browser, "GET / HTTP/1.0\r\n\r\n"])
    func cutAtEveryByte(text: String) {
        let bytes = Array(text.utf8)
        let whole = HeadFeed.outcome(of: bytes).last
        guard case .request(_, bytes.count) = whole else {
            Issue.record("no whole request: \(whole)")
            return
        }
        for cut in 0..<bytes.count {
            #expect(HeadFeed.outcome(of: Array(bytes[..<cut])).last == .incomplete, "cut at \(cut)")
            #expect(HeadFeed.outcome(of: bytes, cuts: [cut]).last == whole, "cut at \(cut)")
        }
    }

    @Test func byteByByteLooksAtEachByteOnce() {
        let bytes = Array(Self.browser.utf8)
        let byteByByte = HeadFeed.outcome(of: bytes, cuts: Array(0...bytes.count))
        #expect(byteByByte.last == HeadFeed.outcome(of: bytes).last)
        #expect(byteByByte.scanned == bytes.count)
        // A parser that began anew would find what was scribbled over.
        var parser = HTTPHeadParser()
        var shown = Array("GET / HTTP/1.1\r\nHost: a\r\nCookie: ".utf8)
        for letter in 0..<2000 {
            #expect(parser.parse(array: shown) == .incomplete, "letter \(letter)")
            for index in shown.indices { shown[index] = 0 }
            shown.append(UInt8(ascii: "x"))
        }
    }

    @Test func theVerdictStays() {
        var parser = HTTPHeadParser()
        let bad = Array("GET / HTTP/1.1\r\nHost : a".utf8)
        let verdict = parser.parse(array: bad)
        guard case .refused = verdict else {
            Issue.record("not refused: \(verdict)")
            return
        }
        #expect(parser.parse(array: bad + bad) == verdict)
        var other = HTTPHeadParser()
        let good = Array("GET / HTTP/1.0\r\n\r\n".utf8)
        let head = other.parse(array: good)
        #expect(other.parse(array: good + [0]) == head)
    }

    @Test(
        arguments: [
            ("GET http://example.org/a?b HTTP/1.1\r\nHost: other\r\n\r\n", "/a", "b", "example.org"),
            ("GET ws://example.org:81 HTTP/1.1\r\nHost: other\r\n\r\n", "/", nil, "example.org:81"),
            ("GET http://[::1]?b HTTP/1.1\r\nHost: other\r\n\r\n", "/", "b", "[::1]"),
            ("GET /http://x/y HTTP/1.1\r\nHost: a\r\n\r\n", "/http://x/y", nil, "a"),
            ("GET /? HTTP/1.1\r\nHost:\r\n\r\n", "/", "", ""),
            ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "*", nil, "a"),
            ("GET /a?b?c HTTP/1.0\r\n\r\n", "/a", "b?c", nil),
            ("GET //a HTTP/1.0\r\nhost:[2001:db8::1]:80\r\n\r\n", "//a", nil, "[2001:db8::1]:80"),
        ] as [(String, String, String?, String?)])
    func formsOfTargets(text: String, path: String, query: String?, host: String?) throws {
        let head = try #require(HeadFeed.request(text))
        #expect(head.path == path && head.query == query && head.host == host)
    }

    @Test func whatIsTolerated() throws {
        // Blanks around values and none; bytes above ASCII; an empty line first; lower case.
        let text = "\r\nPATCH / HTTP/1.1\r\nhOsT:\t a \t\r\nX:a\t b\r\nY: caf\u{E9}\r\n\r\n"
        let head = try #require(HeadFeed.request(text))
        #expect(head.method == "PATCH")
        #expect(head.headers["host"] == "a" && head.headers["x"] == "a\t b" && head.headers["y"] == "café")
        let latin = Array("GET / HTTP/1.0\r\nY: caf".utf8) + [0xE9] + Array("\r\n\r\n".utf8)
        guard case .request(let other, _) = HeadFeed.outcome(of: latin).last else {
            Issue.record("bytes that are no UTF-8 must pass")
            return
        }
        #expect(other.headers["Y"] == "caf\u{FFFD}")
    }

    @Test(arguments: [
        ("Content-Length: 0", false), ("Content-Length: 000", false), ("Content-Length: 9", true),
        ("Content-Length: 9223372036854775807", true), ("Transfer-Encoding: Chunked", true), ("A: b", false),
    ])
    func bodies(field: String, hasBody: Bool) throws {
        let head = try #require(HeadFeed.request("POST / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n"))
        #expect(head.hasBody == hasBody)
    }

    @Test(arguments: [
        ("HTTP/1.1", "A: b", true), ("HTTP/1.1", "Connection: close", false),
        ("HTTP/1.1", "Connection: a, CLOSE", false), ("HTTP/1.0", "A: b", false),
        ("HTTP/1.0", "Connection: Keep-Alive", true), ("HTTP/1.0", "Connection: keep-alive, close", false),
    ])
    func persistence(version: String, field: String, keepsAlive: Bool) throws {
        let head = try #require(HeadFeed.request("GET / \(version)\r\nHost: a\r\n\(field)\r\n\r\n"))
        #expect(head.keepsAlive == keepsAlive)
    }

    // MARK: Responses

    @Test(arguments: [
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", 101, "Switching Protocols"),
        ("HTTP/1.1 200 \r\n\r\n", 200, ""), ("HTTP/1.0 404\r\n\r\n", 404, ""),
        ("HTTP/1.1 599 a\tb c\r\nContent-Length: 3\r\n\r\n", 599, "a\tb c"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 200, "OK"),
    ])
    func readsAResponse(text: String, status: Int, reason: String) throws {
        let head = try #require(HeadFeed.response(text))
        #expect(head.status == status && head.reason == reason)
        let bytes = Array(text.utf8)
        let whole = HeadFeed.outcome(of: bytes, .response).last
        for cut in 0..<bytes.count {
            #expect(HeadFeed.outcome(of: Array(bytes[..<cut]), .response).last == .incomplete)
            #expect(HeadFeed.outcome(of: bytes, .response, cuts: [cut]).last == whole)
        }
    }
}
