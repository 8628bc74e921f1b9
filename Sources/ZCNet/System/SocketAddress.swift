/// Where a socket is bound or connected: an IP address with a port, or the path of a Unix domain socket.
///
/// ```swift
/// let address = try SocketAddress(parsing: "[::1]:9000")      // also "127.0.0.1:9000", "unix:/run/app.sock"
/// ```
public enum SocketAddress: Hashable, Sendable {
    /// An IP address and a port.
    case ip(IPAddress, port: UInt16)
    /// A Unix domain socket; an empty path is a peer that has no name.
    case unix(path: String)

    /// Parses `IPV4:PORT`, `[IPV6]:PORT`, `localhost:PORT`, `*:PORT` (every interface) or `unix:PATH`.
    ///
    /// Names other than `localhost` need a resolver; see `Endpoint`.
    public init(parsing text: String) throws(AddressError) {
        switch try Endpoint(parsing: text) {
        case .address(let address): self = address
        case .host("localhost", let port): self = .ip(.loopbackV4, port: port)
        case .host(let name, _):
            throw AddressError(text: text, expected: "a numeric address", got: "the name \"\(name)\"")
        }
    }

    /// The port, or nil for a Unix domain socket.
    public var port: UInt16? {
        if case .ip(_, let port) = self { port } else { nil }
    }

    /// The IP address, or nil for a Unix domain socket.
    public var ipAddress: IPAddress? {
        if case .ip(let address, _) = self { address } else { nil }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// The text that `init(parsing:)` takes.
    public var description: String {
        switch self {
        case .ip(let address, let port): address.isV4 ? "\(address):\(port)" : "[\(address)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

/// Text that is no address: what it was, and what was expected in its place.
public struct AddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text as it was given.
    public let text: String
    /// What was expected.
    public let expected: String
    /// What stands in its place.
    public let got: String

    /// The text, what was expected and what stands in its place.
    public var description: String { "address \"\(text)\": expected \(expected), got \(got)" }
}

/// What a client may connect to: an address, or a name that has to be resolved first.
public enum Endpoint: Hashable, Sendable {
    /// An address that needs no resolver.
    case address(SocketAddress)
    /// A host name and a port.
    case host(String, port: UInt16)

    /// Parses what `SocketAddress` parses, and `NAME:PORT`.
    public init(parsing text: String) throws(AddressError) {
        if text.hasPrefix("unix:") {
            self = .address(.unix(path: try Endpoint.checkedPath(text)))
            return
        }
        guard let colon = text.lastIndex(of: ":") else {
            throw AddressError(text: text, expected: "HOST:PORT, [IPV6]:PORT or unix:PATH", got: "no colon")
        }
        let host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        guard let port = IPAddress.decimal(digits, max: 65535) else {
            throw AddressError(
                text: text, expected: "a port of 0 to 65535 after the last colon", got: "\"\(digits)\"")
        }
        self = try Endpoint.resolveLiteral(host, port: UInt16(port), text: text)
    }

    private static func checkedPath(_ text: String) throws(AddressError) -> String {
        let path = String(text.dropFirst(5))
        let count = path.utf8.count
        guard (1...SocketAddress.unixPathBytesMax).contains(count) else {
            throw AddressError(
                text: text, expected: "a path of 1 to \(SocketAddress.unixPathBytesMax) bytes",
                got: "\(count)")
        }
        guard !path.utf8.contains(0) else {
            throw AddressError(text: text, expected: "a path without zero bytes", got: "one")
        }
        return path
    }

    private static func resolveLiteral(
        _ host: Substring, port: UInt16, text: String
    ) throws(AddressError) -> Endpoint {
        if host == "*" { return .address(.ip(.anyV6, port: port)) }
        if host.first == "[" || host.last == "]" {
            guard host.first == "[", host.last == "]", host.count >= 4,
                let address = IPAddress(String(host.dropFirst().dropLast())), host.contains(":")
            else {
                throw AddressError(
                    text: text, expected: "an IPv6 address between brackets", got: "\"\(host)\"")
            }
            return .address(.ip(address, port: port))
        }
        if host.contains(":") {
            throw AddressError(text: text, expected: "brackets around an IPv6 address", got: "none")
        }
        if let address = IPAddress(String(host)) { return .address(.ip(address, port: port)) }
        let isName = host.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x2D
                || byte == 0x2E || byte == 0x5F
        }
        let looksNumeric = host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
        guard !host.isEmpty, host.utf8.count <= 253, isName, !looksNumeric else {
            throw AddressError(
                text: text, expected: "a numeric address or a host name", got: "\"\(host)\"")
        }
        return .host(String(host), port: port)
    }
}
