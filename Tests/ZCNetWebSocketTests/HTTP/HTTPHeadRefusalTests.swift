import Testing

@testable import ZCNetWebSocket

/// What is refused, with which status, and at which byte: a bar stands behind the byte that settles it.
struct HTTPHeadRefusalTests {
    static let requests: [(String, Int)] = [
        // No HTTP.
        ("\u{16}|\u{3}\u{1}", 400), ("\0|", 400), (" |GET / HTTP/1.1\r\n", 400), ("\n|", 400),
        ("GETé|", 400), ("\r\n\r|\n", 400), ("\rx|", 400), ("SSH-2.0-x\r|\n", 400), ("{|\"a\":1}", 400),
        // The method.
        ("GE(|T", 400), ("GET\t|/", 400), ("GET\r|\n", 400), ("GET\n|", 400),
        (String(repeating: "M", count: 33) + "|", 501), ("CONNECT a:443 |HTTP/1.1", 501),
        // The target.
        ("GET  |/", 400), ("GET / \u{20}|HTTP/1.1", 400), ("GET /\t|", 400), ("GET /a\u{7F}|", 400),
        ("GET /#|", 400), ("GET a |", 400), ("GET * |", 400), ("GET //é|", 400), ("GET /\n|", 400),
        ("GET ftp://a/ |", 400), ("GET http:// |", 400), ("GET http://u@a/ |", 400), ("GET http:///a |", 400),
        ("GET /\r|\n", 505), ("GET \r|\n", 400),
        // The version.
        ("GET / X|", 400), ("GET / h|ttp/1.1", 400), ("GET / HTTP/2|.0", 505), ("PRI * HTTP/2|.0\r\n", 505),
        ("GET / HTTP/0|.9", 505), ("GET / HTTP/x|", 400), ("GET / HTTP/1,|1", 400), ("GET / HTTP/1.2|", 505),
        ("GET / HTTP/1.x|", 400), ("GET / HTTP/1.11|", 400), ("GET / HTTP/1.1 |", 400),
        ("GET / HTTP/1.1\n|", 400), ("GET / HTTP/1.1\rx|", 400), ("GET / HTTP/1.1\r\r|", 400),
    ]

    /// Behind a whole request line.
    static let fields: [(String, Int)] = [
        (" |Host: a", 400), ("\t|a: b", 400), (":|a", 400), ("\n|", 400), ("\rx|", 400), ("\0|", 400),
        ("Host |: a", 400), ("Host\t|: a", 400), ("Host\r|\n", 400), ("Ho\0|st: a", 400), ("Ho(|: a", 400),
        ("Hé|", 400),
        ("A: b\n|", 400), ("A: b\rx|", 400), ("A: b\0|", 400), ("A: \u{B}|", 400), ("A: b\u{7F}|", 400),
        ("A:\n|", 400), ("A: b\r\n |c: d\r\n", 400), ("A: b\r\n\t|c", 400),
        ("A: b\r\n\r\n|", 400),
        ("Host: a\r\nHOST: a\r\n|", 400), ("Host: a b\r\n|", 400), ("Host: a/b\r\n|", 400),
        ("Host: a@b\r\n|", 400), ("Host: a:x\r\n|", 400), ("Host: a:65536\r\n|", 400),
        ("Host: [::1\r\n|", 400), ("Host: a, b\r\n|", 400), ("Host: é\r\n|", 400),
        ("Content-Length: x\r\n|", 400), ("Content-Length: +1\r\n|", 400), ("Content-Length: -1\r\n|", 400),
        ("Content-Length:\r\n|", 400), ("Content-Length: 1, 1\r\n|", 400), ("Content-Length: 0x1\r\n|", 400),
        ("Content-Length: 1\r\ncontent-length: 1\r\n|", 400),
        ("Content-Length: 1\r\nContent-Length: 2\r\n|", 400),
        ("Content-Length: 9223372036854775808\r\n|", 413),
        ("Content-Length: 99999999999999999999999999999\r\n|", 413),
        ("Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n|", 400),
        ("Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n|", 400),
        ("Host: a\r\nTransfer-Encoding: gzip\r\n\r\n|", 400), ("Host: a\r\nTransfer-Encoding:\r\n\r\n|", 400),
        ("Host: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n|", 400),
        ("Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n|", 400),
        ("Host: a\r\nTransfer-Encoding: identity\r\n\r\n|", 400),
        ("Host: a\r\nTransfer-Encoding: xchunked\r\n\r\n|", 400),
        ("Host: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n|", 501),
    ]

    static let responses: [String] = [
        "G|ET / HTTP/1.1", "\r|\n", "HTTP/2|", "HTTP/1.1\r|\n", "HTTP/1.1  |200", "HTTP/1.1 0|99",
        "HTTP/1.1 20 |OK", "HTTP/1.1 2000|", "HTTP/1.1 20x|", "HTTP/1.1 200 a\n|", "HTTP/1.1 200 a\0|",
        "HTTP/1.1 200 \rx|", "HTTP/1.1 200\n|", "HTTP/1.1 200 OK\r\nA |: b", "HTTP/1.1 200 OK\r\n |a: b",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n|",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n|",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n|",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n|",
    ]

    @Test(arguments: requests)
    func requestsThatAreRefused(text: String, status: Int) { check(text, .request, status) }

    @Test(arguments: fields)
    func fieldsThatAreRefused(text: String, status: Int) {
        check("GET / HTTP/1.1\r\n" + text, .request, status)
    }

    @Test(arguments: responses)
    func responsesThatAreRefused(text: String) { check(text, .response, 502) }

    @Test func transferCodingsAreNothingForOldClients() {
        check("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n|", .request, 400)
    }

    /// Nothing is known in front of the bar; with the byte in front of it, everything is.
    private func check(_ text: String, _ kind: HTTPHeadParser.Kind, _ status: Int) {
        guard let bar = text.unicodeScalars.firstIndex(of: "|") else {
            Issue.record("the case has no bar: \(text)")
            return
        }
        let settled = Array(String(text.unicodeScalars[..<bar]).utf8)
        let rest = Array(String(text.unicodeScalars[text.unicodeScalars.index(after: bar)...]).utf8)
        // A character of two bytes is refused with its first.
        let early = settled.last.map { $0 >= 0x80 } == true ? 2 : 1
        #expect(HeadFeed.outcome(of: Array(settled.dropLast(early)), kind).last == .incomplete, "\(text)")
        for bytes in [settled, settled + rest] {
            guard case .refused(let error) = HeadFeed.outcome(of: bytes, kind).last else {
                Issue.record("not refused: \(text)")
                return
            }
            #expect(error.status == status, "\(text): \(error)")
            #expect(!error.expected.isEmpty && !error.got.isEmpty)
            #expect(error.description.utf8.allSatisfy { $0 >= 0x20 }, "\(error)")
        }
    }

    @Test func errorsNameWhatCame() {
        func error(_ text: String) -> String {
            guard case .refused(let error) = HeadFeed.outcome(of: text) else { return "" }
            return error.description
        }
        #expect(error("\u{16}\u{3}").contains("TLS"))
        #expect(error("GET / HTTP/1.1\r\nHost : a").contains("RFC 9112 5.1"))
        #expect(error("GET / HTTP/1.1\r\n folded").contains("folded"))
        #expect(error("GET /\r\n").contains("HTTP/0.9"))
        #expect(
            error("GET / HTTP/1.1\r\nHost: <script>\r\n")
                == "expected a host and perhaps a port in Host, got \"<script>\"")
    }
}
