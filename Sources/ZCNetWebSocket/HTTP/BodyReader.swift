import ZCNet

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
        let values = headers.values(of: .transferEncoding)
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
        let values = headers.values(of: .contentLength)
        guard let value = values.first else { return nil }
        let length = try length(of: value, isRepeated: values.count > 1)
        return length == 0 ? MessageFraming.none : .length(length)
    }

    /// The codings that are named; nil without the field.
    private static func transferCodings(
        _ minorVersion: Int, _ headers: HTTPHeaders
    ) throws(HTTPError) -> [String]? {
        guard headers.contains(.transferEncoding) else { return nil }
        if headers.contains(.contentLength) {
            throw HTTPError(
                400, expected: "Content-Length or Transfer-Encoding (RFC 9112 6.1)", got: "both")
        }
        if minorVersion == 0 {
            throw HTTPError(400, expected: "no Transfer-Encoding in HTTP/1.0 (RFC 9112 6.1)", got: "one")
        }
        return headers.tokens(of: .transferEncoding)
    }

    private static func isChunkedLast(_ codings: [String]) -> Bool {
        let isChunked = codings.map { HTTPCharacters.isSame($0, "chunked") }
        return isChunked.last == true && isChunked.dropLast().allSatisfy { !$0 }
    }
}

/// Finds the end of a body, whatever pieces its bytes come in, and tells content from what only frames it.
///
/// ```swift
/// var body = try BodyReader(head.framing, contentBytesMax: 65_536)
/// let count = try body.skip(bytes)      // the next message begins behind so many, if body.isComplete
/// ```
/// **Memory.** It keeps no byte of the body: content is only pointed at, so that whoever wants it keeps it.
///
/// **Complexity.** O(1) per piece of content, however long; O(n) for what frames chunks.
package struct BodyReader: Sendable {
    /// What a step has found at the front of the bytes.
    package struct Piece: Hashable {
        /// So many bytes belong to the body.
        package let count: Int
        /// Whether they are what the body carries, and not what frames it.
        package let isContent: Bool
    }

    private enum Rest: Sendable {
        case length(Int)
        case chunked(ChunkedBody)
        case untilEnd
        case nothing
    }

    private var rest: Rest

    /// Begins right behind the head.
    ///
    /// - Parameters:
    ///   - contentBytesMax: more content is refused with 413, when it is announced.
    ///   - extraBytesMax: what extensions of chunks and trailers may have together.
    package init(
        _ framing: MessageFraming, contentBytesMax: Int = .max, extraBytesMax: Int = 16 << 10
    ) throws(HTTPError) {
        switch framing {
        case .none: rest = .nothing
        case .untilEnd: rest = .untilEnd
        case .chunked:
            rest = .chunked(ChunkedBody(contentBytesMax: contentBytesMax, extraBytesMax: extraBytesMax))
        case .length(let length):
            if length > contentBytesMax {
                throw HTTPError(
                    413, expected: "a body of at most \(contentBytesMax) bytes", got: "\(length)")
            }
            rest = .length(length)
        }
    }

    /// Whether nothing more belongs to the body.
    package var isComplete: Bool {
        switch rest {
        case .nothing: true
        case .chunked(let body): body.isComplete
        case .length, .untilEnd: false
        }
    }

    /// Whether only the end of the connection can end the body.
    package var lastsUntilEnd: Bool { if case .untilEnd = rest { true } else { false } }

    /// Takes a piece of the body from the front of what comes next; an empty one behind the body's end.
    package mutating func next(_ bytes: RawSpan) throws(HTTPError) -> Piece {
        switch rest {
        case .nothing: return Piece(count: 0, isContent: false)
        case .untilEnd: return Piece(count: bytes.byteCount, isContent: true)
        case .length(let left):
            let count = min(left, bytes.byteCount)
            rest = count == left ? .nothing : .length(left - count)
            return Piece(count: count, isContent: true)
        case .chunked(var body):
            let piece = try body.next(bytes)
            rest = .chunked(body)
            return piece
        }
    }

    /// Takes all that belongs to the body from the front of what comes next.
    ///
    /// - Returns: how many bytes that are: all of them, unless the body is complete.
    package mutating func skip(_ bytes: RawSpan) throws(HTTPError) -> Int {
        var count = 0
        while count < bytes.byteCount && !isComplete {
            count += try next(bytes.extracting(count..<bytes.byteCount)).count
        }
        return count
    }
}
