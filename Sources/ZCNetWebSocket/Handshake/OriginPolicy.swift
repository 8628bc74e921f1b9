/// Which pages of browsers may connect: RFC 6455 10.2. Clients that are no browsers send no origin and pass.
public enum OriginPolicy: Sendable {
    /// All of them.
    case any
    /// Those of the host that the request names.
    case sameHost
    /// Those of the list, such as `https://example.org`, compared without regard to case.
    case list([String])
    /// Those that the function says yes to.
    case custom(@Sendable (_ origin: String, _ request: HTTPRequestHead) -> Bool)

    func admits(_ head: HTTPRequestHead) -> Bool {
        guard let origin = head.headers["Origin"] else { return true }
        switch self {
        case .any: return true
        case .list(let origins): return origins.contains { HTTPHeaders.isSame($0, origin) }
        case .custom(let admits): return admits(origin, head)
        case .sameHost:
            guard let scheme = origin.firstRange(of: "://"), let host = head.headers["Host"] else {
                return false
            }
            return HTTPHeaders.isSame(String(origin[scheme.upperBound...]), host)
        }
    }
}
