import ZCNet

/// Finds the client's address behind reverse proxies that write `X-Forwarded-For` or `Forwarded`.
///
/// ```swift
/// configuration.forwarded = ForwardedFor(trusting: [try IPNetwork(parsing: "10.0.0.0/8")])
/// ```
/// Every proxy appends whom it saw. So the list is read from its end, as long as whoever wrote an element is
/// trusted: the first address of somebody else is the client's. What stands before it is the client's own
/// invention and is not looked at.
///
/// **Complexity.** O(bytes of the fields × networks).
public struct ForwardedFor: Hashable, Sendable {
    /// Which header field the proxies write. Only that one is looked at: the other is passed on by proxies
    /// that do not know it, and may be the client's invention.
    public enum Field: Hashable, Sendable {
        /// `X-Forwarded-For: client, proxy`: what nearly all proxies write.
        case xForwardedFor
        /// `Forwarded: for=client, for=proxy`: RFC 7239.
        case forwarded
    }

    /// Whose word counts.
    public let trusted: [IPNetwork]
    /// Whether a proxy that connects through a Unix domain socket is trusted; only this machine's own can.
    public let trustsUnixPeers: Bool
    /// Which field they write.
    public let field: Field

    /// Trusts proxies of some networks.
    public init(
        trusting networks: [IPNetwork], trustsUnixPeers: Bool = true, field: Field = .xForwardedFor
    ) {
        trusted = networks
        self.trustsUnixPeers = trustsUnixPeers
        self.field = field
    }

    /// The address of the client; nil when it is unknown because the peer has a Unix socket and no proxy that
    /// is trusted has told more.
    ///
    /// An element that is no address ends the search: the client is then the one who wrote it.
    public func clientAddress(of headers: HTTPHeaders, from peer: SocketAddress) -> IPAddress? {
        var client = peer.ipAddress
        guard client.map(isTrusted) ?? trustsUnixPeers else { return client }
        let name = field == .forwarded ? "Forwarded" : "X-Forwarded-For"
        for element in headers.list(of: name).reversed() {
            let text = field == .forwarded ? Self.node(of: element) : element
            guard let text, let address = Self.address(text) else { break }
            client = address
            if !isTrusted(address) { break }
        }
        return client
    }

    /// The client as an address with a port, where the peer itself is the client; else with port 0.
    func clientSocketAddress(of headers: HTTPHeaders, from peer: SocketAddress) -> SocketAddress {
        guard let client = clientAddress(of: headers, from: peer), client != peer.ipAddress else {
            return peer
        }
        return .ip(client, port: 0)
    }

    private func isTrusted(_ address: IPAddress) -> Bool { trusted.contains { $0.contains(address) } }

    /// An address, or with a port as some proxies write it: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static func address(_ text: String) -> IPAddress? {
        if let plain = IPAddress(text) { return plain }
        guard let authority = HTTPAuthority(text) else { return nil }
        return IPAddress(authority.host)
    }

    /// RFC 7239 4: the value of `for` in `for=192.0.2.60;proto=http`, without its quotes; nil where there is
    /// none or more than one. An obfuscated node (`_hidden`, `unknown`) is no address, which the caller sees.
    private static func node(of element: String) -> String? {
        var found: String?
        for pair in element.split(separator: ";", omittingEmptySubsequences: false) {
            guard let equals = pair.firstIndex(of: "=") else { return nil }
            let name = HTTPCharacters.trimmed(Array(pair[..<equals].utf8)[...])
            guard HTTPCharacters.isSame(String(decoding: name, as: UTF8.self), "for") else { continue }
            if found != nil { return nil }
            let value = pair[pair.index(after: equals)...]
            // Why no escapes: no address has a character that would need one.
            let isQuoted = value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
            found = String(isQuoted ? value.dropFirst().dropLast() : value)
        }
        return found
    }
}
