/// Where the body of a message ends: RFC 9112 6.
///
/// **Decided once**, with the head, of its version and of what it says about length, before anything else
/// looks at the message. Neither the method, nor the path, nor a wish to upgrade, nor what the application
/// answers has a say.
///
/// Why so strict: a proxy and this server read the same connection. Where they see different ends of a
/// request, what a client has sent as a body becomes somebody else's next request. So whatever can be read
/// in two ways is refused, although RFC 9112 allows to mend some of it, and the connection ends with it.
package enum MessageFraming: Hashable, Sendable {
    /// Nothing follows the head.
    case none
    /// So many bytes follow, one at least.
    case length(Int)
    /// Chunks follow, the last of which is empty: RFC 9112 7.1.
    case chunked
    /// Everything up to the connection's end follows. Responses only.
    case untilEnd

    /// How a request is framed: RFC 9112 6.3.
    ///
    /// A request without either field has no body, whatever its method. Refused: both fields (400; a server
    /// ought to, by 6.1), a transfer coding in HTTP/1.0 (400), any value of Transfer-Encoding but `chunked`
    /// by itself in one field (501 where only more codings are named than are known here, else 400), and
    /// what ``length(of:isRepeated:)`` refuses.
    static func ofRequest(minorVersion: Int, _ headers: HTTPHeaders) throws(HTTPError) -> MessageFraming {
        guard let codings = try transferCodings(minorVersion, headers) else {
            return try ofLength(headers) ?? .none
        }
        let values = headers.values(of: "Transfer-Encoding")
        if values.count == 1 && HTTPCharacters.isSame(values[0], "chunked") { return .chunked }
        throw HTTPError(
            isChunkedLast(codings) && codings.count > 1 ? 501 : 400,
            expected: "chunked as the only transfer coding (RFC 9112 6.1, 6.3)",
            got: HTTPCharacters.quoted(values.joined(separator: ", ")))
    }

    /// How a response to a GET is framed: RFC 9112 6.3.
    static func ofResponse(
        status: Int, minorVersion: Int, _ headers: HTTPHeaders
    ) throws(HTTPError) -> MessageFraming {
        let codings = try transferCodings(minorVersion, headers)
        // RFC 9112 6.1: chunked is applied once, and last.
        if let codings, !isChunkedLast(codings) {
            throw HTTPError(
                400, expected: "chunked as the last transfer coding, once (RFC 9112 6.1)",
                got: HTTPCharacters.quoted(codings.joined(separator: ", ")))
        }
        let length = try ofLength(headers)
        if status < 200 || status == 204 || status == 304 { return .none }
        return codings != nil ? .chunked : length ?? .untilEnd
    }

    /// The value of a Content-Length field.
    ///
    /// RFC 9112 6.3, 5 would let a list of equal values pass for one. None is taken here: whoever sends two
    /// lengths has passed through something that did not look.
    static func length(of value: String, isRepeated: Bool) throws(HTTPError) -> Int {
        if isRepeated { throw HTTPError(400, expected: "one Content-Length (RFC 9112 6.3)", got: "two") }
        guard !value.isEmpty, value.utf8.allSatisfy(HTTPCharacters.isDigit) else {
            throw HTTPError(400, expected: "a Content-Length in digits", got: HTTPCharacters.quoted(value))
        }
        guard let length = Int(value) else {
            throw HTTPError(413, expected: "a Content-Length below 2^63", got: HTTPCharacters.quoted(value))
        }
        return length
    }

    private static func ofLength(_ headers: HTTPHeaders) throws(HTTPError) -> MessageFraming? {
        let values = headers.values(of: "Content-Length")
        guard let value = values.first else { return nil }
        let length = try length(of: value, isRepeated: values.count > 1)
        return length == 0 ? MessageFraming.none : .length(length)
    }

    /// The codings that are named; nil without the field.
    private static func transferCodings(
        _ minorVersion: Int, _ headers: HTTPHeaders
    ) throws(HTTPError) -> [String]? {
        guard headers.contains("Transfer-Encoding") else { return nil }
        if headers.contains("Content-Length") {
            throw HTTPError(
                400, expected: "Content-Length or Transfer-Encoding (RFC 9112 6.1)", got: "both")
        }
        if minorVersion == 0 {
            throw HTTPError(400, expected: "no Transfer-Encoding in HTTP/1.0 (RFC 9112 6.1)", got: "one")
        }
        return headers.tokens(of: "Transfer-Encoding")
    }

    private static func isChunkedLast(_ codings: [String]) -> Bool {
        let isChunked = codings.map { HTTPCharacters.isSame($0, "chunked") }
        return isChunked.last == true && isChunked.dropLast().allSatisfy { !$0 }
    }
}
