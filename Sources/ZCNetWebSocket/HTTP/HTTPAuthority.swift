import ZCNet

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
