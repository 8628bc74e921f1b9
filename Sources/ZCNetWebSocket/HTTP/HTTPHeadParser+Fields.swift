import ZCNet

/// The lines behind the first: RFC 9112 5, and what 3.2 and 6 say about particular fields.
extension HTTPHeadParser {
    mutating func takeField(_ byte: UInt8, at offset: Int, in bytes: RawSpan) throws(HTTPError) {
        switch place {
        case .fieldStart: try takeFieldStart(byte, at: offset)
        case .fieldName:
            if byte == HTTPCharacters.colon {
                fieldName = bytes.text(mark..<offset)
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
        let value = bytes.text(mark..<valueEnd)
        switch fieldName.utf8.count {
        case 4 where kind == .request && HTTPCharacters.isSame(fieldName, "Host"): try checkHost(value)
        case 14 where HTTPCharacters.isSame(fieldName, "Content-Length"): try checkLength(value)
        default: break
        }
        headers.append(checked: fieldName, value)
        place = .fieldStart
    }

    /// RFC 9112 3.2: a request has one Host, and that is a host.
    private func checkHost(_ value: String) throws(HTTPError) {
        if headers.contains("Host") { throw refusal("one Host field (RFC 9112 3.2)", got: "two") }
        guard HTTPAuthority(value) != nil else {
            throw refusal("a host and perhaps a port in Host", got: HTTPCharacters.quoted(value))
        }
    }

    /// RFC 9112 6.3, 5: two readers must not see different ends of a body.
    private func checkLength(_ value: String) throws(HTTPError) {
        if headers.contains("Content-Length") {
            throw refusal("one Content-Length (RFC 9112 6.3)", got: "two")
        }
        guard !value.isEmpty, value.utf8.allSatisfy(HTTPCharacters.isDigit) else {
            throw refusal("a Content-Length in digits", got: HTTPCharacters.quoted(value))
        }
        if Int(value) == nil {
            throw refusal(
                "a Content-Length below 2^63", got: HTTPCharacters.quoted(value), status: 413)
        }
    }

    /// What the fields must be together, when all have come.
    func checkFraming() throws(HTTPError) {
        if kind == .request && minorVersion == 1 && !headers.contains("Host") {
            throw refusal("a Host field (RFC 9112 3.2)", got: "none")
        }
        guard headers.contains("Transfer-Encoding") else { return }
        if headers.contains("Content-Length") {
            throw refusal("Content-Length or Transfer-Encoding (RFC 9112 6.1)", got: "both")
        }
        if minorVersion == 0 {
            throw refusal("no Transfer-Encoding in HTTP/1.0 (RFC 9112 6.1)", got: "one")
        }
        let codings = headers.list(of: "Transfer-Encoding")
        let isChunked = codings.map { HTTPCharacters.isSame($0, "chunked") }
        // RFC 9112 6.1 and 6.3, 4: chunked once, and last.
        guard isChunked.last == true, isChunked.dropLast().allSatisfy({ !$0 }) || kind == .response else {
            throw refusal(
                "chunked as the last transfer coding, once (RFC 9112 6.3)",
                got: HTTPCharacters.quoted(codings.joined(separator: ", ")))
        }
        if codings.count > 1 && kind == .request {
            throw refusal(
                "no transfer coding but chunked", got: HTTPCharacters.quoted(codings[0]), status: 501)
        }
    }
}
