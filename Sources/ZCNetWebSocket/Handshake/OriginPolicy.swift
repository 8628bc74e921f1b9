/// Which pages of browsers may begin a conversation: RFC 6455 10.2.
///
/// A browser sends cookies along whichever page connects, and tells the page's origin. Clients that are no
/// browsers send none, and pass every policy: an origin is no proof of identity.
public enum OriginPolicy: Sendable {
    /// All pages.
    case any
    /// Pages of the host and port that the request is for.
    case sameHost
    /// Pages of the listed origins, such as `https://example.org`, compared as RFC 6454 5 says: case and
    /// usual ports do not matter. `null`, the origin of sandboxed pages and local files, may be listed.
    case list([String])
    /// Pages that the closure says yes to. It runs on the loops: it must not take long.
    case custom(@Sendable (_ origin: String, _ request: HTTPRequestHead) -> Bool)

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
