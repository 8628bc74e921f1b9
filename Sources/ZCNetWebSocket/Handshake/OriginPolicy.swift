/// Which pages of browsers may begin a conversation: RFC 6455 10.2.
///
/// A browser sends cookies along whichever page connects, and tells the page's origin: without a policy any
/// page that somebody visits can speak in that person's name, and read the answers. Clients that are no
/// browsers send none, and pass every policy: an origin is no proof of identity.
public enum OriginPolicy: Sendable {
    /// Pages of any origin may connect.
    case any
    /// Pages of the host and port that the request is for. A balancer in front must leave `Host` as the
    /// browser sent it. A name of an attacker's that leads to this server passes (DNS rebinding); where the
    /// server is reachable from inside only, list its names.
    case sameHost
    /// Pages of the listed origins, such as `https://example.org`, compared as RFC 6454 5 says: case and
    /// usual ports do not matter. `null`, the origin of sandboxed pages and local files, may be listed.
    case list([String])
    /// Pages that the closure says yes to. It runs on the loops: it must not take long.
    case custom(@Sendable (_ origin: String, _ request: HTTPRequestHead) -> Bool)

    /// What a request that may not go on is answered with: for whoever sets the server up, and meets this
    /// behind a balancer or with a page from elsewhere.
    func refusal(of head: HTTPRequestHead) -> String {
        let origin = HTTPCharacters.quoted(head.headers[.origin] ?? "")
        guard case .sameHost = self else { return "expected an origin that may connect, got \(origin)\n" }
        let host = HTTPCharacters.quoted(head.headers[.host] ?? "")
        return """
            expected a page of the host that the request is for, \(host), got one of \(origin); \
            the server's configuration.origins can list others\n
            """
    }

    /// Whether a request may go on.
    package func admits(_ head: HTTPRequestHead) -> Bool {
        if case .any = self { return true }
        guard let origin = head.headers[.origin] else { return true }
        switch self {
        case .any: return true
        case .sameHost:
            guard let page = WebOrigin(origin), let host = head.host else { return false }
            return page.isSameHost(as: host)
        case .list(let origins):
            guard let page = WebOrigin(origin) else { return origins.contains(origin) }
            return origins.contains { WebOrigin($0) == page }
        case .custom(let admits): return admits(origin, head)
        }
    }
}

/// Where a page comes from, as browsers tell it: scheme, host and port (RFC 6454 4).
struct WebOrigin: Hashable, Sendable {
    /// The URL's scheme in lower case.
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
