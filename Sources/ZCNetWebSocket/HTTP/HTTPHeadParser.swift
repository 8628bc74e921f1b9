/// Reads the head of a request, which may come in any pieces: RFC 9112, strict where leniency has been used
/// to smuggle requests.
///
/// Pure. `parse` is shown everything that has come since the head began, again with each piece; it remembers
/// how far it has looked, so a head that comes byte by byte takes linear time. Every rule is checked when the
/// line that breaks it is whole, or when a limit is passed, whichever is first.
struct HTTPHeadParser {
    /// What reading comes to.
    enum Outcome: Equatable {
        /// No rule is broken so far.
        case incomplete
        case request(HTTPRequestHead, headBytes: Int)
        case refused(HTTPError)
    }

    private let limits: HTTPHeadLimits
    /// Where the line begins that is not whole yet, and how far it was searched for its end.
    private var lineStart = 0
    private var searched = 0
    private var method = ""
    private var target = ""
    private var minorVersion = 1
    private var hasRequestLine = false
    private var headers = HTTPHeaders()
    /// How many bytes were looked at: what proves that time is linear.
    private(set) var lookedAt = 0

    init(limits: HTTPHeadLimits = HTTPHeadLimits()) { self.limits = limits }

    /// Reads on in `bytes`, which begin where the head does.
    mutating func parse(_ bytes: RawSpan) -> Outcome {
        do throws(HTTPError) {
            while let line = try nextLine(bytes) {
                if line.isEmpty && hasRequestLine {
                    try checkWhole()
                    let head = HTTPRequestHead(
                        method: method, target: target, minorVersion: minorVersion, headers: headers)
                    return .request(head, headBytes: lineStart)
                }
                // RFC 9112 2.2: an empty line in front of a request is passed over, one of them.
                if line.isEmpty {
                    if lineStart > 2 { throw HTTPError(400, "expected a request line, got empty lines") }
                } else if hasRequestLine {
                    try takeField(line)
                } else {
                    try takeRequestLine(line)
                }
            }
        } catch {
            return .refused(error)
        }
        return .incomplete
    }

    // MARK: Lines

    /// The next whole line, without its end; nil when there is none yet.
    private mutating func nextLine(_ bytes: RawSpan) throws(HTTPError) -> [UInt8]? {
        while searched < bytes.byteCount {
            let byte = bytes.unsafeByte(at: searched)
            lookedAt += 1
            searched += 1
            if searched > limits.bytesMax {
                throw HTTPError(431, "expected a head of at most \(limits.bytesMax) bytes, got more")
            }
            if !hasRequestLine && searched - lineStart > limits.lineBytesMax {
                throw HTTPError(
                    414, "expected a request line of at most \(limits.lineBytesMax) bytes, got more")
            }
            if byte == 0x0A {
                guard searched - lineStart >= 2, bytes.unsafeByte(at: searched - 2) == 0x0D else {
                    throw HTTPError(400, "expected lines to end with CR LF, got a bare LF")
                }
                let line = (lineStart..<(searched - 2)).map { bytes.unsafeByte(at: $0) }
                lineStart = searched
                return line
            }
            if searched - lineStart >= 2, bytes.unsafeByte(at: searched - 2) == 0x0D {
                throw HTTPError(400, "expected LF behind CR, got byte \(byte)")
            }
            // A TLS greeting or other noise shows itself in its first byte.
            if byte != 0x0D && !HTTPCharacters.isFieldContent(byte) {
                throw HTTPError(400, "expected text, got the control character \(byte)")
            }
        }
        return nil
    }

    private mutating func takeRequestLine(_ line: [UInt8]) throws(HTTPError) {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw HTTPError(
                400,
                "expected a method, a target and a version with one space between, got \(parts.count) parts")
        }
        guard parts[0].allSatisfy(HTTPCharacters.isToken) else {
            throw HTTPError(400, "expected a method, got characters that no method has")
        }
        guard parts[1].allSatisfy(HTTPCharacters.isTarget) else {
            throw HTTPError(400, "expected a target in ASCII, got other characters")
        }
        let version = String(decoding: parts[2], as: UTF8.self)
        guard version.hasPrefix("HTTP/") else {
            throw HTTPError(400, "expected HTTP/1.1, got something else than HTTP")
        }
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
            throw HTTPError(505, "expected HTTP/1.1, got \(version.prefix(16))")
        }
        minorVersion = version == "HTTP/1.1" ? 1 : 0
        method = String(decoding: parts[0], as: UTF8.self)
        target = String(decoding: parts[1], as: UTF8.self)
        guard target.hasPrefix("/") || target == "*" || target.contains("://") else {
            throw HTTPError(400, "expected a target that begins with a slash, got \(target.prefix(32))")
        }
        hasRequestLine = true
    }

    private mutating func takeField(_ line: [UInt8]) throws(HTTPError) {
        if line[0] == 0x20 || line[0] == 0x09 {
            throw HTTPError(400, "RFC 9112 5.2: expected each field on one line, got a folded one")
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else {
            throw HTTPError(400, "expected a name and a colon, got none")
        }
        guard line[..<colon].allSatisfy(HTTPCharacters.isToken) else {
            throw HTTPError(
                400, "RFC 9112 5.1: expected a field's name right before its colon, got other characters")
        }
        if headers.fields.count == limits.headersMax {
            throw HTTPError(431, "expected at most \(limits.headersMax) header fields, got more")
        }
        let value = HTTPCharacters.trim(line[(colon + 1)...])
        headers.add(String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
    }

    // MARK: Rules for the whole

    /// What two readers of the same request could understand differently is refused.
    private func checkWhole() throws(HTTPError) {
        let hosts = headers.values(of: "Host")
        if hosts.count > 1 || hosts.isEmpty && minorVersion == 1 {
            throw HTTPError(400, "RFC 9112 3.2: expected one Host field, got \(hosts.count)")
        }
        let lengths = headers.values(of: "Content-Length")
        if lengths.count > 1 {
            throw HTTPError(400, "RFC 9112 6.3: expected one Content-Length, got \(lengths.count)")
        }
        if let length = lengths.first {
            guard !length.isEmpty, length.utf8.count < 19, length.utf8.allSatisfy(HTTPCharacters.isDigit)
            else {
                throw HTTPError(400, "expected a Content-Length in digits, got \(length.prefix(32))")
            }
            if headers["Transfer-Encoding"] != nil {
                throw HTTPError(400, "RFC 9112 6.1: expected Content-Length or Transfer-Encoding, got both")
            }
        }
        if let coding = headers["Transfer-Encoding"],
            minorVersion == 0 || !HTTPHeaders.isSame(coding, "chunked")
        {
            throw HTTPError(501, "expected the transfer coding chunked or none, got \(coding.prefix(32))")
        }
    }
}

extension RawSpan {
    /// A byte; traps outside of the span.
    fileprivate func unsafeByte(at index: Int) -> UInt8 {
        unsafe unsafeLoadUnaligned(fromByteOffset: index, as: UInt8.self)
    }
}
