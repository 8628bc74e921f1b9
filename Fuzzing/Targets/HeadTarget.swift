import ZCNetWebSocket

/// Heads of requests or responses: the same verdict in one piece and in any pieces, each byte looked at once,
/// the same as a naive reader says, and the same again when written again.
struct HeadTarget: FuzzTarget {
    let kind: HTTPHeadParser.Kind

    private var isRequest: Bool { if case .request = kind { true } else { false } }

    var name: String { isRequest ? "http-request" : "http-response" }

    var words: [[UInt8]] {
        [
            "\r\n", "\r\n\r\n", "\r", "\n", ": ", ":", " ", "\t", ", ", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0",
            "GET ",
            "Host: a\r\n", "Host:[::1]:80\r\n", "Content-Length: 5\r\n",
            "Content-Length: 9223372036854775808\r\n",
            "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, \"a,b\", chunked\r\n", "http://a?b",
            "wss://[::ffff:1.2.3.4]:0/", "*", "OPTIONS ", "CONNECT ", "PRI ", "101 ", "404\r\n",
            "Connection: Upgrade\r\n",
            "Upgrade: websocket\r\n", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
            "Sec-WebSocket-Protocol: chat\r\n", "Sec-WebSocket-Extensions: permessage-deflate\r\n", "é",
            "\u{7F}",
        ].map { Array($0.utf8) }
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        var text = isRequest ? requestLine(&random) : statusLine(&random)
        if isRequest && !random.oneIn(10) {
            text += "Host: \(random.pick(["a", "a.example:80", "[::1]:9", ""]))\r\n"
        }
        for _ in 0..<random.below(random.oneIn(20) ? 120 : 8) { text += field(&random) }
        return Array((text + "\r\n").utf8) + random.bytes(random.oneIn(3) ? random.below(20) : 0)
    }

    private func requestLine(_ random: inout FuzzRandom) -> String {
        let method = random.pick(["GET", "POST", "OPTIONS", "PRI", "CONNECT", "M-SEARCH"])
        let target = random.pick(["/", "/a/b?c=d%20e+f", "*", "http://h:1/x", "ws://[::1]", "//", "/?", "x"])
        return "\(random.oneIn(8) ? "\r\n" : "")\(method) \(target) HTTP/1.\(random.below(2))\r\n"
    }

    private func statusLine(_ random: inout FuzzRandom) -> String {
        let status = random.pick(["101", "200", "404", "999", "099", "1000"])
        return "HTTP/1.\(random.below(2)) \(status)\(random.pick(["", " ", " Switching Protocols"]))\r\n"
    }

    private func field(_ random: inout FuzzRandom) -> String {
        if random.oneIn(2) { return String(decoding: random.pick(words), as: UTF8.self) }
        let name = random.pick(["X-A", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "a"])
        let value = random.pick([
            "", "1", " x \t", "chunked", "upgrade, keep-alive", "\"a,b\"",
            String(repeating: "v", count: random.size(upTo: 300)),
        ])
        return "\(name):\(value)\r\n"
    }

