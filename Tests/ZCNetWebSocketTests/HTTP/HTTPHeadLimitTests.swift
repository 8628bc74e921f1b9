import Testing

@testable import ZCNetWebSocket

struct HTTPHeadLimitTests {
    private func limits(bytes: Int = 16 << 10, line: Int = 8 << 10, headers: Int = 100) -> HTTPHeadLimits {
        var limits = HTTPHeadLimits()
        limits.bytesMax = bytes
        limits.lineBytesMax = line
        limits.headersMax = headers
        return limits
    }

    @Test func theWholeHead() {
        let start = "GET / HTTP/1.1\r\nHost: a\r\nCookie: "
        func head(_ count: Int) -> String {
            start + String(repeating: "c", count: count - start.utf8.count - 4) + "\r\n\r\n"
        }
        let limits = limits(bytes: 300)
        guard case .request(_, headBytes: 300) = HeadFeed.outcome(of: head(300) + "more", limits: limits)
        else {
            Issue.record("a head of exactly the limit must pass")
            return
        }
        #expect(HeadFeed.refusal(head(301), limits: limits) == 431)
        // Known as soon as no byte is left for the end.
        #expect(
            HeadFeed.refusal(start + String(repeating: "c", count: 299 - start.utf8.count), limits: limits)
                == nil)
        #expect(
            HeadFeed.refusal(start + String(repeating: "c", count: 300 - start.utf8.count), limits: limits)
                == 431)
        #expect(
            HeadFeed.refusal("HTTP/1.1 200 " + String(repeating: "a", count: 300), .response, limits: limits)
                == 502)
    }

    @Test func theFirstLine() {
        func line(_ count: Int) -> String {
            "GET /" + String(repeating: "p", count: count - 14) + " HTTP/1.1"
        }
        let limits = limits(line: 64)
        #expect(HeadFeed.outcome(of: line(64) + "\r\n", limits: limits) == .incomplete)
        #expect(HeadFeed.outcome(of: "\r\n" + line(64) + "\r\n", limits: limits) == .incomplete)
        #expect(HeadFeed.refusal(line(65), limits: limits) == 414)
        #expect(HeadFeed.refusal("GET /" + String(repeating: "p", count: 59), limits: limits) == nil)
        #expect(HeadFeed.refusal("GET /" + String(repeating: "p", count: 60), limits: limits) == 414)
        let reason = "HTTP/1.1 200 " + String(repeating: "r", count: 51)
        #expect(HeadFeed.outcome(of: reason + "\r\n", .response, limits: limits) == .incomplete)
        #expect(HeadFeed.refusal(reason + "r", .response, limits: limits) == 502)
    }

    @Test func theNumberOfFields() {
        let fields = (0..<3).map { "F\($0): v\r\n" }.joined()
        let limits = limits(headers: 3)
        guard case .request = HeadFeed.outcome(of: "GET / HTTP/1.0\r\n\(fields)\r\n", limits: limits) else {
            Issue.record("three fields of three must pass")
            return
        }
        #expect(HeadFeed.refusal("GET / HTTP/1.0\r\n\(fields)F", limits: limits) == 431)
    }

    @Test func anEndlessHeadIsRefusedWhereTheLimitIs() {
        var parser = HTTPHeadParser()
        var bytes = Array("GET / HTTP/1.1\r\n".utf8)
        var outcome = HTTPHeadParser.Outcome.incomplete
        while outcome == .incomplete && bytes.count < 100_000 {
            bytes += Array("X: y\r\n".utf8)
            outcome = parser.parse(array: bytes)
        }
        guard case .refused(let error) = outcome else {
            Issue.record("not refused")
            return
        }
        #expect(error.status == 431)
        #expect(bytes.count == 16 + 101 * 6)
    }

    @Test func limitsAreChecked() throws {
        try HTTPHeadLimits().validate()
        #expect(throws: (any Error).self) { try limits(bytes: 255).validate() }
        #expect(throws: (any Error).self) { try limits(bytes: 1 << 21).validate() }
        #expect(throws: (any Error).self) { try limits(bytes: 1024, line: 1025).validate() }
        #expect(throws: (any Error).self) { try limits(headers: 0).validate() }
    }
}
