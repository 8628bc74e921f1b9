import ZCNet

/// How large the head of a request or response may be. Every default says why.
///
/// These bound what a peer can make the process hold before it has proved anything.
public struct HTTPHeadLimits: Hashable, Sendable {
    /// The whole head, its last empty line included; a longer one is answered 431. 16 KiB hold the cookies,
    /// tokens and proxy fields that browsers and balancers really send, twice over.
    public var bytesMax = 16 << 10
    /// The request line or status line without its end; a longer one is answered 414. 8 KiB is what RFC 9112
    /// section 3 recommends to support at least.
    public var lineBytesMax = 8 << 10
    /// How many header fields there may be; more are answered 431. Browsers send fewer than thirty.
    public var headersMax = 100

    /// Limits with the defaults of each setting.
    public init() {}

    /// Checks that every limit is possible.
    public func validate(_ name: String = "head") throws(ConfigurationError) {
        try ConfigurationError.check("\(name).bytesMax", bytesMax, in: 256...1 << 20)
        try ConfigurationError.check("\(name).lineBytesMax", lineBytesMax, in: 64...bytesMax)
        try ConfigurationError.check("\(name).headersMax", headersMax, in: 1...10_000)
    }
}

/// Why the head of a request or response was refused: what was expected, what came, and the status that says
/// so.
///
/// Its description reads like `expected LF behind CR, got 'a'`. What came is quoted shortly and escaped, so
/// it may go to a log or into a response.
public struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a server answers with, such as 400 or 431. For a response that a client refuses it is 502: what a
    /// gateway would tell its own client.
    public let status: Int
    /// What was expected, with the section of the RFC where one helps.
    public let expected: String
    /// What came in its place.
    public let got: String

    /// Describes a broken rule.
    public init(_ status: Int, expected: String, got: String) {
        self.status = status
        self.expected = expected
        self.got = got
    }

    /// What was expected and what came.
    public var description: String { "expected \(expected), got \(got)" }
}

