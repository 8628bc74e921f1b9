/// Where a page comes from, as browsers tell it: scheme, host and port (RFC 6454 4).
struct WebOrigin: Hashable, Sendable {
    /// In lower case.
    let scheme: String
    /// In lower case, an IPv6 address without brackets.
    let host: String
    /// The port, which a scheme that has a usual one need not name.
    let port: UInt16?

    /// Parses `SCHEME://HOST[:PORT]`; nil for anything else, such as `null`.
    init?(_ text: String) {
        guard let colon = text.utf8.firstIndex(of: HTTPCharacters.colon), colon != text.startIndex,
            text[colon...].hasPrefix("://"),
            let authority = HTTPAuthority(text[text.index(colon, offsetBy: 3)...]), !authority.host.isEmpty
        else { return nil }
        scheme = HTTPCharacters.lowercased(text[..<colon])
        host = authority.host
        port = authority.port ?? Self.usualPort(of: scheme)
    }

    /// The port that a scheme has when none is named.
    static func usualPort(of scheme: String) -> UInt16? {
        switch scheme {
        case "http", "ws": 80
        case "https", "wss": 443
        default: nil
        }
    }

    /// Whether the page comes from the host that a request is for.
    ///
    /// A request does not tell whether TLS ended in front of the server; where it names no port, the origin's
    /// scheme says which one it means.
    func isSameHost(as text: String) -> Bool {
        guard let authority = HTTPAuthority(text) else { return false }
        return authority.host == host && (authority.port ?? Self.usualPort(of: scheme)) == port
    }
}
