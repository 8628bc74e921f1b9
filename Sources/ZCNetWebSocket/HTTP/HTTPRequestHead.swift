/// A request without its body.
public struct HTTPRequestHead: Hashable, Sendable {
    /// Such as `GET`; methods are told apart by case.
    public let method: String
    /// As it was sent: path and query, or an absolute URL.
    public let target: String
    /// The minor version of HTTP/1: 0 or 1.
    public let minorVersion: Int
    /// The header fields.
    public let headers: HTTPHeaders

    package init(method: String, target: String, minorVersion: Int = 1, headers: HTTPHeaders = HTTPHeaders())
    {
        self.method = method
        self.target = target
        self.minorVersion = minorVersion
        self.headers = headers
    }

    /// The target's path, as it was sent, escapes and all.
    public var path: String { String(Self.local(target).prefix { $0 != "?" }) }

    /// The target's query, if there is one.
    public var query: String? {
        let local = Self.local(target)
        return local.firstIndex(of: "?").map { String(local[local.index(after: $0)...]) }
    }

    /// An absolute target without scheme and authority: RFC 9112 3.2.2 asks servers to take them.
    private static func local(_ target: String) -> Substring {
        guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else { return target[...] }
        let rest = target[scheme.upperBound...]
        return rest.firstIndex { $0 == "/" || $0 == "?" }.map { rest[$0...] } ?? "/"
    }

    /// Whether the client asks for the connection to become something else.
    var wantsUpgrade: Bool {
        headers.list(of: "Connection", contains: "upgrade") && headers["Upgrade"] != nil
    }

    /// Whether the connection may go on behind the response: RFC 9112 9.3.
    var keepsAlive: Bool {
        minorVersion == 1
            ? !headers.list(of: "Connection", contains: "close")
            : headers.list(of: "Connection", contains: "keep-alive")
    }

    /// Whether a body follows. Its length has been checked by the parser.
    var hasBody: Bool { headers["Transfer-Encoding"] != nil || (headers["Content-Length"] ?? "0") != "0" }
}