/// Reads the head of a request or response, which may come in any pieces: RFC 9112, strict wherever leniency
/// has been used to smuggle requests.
///
/// ```swift
/// var parser = HTTPHeadParser(limits: limits)
/// switch parser.parse(everythingReceivedSoFar) {
/// case .incomplete: break                          // show it again with more behind it
/// case .request(let head, let headBytes): …        // the body, or frames, begin at headBytes
/// case .response, .refused: …
/// }
/// ```
/// **Pure.** `parse` is shown everything that has come since the head began, again each time. Where the bytes
/// lie may change between calls; what they are may not.
///
/// **Complexity.** Each byte is looked at once, however it comes, and all are copied once, when the head is
/// whole. Memory is bounded by ``HTTPHeadLimits``.
///
/// **Verdicts come early.** A byte that breaks a rule is refused when it is seen, not when its line is whole;
/// so a TLS handshake fails by its first byte. The verdict stays: further calls return it again.
package struct HTTPHeadParser: Sendable {
    /// Which kind of head is read.
    package enum Kind: Sendable {
        case request
        case response
    }

    /// What reading has come to.
    package enum Outcome: Hashable, Sendable {
        /// No rule is broken so far, and the end has not come.
        case incomplete
        case request(HTTPRequestHead, headBytes: Int)
        case response(HTTPResponseHead, headBytes: Int)
        case refused(HTTPError)
    }

    /// What the next byte is part of.
    enum Place: Sendable {
        /// The first byte of all, or behind the one empty line that may precede a request.
        case start
        /// The LF of that empty line.
        case emptyLine
        case method
        case target
        case version
        case status
        case reason
        /// The LF of the first line.
        case startLineEnd
        /// The first byte of a line: a field or the end.
        case fieldStart
        case fieldName
        /// Blanks in front of a value.
        case fieldValueStart
        case fieldValue
        /// The LF of a field's line.
        case fieldEnd
        /// The LF of the empty line that ends the head.
        case headEnd
    }

    let kind: Kind
    let limits: HTTPHeadLimits

    var place = Place.start
    /// Where the first line begins: 0, or 2 behind an empty one.
    var lineStart = 0
    /// Where the element begins that the next byte is part of.
    var mark = 0
    /// Where the last byte of a field's value ends that is no blank.
    var valueEnd = 0
    /// How many bytes have been looked at, each of them once.
    package private(set) var scannedBytes = 0
    /// Why the head was refused, and whether it is whole: a verdict stays.
    private var refused: Refusal?
    private var isWhole = false
    private var framing = MessageFraming.none

    var method = ""
    var target = HeadExtent.nothing
    var status: UInt16 = 0
    var reason = HeadExtent.nothing
    var minorVersion: UInt8 = 1
    var fieldName = HeadExtent.nothing
    /// Where the fields lie; their bytes are copied when the head is whole.
    var headers = HTTPHeaders()

    /// A place of its own for what few parsers have, while every connection that has not begun a conversation
    /// has a parser.
    private final class Refusal: Sendable {
        let error: HTTPError

        init(_ error: HTTPError) { self.error = error }
    }

    package init(kind: Kind = .request, limits: HTTPHeadLimits = HTTPHeadLimits()) {
        self.kind = kind
        self.limits = limits
    }

    /// Reads on in `bytes`, which begin where the head does and hold all that has come of it.
    ///
    /// - Precondition: they are not fewer than at the last call.
    package mutating func parse(_ bytes: RawSpan) -> Outcome {
        if let refused { return .refused(refused.error) }
        if isWhole { return found }
        precondition(bytes.byteCount >= scannedBytes, "the head must be shown from its start each time")
        do throws(HTTPError) {
            let end = min(bytes.byteCount, limits.bytesMax)
            while scannedBytes < end {
                pass(bytes, upTo: end)
                if scannedBytes == end { break }
                let isEnd = try take(bytes)
                scannedBytes += 1
                if isEnd {
                    try conclude(bytes)
                    return found
                }
            }
            if scannedBytes == limits.bytesMax {
                throw refusal("a head of at most \(limits.bytesMax) bytes", got: "more", status: 431)
            }
        } catch {
            let error = refusal(error.expected, got: error.got, status: error.status)
            refused = Refusal(error)
            return .refused(error)
        }
        return .incomplete
    }

    /// Passes over the bytes of a target, or of a field's name or value, that only go on with it, which most
    /// of a head are.
    private mutating func pass(_ bytes: RawSpan, upTo end: Int) {
        var offset = scannedBytes
        switch place {
        case .target:
            let end = min(end, lineStart + limits.lineBytesMax)
            while offset < end && HTTPCharacters.isTarget(bytes.byte(at: offset)) { offset += 1 }
        case .fieldName:
            while offset < end && HTTPCharacters.isToken(bytes.byte(at: offset)) { offset += 1 }
        case .fieldValue:
            // Eight at a time, while none of them is a control character.
            while offset + 8 <= end, HTTPCharacters.isFieldContent(eight: bytes.eight(at: offset)) {
                offset += 8
            }
            while offset < end && HTTPCharacters.isFieldContent(bytes.byte(at: offset)) { offset += 1 }
            var lastEnd = offset
            while lastEnd > scannedBytes && HTTPCharacters.isBlank(bytes.byte(at: lastEnd - 1)) {
                lastEnd -= 1
            }
            if lastEnd > scannedBytes { valueEnd = lastEnd }
        default: return
        }
        scannedBytes = offset
    }

    /// Looks at the byte that is next.
    ///
    /// - Returns: whether the head ends with it.
    private mutating func take(_ bytes: RawSpan) throws(HTTPError) -> Bool {
        let offset = scannedBytes
        let byte = bytes.byte(at: offset)
        switch place {
        case .start, .emptyLine, .method, .target, .version, .status, .reason:
            try takeStartLine(byte, at: offset, in: bytes)
        case .fieldStart, .fieldName, .fieldValueStart, .fieldValue:
            try takeField(byte, at: offset, in: bytes)
        case .startLineEnd:
            try checkLineFeed(byte)
            place = .fieldStart
        case .fieldEnd:
            try checkLineFeed(byte)
            try finishField(in: bytes)
        case .headEnd:
            try checkLineFeed(byte)
            return true
        }
        return false
    }

    /// RFC 9112 2.2: a CR is followed by LF, or the message is refused.
    func checkLineFeed(_ byte: UInt8) throws(HTTPError) {
        guard byte == HTTPCharacters.lineFeed else {
            throw refusal("LF behind CR (RFC 9112 2.2)", got: HTTPCharacters.named(byte))
        }
    }

    /// An error with the status for a malformed message.
    func refusal(_ expected: String, got: String, status: Int = 400) -> HTTPError {
        HTTPError(kind == .request ? status : 502, expected: expected, got: got)
    }

    /// The head is whole: takes a copy of its bytes, and settles where the message ends.
    private mutating func conclude(_ bytes: RawSpan) throws(HTTPError) {
        headers.adopt(bytes.extracting(0..<scannedBytes))
        switch kind {
        case .request:
            try checkHostIsThere()
            framing = try MessageFraming.ofRequest(minorVersion: Int(minorVersion), headers)
        case .response:
            framing = try MessageFraming.ofResponse(
                status: Int(status), minorVersion: Int(minorVersion), headers)
        }
        isWhole = true
    }

    /// What a whole head says.
    private var found: Outcome {
        switch kind {
        case .request:
            let head = HTTPRequestHead(
                method: method, at: target, minorVersion: Int(minorVersion), headers: headers,
                framing: framing)
            return .request(head, headBytes: scannedBytes)
        case .response:
            let head = HTTPResponseHead(
                status: Int(status), reason: headers.text(reason), minorVersion: Int(minorVersion),
                headers: headers, framing: framing)
            return .response(head, headBytes: scannedBytes)
        }
    }
}

