import ZCNet

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
/// **Complexity.** Each byte is looked at once, however it comes, and copied once if it is part of the
/// result. Memory is bounded by ``HTTPHeadLimits``.
///
/// **Verdicts come early.** A byte that breaks a rule is refused when it is seen, not when its line is whole;
/// so a TLS handshake fails by its first byte. The verdict stays: further calls return it again.
package struct HTTPHeadParser: Sendable {
    /// What is read.
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
    private var verdict: Outcome?

    var method = ""
    var target = ""
    var status = 0
    var reason = ""
    var minorVersion = 1
    var fieldName = ""
    var headers = HTTPHeaders()

    package init(kind: Kind = .request, limits: HTTPHeadLimits = HTTPHeadLimits()) {
        self.kind = kind
        self.limits = limits
    }

    /// Reads on in `bytes`, which begin where the head does and hold all that has come of it.
    ///
    /// - Precondition: they are not fewer than at the last call.
    package mutating func parse(_ bytes: RawSpan) -> Outcome {
        if let verdict { return verdict }
        precondition(bytes.byteCount >= scannedBytes, "the head must be shown from its start each time")
        do throws(HTTPError) {
            let end = min(bytes.byteCount, limits.bytesMax)
            while scannedBytes < end {
                let isWhole = try take(bytes)
                scannedBytes += 1
                if isWhole { return concluded(try whole()) }
            }
            if scannedBytes == limits.bytesMax {
                throw refusal("a head of at most \(limits.bytesMax) bytes", got: "more", status: 431)
            }
        } catch {
            return concluded(.refused(refusal(error.expected, got: error.got, status: error.status)))
        }
        return .incomplete
    }

    private mutating func concluded(_ outcome: Outcome) -> Outcome {
        verdict = outcome
        return outcome
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

    private func whole() throws(HTTPError) -> Outcome {
        switch kind {
        case .request:
            try checkHostIsThere()
            let framing = try MessageFraming.ofRequest(minorVersion: minorVersion, headers)
            let head = HTTPRequestHead(
                method: method, target: target, minorVersion: minorVersion, headers: headers,
                framing: framing)
            return .request(head, headBytes: scannedBytes)
        case .response:
            let framing = try MessageFraming.ofResponse(
                status: status, minorVersion: minorVersion, headers)
            let head = HTTPResponseHead(
                status: status, reason: reason, minorVersion: minorVersion, headers: headers,
                framing: framing)
            return .response(head, headBytes: scannedBytes)
        }
    }
}
