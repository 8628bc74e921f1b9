import ZCNet

/// The classes of characters that RFC 9110 and RFC 9112 tell apart.
enum HTTPCharacters {
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let colon = UInt8(ascii: ":")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")

    /// What names of methods, fields, subprotocols and extensions are made of: RFC 9110 5.6.2.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        if isAlphanumeric(byte) { return true }
        return switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// Whether a text is a token: at least one character, all of them of tokens.
    static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isToken($0) }
    }

    /// What a field's value may hold between its ends: RFC 9110 5.5. Bytes above ASCII are opaque.
    @inline(__always)
    static func isFieldContent(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == tab }

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
        return isSame(left.span, at: 0..<left.count, right.span)
    }

    /// Whether a comma-separated list of tokens has one, without regard to case. O(n), without an allocation.
    static func isToken(_ token: String, in list: String) -> Bool {
        let (token, list) = (token.utf8, list.utf8)
        let (wanted, bytes) = (token.span, list.span)
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count && bytes[end] != UInt8(ascii: ",") { end += 1 }
            var (first, last) = (start, end)
            while first < last && isBlank(bytes[first]) { first += 1 }
            while first < last && isBlank(bytes[last - 1]) { last -= 1 }
            if isSame(bytes, at: first..<last, wanted) { return true }
            start = end + 1
        }
        return false
    }

    private static func isSame(_ bytes: Span<UInt8>, at range: Range<Int>, _ other: Span<UInt8>) -> Bool {
        guard range.count == other.count else { return false }
        for index in other.indices
        where lowercased(bytes[range.lowerBound + index]) != lowercased(other[index]) {
            return false
        }
        return true
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
