/// What both sides of a secured connection have agreed on.
///
/// Connections that agreed on the same share one, unless the peer has proven who it is.
public final class NegotiatedSecurity: Sendable, Hashable, CustomStringConvertible {
    /// The protocol's version, such as `TLSv1.3`.
    public let version: String
    /// The cipher suite by its name in the registry, such as `TLS_AES_128_GCM_SHA256`.
    public let cipherSuite: String
    /// What is spoken above it (ALPN, RFC 7301), where that was agreed on.
    public let applicationProtocol: String?
    /// The host that the client asked for (SNI, RFC 6066 3), where it named one. Untrusted on a server.
    public let serverName: String?
    /// Whether the client came back with a session of before, without a full handshake.
    public let isResumed: Bool
    /// Who the peer has proven to be: a server to its client, or a client where the server asks for it.
    public let peer: ProvenPeer?

    /// For products that secure connections.
    package init(
        version: String, cipherSuite: String, applicationProtocol: String?, serverName: String?,
        isResumed: Bool, peer: ProvenPeer?
    ) {
        self.version = version
        self.cipherSuite = cipherSuite
        self.applicationProtocol = applicationProtocol
        self.serverName = serverName
        self.isResumed = isResumed
        self.peer = peer
    }

    /// Whether both have agreed on the same, with the same peers.
    public static func == (left: NegotiatedSecurity, right: NegotiatedSecurity) -> Bool {
        left === right
            || left.version == right.version && left.cipherSuite == right.cipherSuite
                && left.applicationProtocol == right.applicationProtocol
                && left.serverName == right.serverName && left.isResumed == right.isResumed
                && left.peer == right.peer
    }

    /// By what was agreed on.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(cipherSuite)
        hasher.combine(serverName)
        hasher.combine(isResumed)
        hasher.combine(peer)
    }

    /// A line for a log.
    public var description: String {
        var words = [version, cipherSuite]
        if let applicationProtocol { words.append(applicationProtocol) }
        if let serverName { words.append("for \(serverName)") }
        if isResumed { words.append("resumed") }
        if let peer { words.append("with \(peer.subject)") }
        return words.joined(separator: " ")
    }
}

/// Whose certificate was verified.
///
/// **Ownership.** All of it is copies of what the certificate says, whose issuer is trusted for it.
public struct ProvenPeer: Hashable, Sendable {
    /// An alternative name of a certificate (RFC 5280 4.2.1.6).
    public enum Name: Hashable, Sendable {
        /// A host, perhaps with a wildcard.
        case host(String)
        /// A mailbox, as `rfc822Name` has it.
        case email(String)
        /// A resource, such as a SPIFFE id.
        case resource(String)
        /// An IP address, as `iPAddress` has it.
        case address(IPAddress)
    }

    /// The subject in the form of RFC 2253, such as `CN=trader,O=Example`; empty where it has none.
    public let subject: String
    /// Its other names, in the certificate's order.
    public let names: [Name]

    /// For products that verify certificates.
    package init(subject: String, names: [Name]) {
        self.subject = subject
        self.names = names
    }
}
