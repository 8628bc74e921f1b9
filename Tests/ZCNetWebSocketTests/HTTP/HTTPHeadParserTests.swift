import Testing

@testable import ZCNetWebSocket

@Suite struct HTTPHeadParserTests {
    typealias Outcome = HTTPHeadParser.Outcome

    static let request = """
        GET /chat/room?name=a%20b HTTP/1.1\r\nHost: example.org:80\r\nUpgrade: websocket\r
        connection:keep-alive, \t Upgrade  \r\nX-Empty:\r\nSec-WebSocket-Key: abc==\r\n\r\n
        """

    static func parse(_ text: String, limits: HTTPHeadLimits = HTTPHeadLimits()) -> Outcome {
        var parser = HTTPHeadParser(limits: limits)
        return feed(&parser, Array(text.utf8))
    }

    static func feed(_ parser: inout HTTPHeadParser, _ bytes: [UInt8]) -> Outcome {
        let span = bytes.span
        return parser.parse(unsafe span.bytes)
    }

    static func status(_ outcome: Outcome) -> Int? {
        if case .refused(let error) = outcome { error.status } else { nil }
    }

    @Test func aRequestIsRead() throws {
        let text = Self.request
        guard case .request(let head, let count) = Self.parse(text + "behind") else {
            Issue.record("expected a request, got \(Self.parse(text))")
            return
        }
        #expect(count == text.utf8.count)
        #expect(head.method == "GET" && head.minorVersion == 1)
        #expect(head.path == "/chat/room" && head.query == "name=a%20b")
        #expect(head.headers["host"] == "example.org:80")
        #expect(head.headers["X-Empty"] == "")
        #expect(head.headers.list(of: "Connection") == ["keep-alive", "Upgrade"])
        #expect(head.wantsUpgrade && head.keepsAlive && !head.hasBody)
    }

    @Test func everyCutGivesTheSame() {
        let bytes = Array(Self.request.utf8)
        let whole = Self.parse(Self.request)
        for cut in 0..<bytes.count {
            var parser = HTTPHeadParser()
            #expect(Self.feed(&parser, Array(bytes[..<cut])) == .incomplete, "cut at \(cut)")
            #expect(Self.feed(&parser, bytes) == whole, "cut at \(cut)")
        }
    }

    @Test func byteByByteLooksAtEachByteOnce() {
        let bytes = Array(Self.request.utf8)
        var parser = HTTPHeadParser()
        for count in 1...bytes.count { _ = Self.feed(&parser, Array(bytes[..<count])) }
        #expect(parser.lookedAt == bytes.count)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\nHost: h\n\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n: nameless\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: a\u{0}b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: a\u{7F}b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: \r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ("GET /\r\n\r\n", 400),
        ("GET  / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1 \r\n\r\n", 400),
        ("G T / HTTP/1.1\r\n\r\n", 400),
        ("GET here HTTP/1.1\r\n\r\n", 400),
        ("GET /\u{E9} HTTP/1.1\r\n\r\n", 400),
        ("GET / FTP/1.1\r\n\r\n", 400),
        ("\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n", 400),
        ("\u{16}\u{3}\u{1}\u{2}", 400),
    ])
    func whatIsWrongIsRefusedHoweverItIsCut(text: String, status: Int) {
        let bytes = Array(text.utf8)
        #expect(Self.status(Self.parse(text)) == status)
        var parser = HTTPHeadParser()
        var last = Outcome.incomplete
        for count in 1...bytes.count where last == .incomplete {
            last = Self.feed(&parser, Array(bytes[..<count]))
        }
        #expect(Self.status(last) == status)
    }

    @Test func oneEmptyLineInFrontIsPassedOver() {
        guard case .request(let head, let count) = Self.parse("\r\nGET / HTTP/1.0\r\n\r\n") else {
            Issue.record("expected a request")
            return
        }
        #expect(head.minorVersion == 0 && count == 20)
        #expect(!head.keepsAlive)
    }

    @Test func anAbsoluteTargetIsTaken() {
        guard case .request(let head, _) = Self.parse("GET http://h:1/a?b HTTP/1.1\r\nHost: h:1\r\n\r\n")
        else {
            Issue.record("expected a request")
            return
        }
        #expect(head.path == "/a" && head.query == "b")
    }

    @Test func limitsHoldBeforeTheHeadIsWhole() {
        var limits = HTTPHeadLimits()
        limits.bytesMax = 300
        limits.lineBytesMax = 64
        limits.headersMax = 3
        let start = "GET / HTTP/1.1\r\nHost: h\r\n"
        #expect(Self.status(Self.parse("GET /" + String(repeating: "a", count: 64), limits: limits)) == 414)
        #expect(
            Self.status(Self.parse(start + "X: " + String(repeating: "a", count: 300), limits: limits)) == 431
        )
        #expect(Self.status(Self.parse(start + "A: 1\r\nB: 2\r\nC: 3\r\n", limits: limits)) == 431)
        #expect(Self.parse(start + "A: 1\r\nB: 2\r\n", limits: limits) == .incomplete)
    }

    @Test(arguments: 0..<200)
    func noiseNeverCrashesAndCutsNeverMatter(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var bytes = Array(Self.request.utf8)
        for _ in 0..<(1 + seed % 4) {
            bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        var whole = HTTPHeadParser()
        let expected = Self.feed(&whole, bytes)
        var parser = HTTPHeadParser()
        var last = Outcome.incomplete
        var count = 0
        while count < bytes.count && last == .incomplete {
            count = min(bytes.count, count + 1 + Int(random.next() % 9))
            last = Self.feed(&parser, Array(bytes[..<count]))
        }
        #expect(last == expected)
    }
}
