import ZCNet

/// The classes of characters that RFC 9110 and RFC 9112 tell apart.
enum HTTPCharacters {
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let colon = UInt8(ascii: ":")
    static let slash = UInt8(ascii: "/")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")

    /// What names of methods, fields, subprotocols and extensions are made of: RFC 9110 5.6.2.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        // A bit for each character of ASCII: !#$%&'*+-. and digits; letters and ^_`|~.
        let bits: UInt64 = byte < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return byte < 128 && bits >> UInt64(byte & 63) & 1 == 1
    }

    /// Whether a text is a token: at least one character, all of them of tokens.
    static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isToken($0) }
    }

    /// What a field's value may hold between its ends: RFC 9110 5.5. Bytes above ASCII are opaque.
    @inline(__always)
    static func isFieldContent(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == tab }

    /// Whether eight bytes are content of a field for certain; a tab among them is left to whoever looks at
    /// each.
    @inline(__always)
    static func isFieldContent(eight bytes: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // The highest bit of a byte is set where subtracting borrowed: for those below a space, and for none
        // but a DEL once that has been made a zero. Bytes above ASCII are content, whatever comes out.
        let below = (bytes &- ones &* 0x20) & ~bytes
        let delete = bytes ^ (ones &* 0x7F)
        return (below | (delete &- ones) & ~delete) & (ones &* 0x80) == 0
    }

    /// What a request's target is made of here: visible ASCII, and no fragment.
    @inline(__always)
    static func isTarget(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#")
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    @inline(__always)
    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26
    }

    /// A space or a tab: what may surround values and elements of lists.
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    @inline(__always)
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    static func lowercased(_ text: some StringProtocol) -> String {
        String(decoding: text.utf8.map(lowercased), as: UTF8.self)
    }

    /// Whether two texts differ in the case of ASCII letters at most. O(n), without an allocation.
    static func isSame(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
        left.utf8.elementsEqual(right.utf8) { lowercased($0) == lowercased($1) }
    }

    /// The same for whole strings, as the names of fields are: most differ in length, which takes one look.
    static func isSame(_ left: String, _ right: String) -> Bool {
        let (left, right) = (left.utf8, right.utf8)
        return isSame(left.raw, right.raw)
    }

    /// Whether some bytes are a name in lower case, whatever the case of theirs.
    static func isSame(_ bytes: RawSpan, _ name: StaticString) -> Bool {
        guard bytes.byteCount == name.utf8CodeUnitCount else { return false }
        for index in 0..<bytes.byteCount {
            // SAFETY: the literal has as many bytes.
            let wanted = unsafe name.utf8Start[index]
            if lowercased(bytes.byte(at: index)) != wanted { return false }
        }
        return true
    }

    /// A method as text; the usual ones are not made anew.
    static func method(_ bytes: RawSpan) -> String {
        if bytes.byteCount == 3, bytes.byte(at: 0) == UInt8(ascii: "G"),
            bytes.byte(at: 1) == UInt8(ascii: "E"),
            bytes.byte(at: 2) == UInt8(ascii: "T")
        {
            return "GET"
        }
        return bytes.text
    }

    /// Without blanks at both ends. O(n).
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return [] }
        return bytes[first...last]
    }

    /// A piece of untrusted text as errors quote it: short, in quotes, and unable to write lines of its own.
    static func quoted(_ text: some StringProtocol, bytesMax: Int = 40) -> String {
        var shown = "\""
        for byte in text.utf8.prefix(bytesMax) {
            if byte >= 0x20 && byte < 0x7F {
                shown.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                shown += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return shown + (text.utf8.count > bytesMax ? "…\"" : "\"")
    }

    /// A byte as errors name it.
    static func named(_ byte: UInt8) -> String {
        switch byte {
        case 0: "NUL"
        case tab: "a tab"
        case lineFeed: "LF"
        case carriageReturn: "CR"
        case space: "a space"
        case 0x21..<0x7F: "'\(Unicode.Scalar(byte))'"
        default: "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}

extension RawSpan {
    /// A copy of some bytes as text; what is no UTF-8 is replaced by U+FFFD.
    func text(_ range: Range<Int>) -> String {
        extracting(range).text
    }

    /// Whether two spans hold the same bytes.
    func isSame(as other: RawSpan) -> Bool {
        if byteCount != other.byteCount { return false }
        for index in 0..<byteCount where byte(at: index) != other.byte(at: index) { return false }
        return true
    }

    /// Eight bytes, the first of them in the lowest place.
    @inline(__always)
    func eight(at offset: Int) -> UInt64 {
        // SAFETY: the load checks its bounds, and every bit pattern is a UInt64.
        UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}

extension String.UTF8View {
    /// The bytes in their place.
    var raw: RawSpan {
        @_lifetime(borrow self)
        get { unsafe span.bytes }
    }
}

extension [UInt8] {
    /// The bytes in their place.
    var raw: RawSpan {
        @_lifetime(borrow self)
        get { unsafe span.bytes }
    }
}

/// The escapes of URLs: RFC 3986 2.1.
enum PercentEncoding {
    /// What a text with escapes stands for; nil when an escape is broken, or when the result is no UTF-8 or
    /// has a NUL, which C interfaces would take for an end. O(n).
    ///
    /// - Parameter readsPlusAsSpace: whether `+` is a space, as in the queries that forms send.
    static func decode(_ text: some StringProtocol, readsPlusAsSpace: Bool = false) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.utf8.count)
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = bytes.next().flatMap(digit), let low = bytes.next().flatMap(digit) else {
                    return nil
                }
                decoded.append(high << 4 | low)
            } else {
                decoded.append(byte == UInt8(ascii: "+") && readsPlusAsSpace ? UInt8(ascii: " ") : byte)
            }
        }
        if decoded.contains(0) { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// A host and perhaps a port, as `Host` fields, origins and URLs have them (RFC 3986 3.2, without a user).
///
/// Strict: a name is letters, digits, `-`, `.`, `_` and `~`, as resolvers take it; international names come
/// in their ASCII form.
package struct HTTPAuthority: Hashable, Sendable, CustomStringConvertible {
    /// In lower case and without the brackets of an IPv6 address; empty when only a port or nothing is named.
    package let host: String
    /// The port, when one is named.
    package let port: UInt16?

    package init?(_ text: some StringProtocol) {
        let hostEnd: String.Index
        if text.first == "[" {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            let literal = text[text.index(after: text.startIndex)..<bracket]
            guard literal.utf8.contains(HTTPCharacters.colon), IPAddress(String(literal)) != nil else {
                return nil
            }
            host = HTTPCharacters.lowercased(literal)
            hostEnd = text.index(after: bracket)
        } else {
            hostEnd = text.utf8.firstIndex(of: HTTPCharacters.colon) ?? text.endIndex
            let name = text[..<hostEnd]
            guard name.utf8.count <= 253, name.utf8.allSatisfy(Self.isNameCharacter) else { return nil }
            host = HTTPCharacters.lowercased(name)
        }
        let rest = text[hostEnd...]
        guard let colon = rest.utf8.first else {
            port = nil
            return
        }
        let digits = rest.utf8.dropFirst()
        guard colon == HTTPCharacters.colon, digits.count <= 5, digits.allSatisfy(HTTPCharacters.isDigit)
        else { return nil }
        // RFC 3986 3.2.3: a colon with nothing behind it names no port.
        if digits.isEmpty {
            port = nil
        } else {
            guard let number = UInt16(String(rest.dropFirst())) else { return nil }
            port = number
        }
    }

    /// Whether some bytes are a name in the simplest characters with a port of few digits, or without: what
    /// nearly every `Host` is. Where they are not, they may still be an authority.
    static func isPlainName(_ bytes: RawSpan) -> Bool {
        var end = 0
        while end < bytes.byteCount && isNameCharacter(bytes.byte(at: end)) { end += 1 }
        if end > 253 { return false }
        if end == bytes.byteCount { return true }
        let digits = end + 1..<bytes.byteCount
        guard bytes.byte(at: end) == HTTPCharacters.colon, digits.count < 5 else { return false }
        for index in digits where !HTTPCharacters.isDigit(bytes.byte(at: index)) { return false }
        return true
    }

    /// As a `Host` field has it.
    package var description: String {
        let name = host.utf8.contains(HTTPCharacters.colon) ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: HTTPCharacters.isAlphanumeric(byte)
        }
    }
}
