/// Which pages of browsers may begin a conversation: RFC 6455 10.2.
///
/// A browser sends cookies along whichever page connects, and tells the page's origin: without a policy any
/// page that somebody visits can speak in that person's name, and read the answers. Clients that are no
/// browsers send none, and pass every policy: an origin is no proof of identity.
public enum OriginPolicy: Sendable {
    /// All pages.
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
        let origin = HTTPCharacters.quoted(head.headers["Origin"] ?? "")
        guard case .sameHost = self else { return "expected an origin that may connect, got \(origin)\n" }
        let host = HTTPCharacters.quoted(head.headers["Host"] ?? "")
        return """
            expected a page of the host that the request is for, \(host), got one of \(origin); \
            the server's configuration.origins can list others\n
            """
    }

    /// Whether a request may go on.
    package func admits(_ head: HTTPRequestHead) -> Bool {
        guard let origin = head.headers["Origin"] else { return true }
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
