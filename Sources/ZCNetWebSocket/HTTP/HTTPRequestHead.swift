public import ZCNet

/// A request without its body, checked by the rules of RFC 9112.
///
/// ```swift
/// // GET /rooms/caf%C3%A9?token=a+b HTTP/1.1
/// head.path                       // "/rooms/caf%C3%A9"
/// head.decodedPath                // "/rooms/café"
/// head.queryValue(of: "token")    // "a b"
/// ```
/// **Ownership.** All of it is copies: a head may be kept and sent to other threads.
public struct HTTPRequestHead: Hashable, Sendable {
    /// Such as `GET`; methods differ by case.
    public let method: String
    /// As it was sent: a path with its query, an absolute URL, or `*`.
    public let target: String
    /// The target's path as it was sent, escapes and all, without the query. It begins with a slash, or is
    /// `*`.
    public let path: String
    /// What the target has behind its question mark, escapes and all; nil without one.
    public let query: String?
    /// The minor version of HTTP/1: 0 or 1.
    public let minorVersion: Int
    /// The header fields of the request.
    public let headers: HTTPHeaders
    /// Where the request ends, behind its head.
    package let framing: MessageFraming
    /// The client's real address: what the trusted proxies in between tell, else ``peerAddress``. The port is
    /// 0 where a proxy tells none.
    public package(set) var remoteAddress = SocketAddress.unix(path: "")
    /// Who is at the other end of the TCP connection: the client, or the last proxy.
    public package(set) var peerAddress = SocketAddress.unix(path: "")

    /// What the names in the route's path stand for, without their escapes; empty for a path without names.
    ///
    /// ```swift
    /// routes.get("/rooms/{room}") { head in page(of: head.parameters["room"]) }
    /// ```
    public package(set) var parameters: [String: String] = [:]

    /// What secures the connection to whoever is at its other end, with who that has proven to be; nil in the
    /// clear.
    public package(set) var security: NegotiatedSecurity?

    package init(
        method: String = "GET", target: String, minorVersion: Int = 1, headers: HTTPHeaders = HTTPHeaders(),
        framing: MessageFraming = .none
    ) {
        self.framing = framing
        self.method = method
        self.target = target
        self.minorVersion = minorVersion
        self.headers = headers
        let local = Self.localPart(target)
        if let mark = local.utf8.firstIndex(of: UInt8(ascii: "?")) {
            // RFC 3986 6.2.3: an absolute URL with an empty path means its root.
            path = mark == local.startIndex ? "/" : String(local[..<mark])
            query = String(local[local.index(after: mark)...])
        } else {
            path = local.isEmpty ? "/" : String(local)
            query = nil
        }
    }

    /// The version in words: `HTTP/1.1` or `HTTP/1.0`.
    public var version: String { "HTTP/1.\(minorVersion)" }

    /// Whom the request is for: the authority of an absolute target, or else the `Host` field (RFC 9112
    /// 3.2.2); nil when an HTTP/1.0 client names nobody.
    public var host: String? {
        guard let start = Self.authorityStart(target) else { return headers["Host"] }
        let rest = target[start...]
        return String(rest.prefix { $0 != "/" && $0 != "?" })
    }

    /// The path without its escapes; nil when one is broken, or when what they stand for is no UTF-8 or has a
    /// NUL.
    ///
    /// Why not `path`: an escaped slash or dot could change what a prefix of the path means. Compare routes
    /// with ``path``; decode what is left.
    public var decodedPath: String? { PercentEncoding.decode(path) }

    /// The first value that the query has for a name, as forms write it (`name=value&…`, `+` for a space),
    /// without its escapes; nil when there is none, or when an escape in it is broken. O(n).
    public func queryValue(of name: String) -> String? { query.flatMap { Self.value(of: name, in: $0) } }

    /// The first value of a name in a text as forms write it.
    static func value(of name: String, in form: String) -> String? {
        for pair in form.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard PercentEncoding.decode(parts[0], readsPlusAsSpace: true) == name else { continue }
            return parts.count == 2 ? PercentEncoding.decode(parts[1], readsPlusAsSpace: true) : ""
        }
        return nil
    }

    /// Whether the client wants the connection to become something else: RFC 9110 7.8.
    public var wantsUpgrade: Bool {
        headers.contains("Upgrade") && headers.hasToken("upgrade", in: "Connection")
    }

    /// Whether the client allows the connection to go on behind the response: RFC 9112 9.3.
    public var keepsAlive: Bool {
        if headers.hasToken("close", in: "Connection") { return false }
        return minorVersion == 1 || headers.hasToken("keep-alive", in: "Connection")
    }

    /// Whether somebody in between may take what follows for another protocol than HTTP: the request asks for
    /// an upgrade (RFC 9110 7.8), in order or not and to whatever, or for a tunnel (RFC 9110 9.3.6).
    package var mayBeginTunnel: Bool {
        headers.contains("Upgrade") || headers.hasToken("upgrade", in: "Connection") || method == "CONNECT"
    }

    /// Whether a body follows: RFC 9112 6.3.
    public var hasBody: Bool { framing != .none }

    /// How long the client says its body is. Untrusted: never the size of an allocation.
    public var contentLength: Int? { headers["Content-Length"].flatMap { Int($0) } }

    private static func authorityStart(_ target: String) -> String.Index? {
        if target.utf8.first == UInt8(ascii: "/") { return nil }
        // The parser takes no absolute target without a scheme right at its start.
        guard let colon = target.utf8.firstIndex(of: HTTPCharacters.colon),
            target[colon...].hasPrefix("://")
        else { return nil }
        return target.index(colon, offsetBy: 3)
    }

    private static func localPart(_ target: String) -> Substring {
        guard let start = authorityStart(target) else { return target[...] }
        return target[start...].drop { $0 != "/" && $0 != "?" }
    }
}
