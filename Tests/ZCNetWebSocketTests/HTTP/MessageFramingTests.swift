import Testing
import ZCNet

@testable import ZCNetWebSocket

/// Where messages end, by what their heads say and by nothing else.
struct MessageFramingTests {
    private static let limits = HTTPHeadLimits()

    /// Behind a request line and a Host.
    @Test(
        arguments: [
            ("", MessageFraming.none), ("Content-Length: 0\r\n", .none), ("Content-Length: 000\r\n", .none),
            ("Content-Length: 5\r\n", .length(5)), ("content-length:\t 005 \t\r\n", .length(5)),
            ("Content-Length: 9223372036854775807\r\n", .length(.max)),
            ("Transfer-Encoding: chunked\r\n", .chunked), ("TRANSFER-ENCODING:CHUNKED\r\n", .chunked),
            ("Transfer-Encoding: \tchunked\t \r\n", .chunked),
            // Other fields say nothing about it.
            ("TE: chunked\r\nX-Transfer-Encoding: chunked\r\nTransfer_Encoding: chunked\r\n", .none),
            ("Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 5\r\n", .length(5)),
            ("Upgrade: websocket\r\nTransfer-Encoding: chunked\r\n", .chunked),
            ("Expect: 100-continue\r\nContent-Length: 5\r\n", .length(5)),
            ("Connection: Content-Length\r\nContent-Length: 5\r\n", .length(5)),
            ("Trailer: Content-Length\r\n", .none),
        ] as [(String, MessageFraming)])
    func requests(fields: String, framing: MessageFraming) {
        // Whatever the method.
        for method in ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            let head = HeadFeed.request("\(method) /x HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            #expect(head?.framing == framing && head?.hasBody == (framing != .none), "\(method) \(fields)")
        }
    }

