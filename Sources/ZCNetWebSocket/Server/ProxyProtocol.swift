import ZCNet

/// Which connections begin with a header of the PROXY protocol, versions 1 or 2, by which a balancer tells
/// whose connection it passes on.
///
/// ```swift
/// configuration.proxyProtocol = .requiredFrom([try IPNetwork(parsing: "10.0.0.0/8")])
/// ```
/// **Trust.** A header is believed, so those who can write one must be balancers. It is never guessed at:
/// where it is required a connection without one ends with a protocol error and no response, and where it is
/// not, one with a header is answered 400 as any other nonsense.
public enum ProxyProtocol: Hashable, Sendable {
    /// None does.
    case off
    /// All do: nobody but balancers can connect.
    case required
    /// Those from these networks do, and no others. Peers with a Unix domain socket are in no network.
    case requiredFrom([IPNetwork])

    /// Whether a connection from `peer` begins with a header.
    func isRequired(from peer: SocketAddress) -> Bool {
        switch self {
        case .off: false
        case .required: true
        case .requiredFrom(let networks):
            peer.ipAddress.map { address in networks.contains { $0.contains(address) } } ?? false
        }
    }
}
