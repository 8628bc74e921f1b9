import ZCNet

/// The lines behind the first: RFC 9112 5, and what 3.2 says about Host.
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
        case 14 where HTTPCharacters.isSame(fieldName, "Content-Length"):
            // Looked at before the head is whole, so that the verdict comes early.
            _ = try MessageFraming.length(of: value, isRepeated: headers.contains(fieldName))
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

    /// RFC 9112 3.2: a request of HTTP/1.1 says whom it is for.
    func checkHostIsThere() throws(HTTPError) {
        if minorVersion == 1 && !headers.contains("Host") {
            throw refusal("a Host field (RFC 9112 3.2)", got: "none")
        }
    }
}