    @Test(arguments: [
        // Lengths.
        ("Content-Length: +5\r\n", 400), ("Content-Length: -5\r\n", 400), ("Content-Length: 0x5\r\n", 400),
        ("Content-Length: 5, 5\r\n", 400), ("Content-Length: 5,\r\n", 400), ("Content-Length: 5 5\r\n", 400),
        ("Content-Length: 5;a\r\n", 400), ("Content-Length: 5.0\r\n", 400), ("Content-Length: \r\n", 400),
        ("Content-Length: \"5\"\r\n", 400), ("Content-Length: ٥\r\n", 400), ("Content-Length: ５\r\n", 400),
        ("Content-Length: 5\r\nContent-Length: 5\r\n", 400),
        ("Content-Length: 0\r\nContent-Length: 5\r\n", 400),
        ("Content-Length: 5\r\nX: y\r\ncONTENT-lENGTH: 6\r\n", 400),
        ("Content-Length: 9223372036854775808\r\n", 413),
        ("Content-Length: 18446744073709551621\r\n", 413),
        // Both.
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400),
        ("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", 400),
        ("Transfer-Encoding: identity\r\nContent-Length: 5\r\n", 400),
        ("Transfer-Encoding:\r\nContent-Length: 5\r\n", 400),
        // Codings.
        ("Transfer-Encoding:\r\n", 400), ("Transfer-Encoding: ,\r\n", 400),
        ("Transfer-Encoding: gzip\r\n", 400), ("Transfer-Encoding: identity\r\n", 400),
        ("Transfer-Encoding: chunked, identity\r\n", 400), ("Transfer-Encoding: chunked,\r\n", 400),
        ("Transfer-Encoding: , chunked\r\n", 400), ("Transfer-Encoding: chunked, chunked\r\n", 400),
        ("Transfer-Encoding: chunked;q=1\r\n", 400), ("Transfer-Encoding: \"chunked\"\r\n", 400),
        ("Transfer-Encoding: chunked chunked\r\n", 400), ("Transfer-Encoding: xchunked\r\n", 400),
        ("Transfer-Encoding: chunkedx\r\n", 400), ("Transfer-Encoding: chun\u{212A}ed\r\n", 400),
        ("Transfer-Encoding: chunked\u{A0}\r\n", 400), ("Transfer-Encoding: 'chunked'\r\n", 400),
        ("Transfer-Encoding: gzip, chunked\r\n", 501), ("Transfer-Encoding: x, y,chunked\r\n", 501),
        ("Transfer-Encoding: \"a, chunked\r\n", 501),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400),
        ("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", 501),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", 400),
        // Names and lines that others read as one of the two.
        ("Transfer-Encoding : chunked\r\n", 400), ("Transfer-Encoding\t: chunked\r\n", 400),
        (" Transfer-Encoding: chunked\r\n", 400), ("\tContent-Length: 5\r\n", 400),
        ("X: y\r\n Transfer-Encoding: chunked\r\n", 400), ("Transfer-Encoding:\r\n chunked\r\n", 400),
        ("Transfer-Encoding: \r\n\tchunked\r\n", 400), ("Content-Length:\r\n 5\r\n", 400),
        ("X: y\nTransfer-Encoding: chunked\r\n", 400), ("X: y\rTransfer-Encoding: chunked\r\n", 400),
        ("Transfer-Encoding: chunked\n", 400), ("Transfer-Encoding: \u{B}chunked\r\n", 400),
        ("Transfer-Encoding: chunked\u{C}\r\n", 400), ("Transfer-Encoding: chunked\0\r\n", 400),
        ("Transfer\0-Encoding: chunked\r\n", 400), ("\u{7F}Transfer-Encoding: chunked\r\n", 400),
        ("Transfer Encoding: chunked\r\n", 400), ("Content-Length\u{A0}: 5\r\n", 400),
        ("Content-Length: 5\r\n\r: x\r\n", 400), ("Content-Length\r\n: 5\r\n", 400),
        // Whom it is for.
        ("Host: a\r\n", 400), ("host: b\r\n", 400), ("HOST:\r\n", 400),
    ])
    func doubtfulRequestsAreRefused(fields: String, status: Int) {
        let text = "POST /x HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
        #expect(HeadFeed.refusal(text) == status, "\(fields)")
    }

    @Test func oldRequestsHaveNoTransferCodings() {
        #expect(HeadFeed.refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400)
        #expect(HeadFeed.refusal("POST / HTTP/1.0\r\nTransfer-Encoding: identity\r\n\r\n") == 400)
        #expect(HeadFeed.request("POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\n")?.framing == .length(5))
        #expect(HeadFeed.request("POST / HTTP/1.0\r\n\r\n")?.framing == MessageFraming.none)
    }

    @Test func aRequestOfTodaySaysWhomItIsFor() {
        #expect(HeadFeed.refusal("GET / HTTP/1.1\r\n\r\n") == 400)
        #expect(HeadFeed.refusal("GET http://a/ HTTP/1.1\r\n\r\n") == 400)
        // RFC 9112 3.2.2: an absolute target goes before what Host says.
        let head = HeadFeed.request("GET http://a/x HTTP/1.1\r\nHost: b\r\nContent-Length: 1\r\n\r\n")
        #expect(head?.host == "a" && head?.framing == .length(1))
    }

    @Test(
        arguments: [
            ("200 OK", "", MessageFraming.untilEnd), ("200 OK", "Content-Length: 0\r\n", .none),
            ("404 No", "Content-Length: 5\r\n", .length(5)),
            ("200 OK", "Transfer-Encoding: chunked\r\n", .chunked),
            ("200 OK", "Transfer-Encoding: gzip, chunked\r\n", .chunked),
            ("204 No", "Content-Length: 5\r\n", .none), ("304 No", "Transfer-Encoding: chunked\r\n", .none),
            ("101 Ok", "", .none), ("103 Ok", "Content-Length: 5\r\n", .none),
        ] as [(String, String, MessageFraming)])
    func responses(status: String, fields: String, framing: MessageFraming) {
        #expect(HeadFeed.response("HTTP/1.1 \(status)\r\n\(fields)\r\n")?.framing == framing)
    }

    @Test(arguments: [
        "Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5, 5\r\n", "Content-Length: +5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: \"a, gzip\r\n",
    ])
    func doubtfulResponsesAreRefused(fields: String) {
        #expect(HeadFeed.refusal("HTTP/1.1 200 OK\r\n\(fields)\r\n", .response) == 502)
    }

    /// Quotes in lists of tokens hide nothing.
    @Test(arguments: [
        ("close", ["close"]), ("\"x, close", ["\"x", "close"]), ("a\\,\tclose ,, b", ["a\\", "close", "b"]),
        (" , ", []), ("\"a, close, b\"", ["\"a", "close", "b\""]),
    ])
    func tokens(value: String, tokens: [String]) {
        let headers: HTTPHeaders = ["Connection": value]
        #expect(headers.tokens(of: .connection) == tokens)
        #expect(headers.hasToken("close", in: .connection) == tokens.contains("close"))
    }
}
