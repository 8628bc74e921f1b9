import ZCNet

/// What a whole preamble says.
extension ProxyPreamble {
    // MARK: Version 1

    /// The addresses of a line without its end, such as `PROXY TCP4 10.1.2.3 10.0.0.1 50000 443`.
    static func addresses(ofText line: String, _ count: Int) throws(ProxyPreambleError) -> Outcome {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        // Whatever follows is to be ignored.
        if words[1] == "UNKNOWN" { return .local(preambleBytes: count) }
        guard words[1] == "TCP4" || words[1] == "TCP6" else {
            throw ProxyPreambleError(
                expected: "TCP4, TCP6 or UNKNOWN", got: HTTPCharacters.quoted(words[1]))
        }
        guard words.count == 6 else {
            throw ProxyPreambleError(
                expected: "two addresses and two ports with one space between",
                got: "\(words.count - 2) words")
        }
        let isV4 = words[1] == "TCP4"
        return .proxied(
            source: .ip(try address(words[2], isV4: isV4), port: try port(words[4])),
            destination: .ip(try address(words[3], isV4: isV4), port: try port(words[5])),
            preambleBytes: count)
    }

    private static func address(
        _ text: Substring, isV4: Bool
    ) throws(ProxyPreambleError) -> IPAddress {
        guard text.contains(":") != isV4, let address = IPAddress(String(text)) else {
            throw ProxyPreambleError(
                expected: "an IPv\(isV4 ? 4 : 6) address", got: HTTPCharacters.quoted(text))
        }
        return address
    }

    private static func port(_ text: Substring) throws(ProxyPreambleError) -> UInt16 {
        guard text.utf8.allSatisfy(HTTPCharacters.isDigit), text == "0" || text.first != "0",
            let port = UInt16(text)
        else {
            throw ProxyPreambleError(expected: "a port of 0 to 65535", got: HTTPCharacters.quoted(text))
        }
        return port
    }

    // MARK: Version 2

    /// The version in the upper half is 2; the command in the lower one is LOCAL or PROXY.
    static func checkCommand(_ byte: UInt8) throws(ProxyPreambleError) {
        guard byte == 0x20 || byte == 0x21 else {
            throw ProxyPreambleError(
                expected: "version 2 and LOCAL or PROXY (0x20 or 0x21)", got: HTTPCharacters.named(byte))
        }
    }

    /// The addresses of a whole header. What follows them, its TLVs, is passed over.
    static func addresses(ofBinary bytes: RawSpan) throws(ProxyPreambleError) -> Outcome {
        let count = bytes.byteCount
        // LOCAL: whatever follows is to be ignored.
        if bytes.byte(at: 12) == 0x20 { return .local(preambleBytes: count) }
        let family = bytes.byte(at: 13)
        switch family {
        case 0x00: return .local(preambleBytes: count)
        case 0x11:
            try checkRoom(for: "two IPv4 addresses", 12, in: bytes)
            return .proxied(
                source: .ip(v4(bytes, 16), port: port(bytes, 24)),
                destination: .ip(v4(bytes, 20), port: port(bytes, 26)), preambleBytes: count)
        case 0x21:
            try checkRoom(for: "two IPv6 addresses", 36, in: bytes)
            return .proxied(
                source: .ip(v6(bytes, 16), port: port(bytes, 48)),
                destination: .ip(v6(bytes, 32), port: port(bytes, 50)), preambleBytes: count)
        case 0x31:
            try checkRoom(for: "two Unix addresses", 216, in: bytes)
            return .proxied(
                source: .unix(path: path(bytes, 16)), destination: .unix(path: path(bytes, 124)),
                preambleBytes: count)
        default:
            throw ProxyPreambleError(
                expected: "a stream over IPv4, IPv6 or Unix (0x11, 0x21, 0x31) or 0",
                got: HTTPCharacters.named(family))
        }
    }

    private static func checkRoom(
        for what: String, _ count: Int, in bytes: RawSpan
    ) throws(ProxyPreambleError) {
        guard bytes.byteCount - 16 >= count else {
            throw ProxyPreambleError(
                expected: "\(what) in \(count) bytes", got: "\(bytes.byteCount - 16) bytes")
        }
    }

    // The callers have checked that there is room for what these read.

    private static func v4(_ bytes: RawSpan, _ offset: Int) -> IPAddress {
        IPAddress(v4: bytes.integer(as: UInt32.self, at: offset, .bigEndian) ?? 0)
    }

    private static func v6(_ bytes: RawSpan, _ offset: Int) -> IPAddress {
        IPAddress(
            high: bytes.integer(as: UInt64.self, at: offset, .bigEndian) ?? 0,
            low: bytes.integer(as: UInt64.self, at: offset + 8, .bigEndian) ?? 0)
    }

    private static func port(_ bytes: RawSpan, _ offset: Int) -> UInt16 {
        bytes.integer(as: UInt16.self, at: offset, .bigEndian) ?? 0
    }

    /// A path ends at its first zero byte; a peer without a name has none.
    private static func path(_ bytes: RawSpan, _ offset: Int) -> String {
        let end = (offset..<(offset + 108)).first { bytes.byte(at: $0) == 0 } ?? offset + 108
        return bytes.text(offset..<end)
    }
}
