public import ZCNet

/// A request without its body, checked by the rules of RFC 9112.
///
/// ```swift
/// // GET /rooms/caf%C3%A9?token=a+b HTTP/1.1
/// head.path                       // "/rooms/caf%C3%A9"
/// head.decodedPath                // "/rooms/café"
/// head.queryValue(of: "token")    // "a b"
/// ```
/// **Ownership.** All of it is copies: a head may be kept and sent to other threads. The copy is of the bytes
/// as they came; texts are made of them when they are asked for, each time anew.
public struct HTTPRequestHead: Sendable {
    /// Such as `GET`; methods differ by case.
    public let method: String
    /// The minor version of HTTP/1: 0 or 1.
    public let minorVersion: Int
    /// The header fields of the request.
    public let headers: HTTPHeaders
    /// Where the target lies among the bytes of the fields, and in it the path, and the query if there is
    /// one.
    private let targetExtent: HeadExtent
    private let pathExtent: HeadExtent
    private let queryExtent: HeadExtent?
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
        var headers = headers
        let extent = headers.keep(target)
        self.init(
            method: method, at: extent, minorVersion: minorVersion, headers: headers, framing: framing)
    }

    /// A head whose target lies somewhere among the bytes of its fields.
    init(
        method: String, at target: HeadExtent, minorVersion: Int, headers: HTTPHeaders,
        framing: MessageFraming
    ) {
        self.framing = framing
        self.method = method
        self.minorVersion = minorVersion
        self.headers = headers
        targetExtent = target
        let bytes = headers.span(target)
        let start = Self.localStart(bytes)
        var mark = start
        while mark < bytes.byteCount && bytes.byte(at: mark) != UInt8(ascii: "?") { mark += 1 }
        let first = target.range.lowerBound
        pathExtent = HeadExtent(first + start..<first + mark)
        queryExtent =
            mark < bytes.byteCount ? HeadExtent(first + mark + 1..<first + bytes.byteCount) : nil
    }

    /// As it was sent: a path with its query, an absolute URL, or `*`.
    public var target: String { headers.text(targetExtent) }
    /// The target's path as it was sent, escapes and all, without the query. It begins with a slash, or is
    /// `*`.
    public var path: String {
        // RFC 3986 6.2.3: an absolute URL with an empty path means its root.
        pathExtent.count == 0 ? "/" : headers.text(pathExtent)
    }
    /// What the target has behind its question mark, escapes and all; nil without one.
    public var query: String? { queryExtent.map { headers.text($0) } }

    /// Whether the path is this one, byte for byte, without a text of it.
    func isPath(_ other: String) -> Bool {
        let utf8 = other.utf8
        if pathExtent.count == 0 { return other == "/" }
        return headers.span(pathExtent).isSame(as: utf8.raw)
    }

    /// The version in words: `HTTP/1.1` or `HTTP/1.0`.
    public var version: String { "HTTP/1.\(minorVersion)" }

    /// Whom the request is for: the authority of an absolute target, or else the `Host` field (RFC 9112
    /// 3.2.2); nil when an HTTP/1.0 client names nobody.
    public var host: String? {
        let bytes = headers.span(targetExtent)
        guard let start = Self.authorityStart(bytes) else { return headers[.host] }
        return bytes.text(start..<Self.localStart(bytes))
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
        headers.contains(.upgrade) && headers.hasToken("upgrade", in: .connection)
    }

    /// Whether the client allows the connection to go on behind the response: RFC 9112 9.3.
    public var keepsAlive: Bool {
        if headers.hasToken("close", in: .connection) { return false }
        return minorVersion == 1 || headers.hasToken("keep-alive", in: .connection)
    }

    /// Whether somebody in between may take what follows for another protocol than HTTP: the request asks for
    /// an upgrade (RFC 9110 7.8), in order or not and to whatever, or for a tunnel (RFC 9110 9.3.6).
    package var mayBeginTunnel: Bool {
        headers.contains(.upgrade) || headers.hasToken("upgrade", in: .connection) || method == "CONNECT"
    }

    /// Whether a body follows: RFC 9112 6.3.
    public var hasBody: Bool { framing != .none }

    /// How long the client says its body is. Untrusted: never the size of an allocation.
    public var contentLength: Int? { headers[.contentLength].flatMap { Int($0) } }

    /// Where the authority of an absolute target begins; nil for any other.
    private static func authorityStart(_ target: RawSpan) -> Int? {
        if target.isEmpty || target.byte(at: 0) == HTTPCharacters.slash { return nil }
        // The parser takes no absolute target without a scheme right at its start.
        var colon = 0
        while colon < target.byteCount && target.byte(at: colon) != HTTPCharacters.colon { colon += 1 }
        guard colon + 2 < target.byteCount, target.byte(at: colon + 1) == HTTPCharacters.slash,
            target.byte(at: colon + 2) == HTTPCharacters.slash
        else { return nil }
        return colon + 3
    }

    /// Where what is behind the authority begins.
    private static func localStart(_ target: RawSpan) -> Int {
        guard var index = authorityStart(target) else { return 0 }
        while index < target.byteCount, target.byte(at: index) != HTTPCharacters.slash,
            target.byte(at: index) != UInt8(ascii: "?")
        {
            index += 1
        }
        return index
    }
}

extension HTTPRequestHead: Hashable {
    /// Whether both say the same, wherever their bytes lie.
    public static func == (left: HTTPRequestHead, right: HTTPRequestHead) -> Bool {
        left.method == right.method && left.target == right.target && left.minorVersion == right.minorVersion
            && left.headers == right.headers && left.framing == right.framing
            && left.remoteAddress == right.remoteAddress && left.peerAddress == right.peerAddress
            && left.parameters == right.parameters && left.security == right.security
    }

    /// Feeds what tells requests apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(method)
        hasher.combine(target)
        hasher.combine(headers)
    }
}
