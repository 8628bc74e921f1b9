import ZCNet

/// Finds the client's address behind reverse proxies that write `X-Forwarded-For`.
///
/// ```swift
/// let proxies = ForwardedFor(trusting: [try IPNetwork(parsing: "10.0.0.0/8")])
/// let client = proxies.clientAddress(of: head.headers, from: peer.remoteAddress)
/// ```
/// Every proxy appends whom it saw. So the list is read from its end, as long as whoever wrote an element is
/// trusted: the first address of somebody else is the client's. What stands before it is the client's own
/// invention and is not looked at.
///
/// **Complexity.** O(bytes of the fields × networks).
public struct ForwardedFor: Hashable, Sendable {
    /// Whose word counts.
    public let trusted: [IPNetwork]
    /// Whether a proxy that connects through a Unix domain socket is trusted; only this machine's own can.
    public let trustsUnixPeers: Bool

    /// Trusts proxies of some networks.
    public init(trusting networks: [IPNetwork], trustsUnixPeers: Bool = true) {
        trusted = networks
        self.trustsUnixPeers = trustsUnixPeers
    }

    /// The address of the client; nil when it is unknown because the peer has a Unix socket and no proxy that
    /// is trusted has told more.
    ///
    /// An element that is no address ends the search: the client is then the one who wrote it.
    public func clientAddress(of headers: HTTPHeaders, from peer: SocketAddress) -> IPAddress? {
        var client = peer.ipAddress
        guard client.map(isTrusted) ?? trustsUnixPeers else { return client }
        for element in headers.list(of: "X-Forwarded-For").reversed() {
            guard let address = Self.address(element) else { break }
            client = address
            if !isTrusted(address) { break }
        }
        return client
    }

    private func isTrusted(_ address: IPAddress) -> Bool { trusted.contains { $0.contains(address) } }

    /// An address, or with a port as some proxies write it: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static func address(_ text: String) -> IPAddress? {
        if let plain = IPAddress(text) { return plain }
        guard let authority = HTTPAuthority(text) else { return nil }
        return IPAddress(authority.host)
    }
}