    func check(_ input: [UInt8]) throws -> String {
        var random = FuzzRandom(of: input)
        var limits = HTTPHeadLimits()
        if random.oneIn(3) { (limits.bytesMax, limits.lineBytesMax, limits.headersMax) = (300, 80, 5) }
        let whole = try outcome(of: input, limits, cuts: [])
        let cuts = random.cuts(of: input.count)
        try expect(
            try outcome(of: input, limits, cuts: cuts) == whole,
            "the same verdict in pieces, cut at \(cuts): \(whole)")
        try compare(whole, NaiveHead(input, isRequest: isRequest, limits))
        switch whole {
        case .incomplete: return "incomplete"
        case .refused(let error):
            try expect(
                error.description.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a plain text: \(error)")
            return outline("\(error.status) \(error)")
        case .request(let head, _):
            try checkRequest(head)
            return "request of \(head.headers.count) \(head.wantsUpgrade) \(head.keepsAlive) \(head.hasBody)"
        case .response(let head, _):
            return try checkResponse(head)
        }
    }

    /// What the parser says when shown more and more; each byte must have been looked at once.
    private func outcome(
        of input: [UInt8], _ limits: HTTPHeadLimits, cuts: [Int]
    ) throws -> HTTPHeadParser.Outcome {
        var parser = HTTPHeadParser(kind: kind, limits: limits)
        for cut in cuts { _ = withExactSpan(input[..<cut]) { parser.parse($0) } }
        let outcome = withExactSpan(input) { parser.parse($0) }
        try expect(parser.scannedBytes <= input.count, "no more looked at than there is")
        try expect(parser.scannedBytes <= limits.bytesMax, "no more looked at than the limit")
        switch outcome {
        case .incomplete:
            try expect(parser.scannedBytes == input.count, "all of an unfinished head looked at")
        case .request(_, let count), .response(_, let count):
            try expect(parser.scannedBytes == count, "\(count) bytes looked at, got \(parser.scannedBytes)")
        case .refused: break
        }
        return outcome
    }

    private func compare(_ outcome: HTTPHeadParser.Outcome, _ naive: NaiveHead?) throws {
        let (start, headers, count): ([String], HTTPHeaders, Int)
        switch outcome {
        case .request(let head, let bytes):
            (start, headers, count) = ([head.method, head.target, head.version], head.headers, bytes)
        case .response(let head, let bytes):
            (start, headers, count) = ([head.version, "\(head.status)", head.reason], head.headers, bytes)
        case .incomplete, .refused:
            return try expect(naive == nil, "a head as the naive reader says, got \(outcome)")
        }
        guard let naive else { throw Broken("none, as the naive reader says, got \(outcome)") }
        let fields = headers.fields.map { [$0.name, $0.value] }
        try expect(
            start == naive.start && count == naive.count
                && fields == naive.fields.map { [$0.name, $0.value] },
            "what the naive reader read, \(naive), got \(outcome)")
    }

    private func checkRequest(_ head: HTTPRequestHead) throws {
        try expect(head.path.first == "/" || head.path == "*", "a path, got \(head.path)")
        _ = (head.decodedPath, head.queryValue(of: "c"), head.contentLength, head.host)
        let lines = head.headers.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        let written = Array("\(head.method) \(head.target) \(head.version)\r\n\(lines)\r\n".utf8)
        var limits = HTTPHeadLimits()
        limits.bytesMax = 1 << 20
        let again = try outcome(of: written, limits, cuts: [])
        try expect(
            again == .request(head, headBytes: written.count), "the same when written again, got \(again)")
        let answer = ServerHandshake.check(head, origins: .any)
        if case .offered(let request) = answer {
            try expect(head.wantsUpgrade, "no handshake without an upgrade")
            let accepted = try ServerHandshake.accept(
                request, subprotocol: nil, extensions: nil, headers: [:])
            var parser = HTTPHeadParser(kind: .response)
            guard case .response = withExactSpan(accepted, { parser.parse($0) }) else {
                throw Broken("a response that can be read, got \(String(decoding: accepted, as: UTF8.self))")
            }
        }
    }

    /// What a client makes of a response.
    private func checkResponse(_ head: HTTPResponseHead) throws -> String {
        try expect((100...999).contains(head.status), "a status, got \(head.status)")
        guard let key = WebSocketKey("dGhlIHNhbXBsZSBub25jZQ==") else { throw Broken("a key") }
        let handshake = try ClientHandshake(
            try WebSocketURL("ws://a/"), key: key, subprotocols: ["chat"], extensions: "permessage-deflate")
        do {
            let agreement = try handshake.check(head)
            try expect(head.status == 101, "an agreement by 101 alone")
            return "agreed \(agreement.subprotocol ?? "") \(agreement.extensions.count)"
        } catch let error as HandshakeError {
            return outline("\(error)")
        }
    }
}
