import ZCNet

/// The first line: RFC 9112 3 and 4.
extension HTTPHeadParser {
    /// No method that is in use has half as many characters.
    private static var methodBytesMax: Int { 32 }

    mutating func takeStartLine(_ byte: UInt8, at offset: Int, in bytes: RawSpan) throws(HTTPError) {
        if offset - lineStart >= limits.lineBytesMax && byte != HTTPCharacters.carriageReturn {
            throw refusal(
                "a \(kind == .request ? "request" : "status") line of at most \(limits.lineBytesMax) bytes",
                got: "more", status: 414)
        }
        switch place {
        case .start: try takeFirst(byte, at: offset)
        case .emptyLine:
            try checkLineFeed(byte)
            (place, lineStart) = (.start, offset + 1)
        case .method: try takeMethod(byte, at: offset, in: bytes)
        case .target: try takeTarget(byte, at: offset, in: bytes)
        case .version: try takeVersion(byte, at: offset)
        case .status: try takeStatus(byte, at: offset, in: bytes)
        default: try takeReason(byte, at: offset, in: bytes)
        }
    }

    private mutating func takeFirst(_ byte: UInt8, at offset: Int) throws(HTTPError) {
        mark = offset
        if kind == .response {
            place = .version
            return try takeVersion(byte, at: offset)
        }
        // RFC 9112 2.2: one empty line in front of a request is passed over.
        if byte == HTTPCharacters.carriageReturn && lineStart == 0 {
            place = .emptyLine
            return
        }
        guard HTTPCharacters.isToken(byte) else {
            // A TLS record of a handshake begins so.
            let got = byte == 0x16 ? "what looks like a TLS handshake" : HTTPCharacters.named(byte)
            throw refusal("a request's method", got: got)
        }
        place = .method
    }

    private mutating func takeMethod(_ byte: UInt8, at offset: Int, in bytes: RawSpan) throws(HTTPError) {
        if byte == HTTPCharacters.space {
            method = HTTPCharacters.method(bytes.extracting(mark..<offset))
            (place, mark) = (.target, offset + 1)
            return
        }
        guard HTTPCharacters.isToken(byte) else {
            throw refusal("a method and a space behind it", got: HTTPCharacters.named(byte))
        }
        if offset - mark >= Self.methodBytesMax {
            // RFC 9112 3: a method longer than any that is implemented is answered 501.
            throw refusal("a method of at most \(Self.methodBytesMax) bytes", got: "more", status: 501)
        }
    }

    private mutating func takeTarget(_ byte: UInt8, at offset: Int, in bytes: RawSpan) throws(HTTPError) {
        if byte == HTTPCharacters.space {
            target = HeadExtent(mark..<offset)
            if offset == mark || bytes.byte(at: mark) != HTTPCharacters.slash {
                try checkTarget(bytes.text(mark..<offset))
            }
            (place, mark) = (.version, offset + 1)
        } else if byte == HTTPCharacters.carriageReturn && offset > mark {
            throw refusal(
                "a target and a version", got: "a line without a version, as HTTP/0.9 has it", status: 505)
        } else if !HTTPCharacters.isTarget(byte) {
            throw refusal("a target in visible ASCII, without a fragment", got: HTTPCharacters.named(byte))
        }
    }

    /// RFC 9112 3.2: which forms of targets there are beside paths, and for which methods.
    private func checkTarget(_ target: String) throws(HTTPError) {
        if method == "CONNECT" {
            throw refusal("a method of an origin server", got: "CONNECT", status: 501)
        }
        // The preface of HTTP/2 has an asterisk, too; its version refuses it.
        if target == "*" && (method == "OPTIONS" || method == "PRI") { return }
        if let scheme = target.utf8.firstIndex(of: HTTPCharacters.colon),
            ["http", "https", "ws", "wss"].contains(HTTPCharacters.lowercased(target[..<scheme])),
            target[scheme...].hasPrefix("://")
        {
            let authority = target[target.index(scheme, offsetBy: 3)...].prefix { $0 != "/" && $0 != "?" }
            if let parsed = HTTPAuthority(authority), !parsed.host.isEmpty { return }
        }
        throw refusal(
            "a path that begins with a slash, or an absolute URL (RFC 9112 3.2)",
            got: target.isEmpty ? "nothing" : HTTPCharacters.quoted(target))
    }

    /// The version, character by character; what follows it depends on the kind.
    private mutating func takeVersion(_ byte: UInt8, at offset: Int) throws(HTTPError) {
        switch offset - mark {
        case 0..<5:
            // "HTTP/", first byte first.
            let expected = UInt8(truncatingIfNeeded: 0x2F_5054_5448 &>> UInt64((offset - mark) * 8))
            guard byte == expected else {
                throw refusal("HTTP/1.1", got: HTTPCharacters.named(byte) + " in place of its name")
            }
        case 5: try checkVersion(byte, isOneOf: "1", "HTTP/1.1")
        case 6:
            guard byte == UInt8(ascii: ".") else {
                throw refusal("HTTP/1.1", got: "HTTP/1 and " + HTTPCharacters.named(byte))
            }
        case 7:
            try checkVersion(byte, isOneOf: "01", "HTTP/1.1 or HTTP/1.0")
            minorVersion = byte - UInt8(ascii: "0")
        default:
            if kind == .request && byte == HTTPCharacters.carriageReturn {
                place = .startLineEnd
            } else if kind == .response && byte == HTTPCharacters.space {
                (place, mark) = (.status, offset + 1)
            } else {
                let end = kind == .request ? "CR LF" : "a space"
                throw refusal("\(end) behind the version", got: HTTPCharacters.named(byte))
            }
        }
    }

    /// RFC 9110 15.6.6: other digits are versions of HTTP that are not spoken here; anything else is none.
    private func checkVersion(
        _ byte: UInt8, isOneOf digits: String, _ expected: String
    ) throws(HTTPError) {
        if digits.utf8.contains(byte) { return }
        throw refusal(
            expected, got: HTTPCharacters.named(byte) + " in its version",
            status: HTTPCharacters.isDigit(byte) ? 505 : 400)
    }

    private mutating func takeStatus(_ byte: UInt8, at offset: Int, in bytes: RawSpan) throws(HTTPError) {
        guard offset - mark == 3 else {
            guard HTTPCharacters.isDigit(byte), offset > mark || byte != UInt8(ascii: "0") else {
                throw refusal("a status of three digits", got: HTTPCharacters.named(byte))
            }
            status = status * 10 + UInt16(byte - UInt8(ascii: "0"))
            return
        }
        if byte == HTTPCharacters.space {
            (place, mark) = (.reason, offset + 1)
        } else if byte == HTTPCharacters.carriageReturn {
            // Tolerated: some servers leave the space out where they have no reason to tell.
            place = .startLineEnd
        } else {
            throw refusal("a space behind a status of three digits", got: HTTPCharacters.named(byte))
        }
    }

    private mutating func takeReason(_ byte: UInt8, at offset: Int, in bytes: RawSpan) throws(HTTPError) {
        if byte == HTTPCharacters.carriageReturn {
            reason = HeadExtent(mark..<offset)
            place = .startLineEnd
        } else if !HTTPCharacters.isFieldContent(byte) {
            throw refusal("a reason in printable characters", got: HTTPCharacters.named(byte))
        }
    }
}