/// The lines behind the first: RFC 9112 5, and what 3.2 says about Host.
extension HTTPHeadParser {
    mutating func takeField(_ byte: UInt8, at offset: Int, in bytes: RawSpan) throws(HTTPError) {
        switch place {
        case .fieldStart: try takeFieldStart(byte, at: offset)
        case .fieldName:
            if byte == HTTPCharacters.colon {
                fieldName = HeadExtent(mark..<offset)
                (place, mark, valueEnd) = (.fieldValueStart, offset + 1, offset + 1)
            } else if !HTTPCharacters.isToken(byte) {
                throw refusal(
                    "a colon right behind a field's name (RFC 9112 5.1)", got: HTTPCharacters.named(byte))
            }
        case .fieldValueStart where HTTPCharacters.isBlank(byte):
            (mark, valueEnd) = (offset + 1, offset + 1)
        default:
            place = .fieldValue
            if byte == HTTPCharacters.carriageReturn {
                place = .fieldEnd
            } else if !HTTPCharacters.isFieldContent(byte) {
                throw refusal(
                    "printable characters, or CR LF behind a value", got: HTTPCharacters.named(byte))
            } else if !HTTPCharacters.isBlank(byte) {
                valueEnd = offset + 1
            }
        }
    }

    private mutating func takeFieldStart(_ byte: UInt8, at offset: Int) throws(HTTPError) {
        if byte == HTTPCharacters.carriageReturn {
            place = .headEnd
            return
        }
        guard HTTPCharacters.isToken(byte) else {
            let got = HTTPCharacters.isBlank(byte) ? "a folded one" : HTTPCharacters.named(byte)
            throw refusal("a field that begins with its name (RFC 9112 5.1, 5.2)", got: got)
        }
        if headers.count == limits.headersMax {
            throw refusal("at most \(limits.headersMax) header fields", got: "more", status: 431)
        }
        (place, mark) = (.fieldName, offset)
    }

    mutating func finishField(in bytes: RawSpan) throws(HTTPError) {
        let value = mark..<valueEnd
        let known = KnownHeader(bytes.extracting(fieldName.range))
        switch known {
        case .host where kind == .request: try checkHost(bytes.extracting(value))
        case .contentLength:
            // Looked at before the head is whole, so that the verdict comes early.
            _ = try MessageFraming.length(
                of: bytes.text(value), isRepeated: headers.contains(.contentLength))
        default: break
        }
        headers.append(HeaderLine(name: fieldName, value: HeadExtent(value), known: known))
        place = .fieldStart
    }

    /// RFC 9112 3.2: a request has one Host, and that is a host.
    private func checkHost(_ value: RawSpan) throws(HTTPError) {
        if headers.contains(.host) { throw refusal("one Host field (RFC 9112 3.2)", got: "two") }
        if HTTPAuthority.isPlainName(value) || HTTPAuthority(value.text) != nil { return }
        throw refusal("a host and perhaps a port in Host", got: HTTPCharacters.quoted(value.text))
    }

    /// RFC 9112 3.2: a request of HTTP/1.1 says whom it is for.
    func checkHostIsThere() throws(HTTPError) {
        if minorVersion == 1 && !headers.contains(.host) {
            throw refusal("a Host field (RFC 9112 3.2)", got: "none")
        }
    }
}

/// What a connection holds of HTTP beside the bytes that are unread, in the books of its loop: the fields of
/// a head, finished or not, and what is kept of a response's body.
///
/// A head that comes and is answered at once is never charged.
///
/// **Threads.** The loop's.
struct HeadMemory: ~Copyable {
    /// The loop's books, once something is in them.
    private var budget: MemoryBudget?
    /// What is in them.
    private(set) var charged = 0

    /// Charges what is held now, in the place of what was held before; false where there is no memory for it.
    mutating func settle(_ held: Int, _ budget: MemoryBudget) -> Bool {
        if held == charged { return true }
        if held < charged {
            budget.release(charged - held, for: .requests)
        } else if !budget.reserve(held - charged, for: .requests, holding: charged) {
            return false
        }
        self.budget = budget
        charged = held
        return true
    }

    /// Nothing is held any more.
    mutating func letGo() {
        if charged > 0 { budget?.release(charged, for: .requests) }
        charged = 0
    }

    deinit { if charged > 0 { budget?.release(charged, for: .requests) } }
}

extension HTTPHeadParser {
    /// What a head takes when it is read, at most: its bytes, and for a field a place of 20 in an array that
    /// doubles; and what a handshake, and whoever asks for the fields, makes of them is two strings each and
    /// as much again as they are long.
    static func memory(bytes: Int, fields: Int) -> Int { 2 * bytes + 160 * (fields + 1) }

    /// What is kept of a head that has begun and not ended.
    var heldBytes: Int {
        scannedBytes == 0 ? 0 : Self.memory(bytes: scannedBytes, fields: headers.count)
    }
}
