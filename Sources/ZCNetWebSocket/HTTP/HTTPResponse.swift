/// A small answer to a plain HTTP request.
///
/// ```swift
/// HTTPResponse(status: 200, text: "fine\n")
/// HTTPResponse(status: 503, headers: ["Retry-After": "5"])
/// ```
/// `Content-Length` and `Connection` are written by the server; fields of these names are left out. It
/// writes `Date`, too, unless the response has one of its own.
public struct HTTPResponse: Hashable, Sendable {
    /// A final status: 200 to 599.
    public var status: Int { didSet { Self.check(status) } }
    /// What to say beside length and connection.
    public var headers: HTTPHeaders
    /// What it carries. Responses to HEAD requests and those of status 204 and 304 are sent without.
    public var body: [UInt8]

    /// An answer with a body of bytes, or none.
    ///
    /// - Precondition: the status is 200 to 599.
    public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        Self.check(status)
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer in plain text, unless another type is given.
    ///
    /// - Precondition: the status is 200 to 599.
    public init(status: Int, text: String, type: String = "text/plain; charset=utf-8") {
        self.init(status: status, body: Array(text.utf8))
        headers.set("Content-Type", to: type)
    }

    /// The answer to a head that was refused.
    package init(_ error: HTTPError) { self.init(status: error.status, text: error.description + "\n") }

    /// The response's bytes: head and body in one.
    ///
    /// - Parameters:
    ///   - isHead: whether the request's method was HEAD: the length is told, the body is not sent
    ///     (RFC 9110 9.3.2).
    ///   - keepsAlive: whether the connection goes on.
    ///   - date: what `Date` says, unless the response has one of its own (RFC 9110 6.6.1); nil sends none.
    package func serialized(isHead: Bool = false, keepsAlive: Bool, date: String? = nil) -> [UInt8] {
        // RFC 9110 8.6 and 15.4.5: a 204 tells no length, a 304 would tell that of another response.
        let hasContent = status != 204 && status != 304
        var text = "HTTP/1.1 \(status) \(Self.reason(for: status))\r\n"
        headers.appendDate(date, to: &text)
        headers.appendLines(to: &text) { !Self.isFraming($0.name) }
        if hasContent { text += "Content-Length: \(body.count)\r\n" }
        // RFC 9110 7.8: who names Upgrade has to name it as an option of the connection, too.
        let upgrade = headers.contains("Upgrade") ? ", Upgrade" : ""
        text += "Connection: \(keepsAlive ? "keep-alive" : "close")\(upgrade)\r\n\r\n"
        var bytes = Array(text.utf8)
        if hasContent && !isHead { bytes += body }
        return bytes
    }

    private static func isFraming(_ name: String) -> Bool {
        ["Content-Length", "Connection", "Transfer-Encoding"].contains { HTTPCharacters.isSame($0, name) }
    }

    private static func check(_ status: Int) {
        precondition((200...599).contains(status), "a final response has a status of 200 to 599")
    }
}
