import ZCNet

/// Where a WebSocket client connects to: RFC 6455 3.
///
/// ```swift
/// try WebSocketURL("ws://example.org/chat?room=7")      // port 80
/// try WebSocketURL("ws://[::1]:9001")                   // path "/"
/// try WebSocketURL("wss://example.org/chat")            // secured, port 443
/// try WebSocketURL("ws+unix:/run/app.sock:/chat")       // a Unix domain socket, and the path behind it
/// ```
public struct WebSocketURL: Hashable, Sendable, CustomStringConvertible {
    /// What to connect to.
    public let endpoint: Endpoint
    /// Whether the connection is to be secured (`wss`, `wss+unix`), which takes a client that can; see
    /// `TCPClient.Configuration.security`.
    public let isSecure: Bool
    /// What the `Host` field says: the host, and the port unless it is the scheme's. `localhost` for Unix
    /// sockets.
    public let host: String
    /// Path and query, as the request line has them.
    public let target: String

    /// Parses a URL.
    ///
    /// Strict: visible ASCII only (escape the rest), no user, no fragment (RFC 6455 3).
    public init(_ text: String) throws(HandshakeError) {
        guard let colon = text.utf8.firstIndex(of: HTTPCharacters.colon) else {
            throw Self.error("ws[s]://HOST[:PORT][/PATH] or ws[s]+unix:SOCKET[:/PATH]", text)
        }
        for byte in text.utf8 where !HTTPCharacters.isTarget(byte) {
            let expected = "visible ASCII without a fragment (RFC 6455 3)"
            throw HandshakeError(.url, expected: expected, got: HTTPCharacters.named(byte))
        }
        let rest = text[text.index(after: colon)...]
        let scheme = HTTPCharacters.lowercased(text[..<colon])
        isSecure = scheme.hasPrefix("wss")
        switch scheme {
        case "ws", "wss": (endpoint, host, target) = try Self.parseNetwork(rest, text, isSecure ? 443 : 80)
        case "ws+unix", "wss+unix": (endpoint, host, target) = try Self.parseUnix(rest, text)
        default: throw Self.error("the scheme ws, wss, ws+unix or wss+unix", text)
        }
    }

    /// A URL that means the same.
    public var description: String {
        let scheme = isSecure ? "wss" : "ws"
        return switch endpoint {
        case .address(.unix(let path)): "\(scheme)+unix:\(path):\(target)"
        default: "\(scheme)://\(host)\(target)"
        }
    }

    private static func parseNetwork(
        _ rest: Substring, _ text: String, _ standardPort: UInt16
    ) throws(HandshakeError) -> (Endpoint, String, String) {
        guard rest.hasPrefix("//") else { throw error("// behind the scheme", text) }
        let local = rest.dropFirst(2)
        let end = local.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        let authority = local[..<(end ?? local.endIndex)]
        if authority.utf8.contains(UInt8(ascii: "@")) {
            throw HandshakeError(.url, expected: "no user (RFC 6455 3)", got: "one")
        }
        guard let parsed = HTTPAuthority(authority), !parsed.host.isEmpty, parsed.port != 0 else {
            throw error("a host, and perhaps a port of 1 to 65535", text)
        }
        let isV6 = parsed.host.utf8.contains(HTTPCharacters.colon)
        let name = isV6 ? "[\(parsed.host)]" : parsed.host
        let port = parsed.port ?? standardPort
        let endpoint: Endpoint
        do throws(AddressError) {
            // Why: a host may be called `unix`, and behind that an endpoint has the path of a local socket.
            endpoint = name == "unix" ? .host(name, port: port) : try Endpoint(parsing: "\(name):\(port)")
        } catch {
            throw HandshakeError(
                .url, expected: "an address or a host's name", got: HTTPCharacters.quoted(name))
        }
        let host = parsed.port.map { $0 == standardPort ? name : "\(name):\($0)" } ?? name
        return (endpoint, host, Self.target(local[(end ?? local.endIndex)...]))
    }

    /// The socket's path ends at the first colon.
    private static func parseUnix(
        _ rest: Substring, _ text: String
    ) throws(HandshakeError) -> (Endpoint, String, String) {
        let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let target = parts.count == 2 ? Self.target(parts[1]) : "/"
        guard target.hasPrefix("/") else { throw error("a path that begins with a slash", text) }
        do throws(AddressError) {
            return (try Endpoint(parsing: "unix:" + parts[0]), "localhost", target)
        } catch {
            throw HandshakeError(
                .url, expected: "a socket's path that the kernel takes", got: HTTPCharacters.quoted(parts[0]))
        }
    }

    /// RFC 6455 3: an empty path means the root.
    private static func target(_ text: Substring) -> String {
        text.isEmpty || text.first == "?" ? "/" + text : String(text)
    }

    private static func error(_ expected: String, _ got: String) -> HandshakeError {
        HandshakeError(.url, expected: expected, got: HTTPCharacters.quoted(got))
    }
}
