#if TLS
import ZCNet

/// How a server speaks TLS: its certificates, and what it agrees to. No early data, no renegotiation.
public struct TLSServerConfiguration: Sendable {
    /// What becomes of a client that asks for a host that no certificate is for.
    public enum UnknownNames: String, Sendable, Hashable, CaseIterable {
        /// It is shown the first certificate, and may hang up itself.
        case getFirstCertificate
        /// It is turned away with the alert `unrecognized_name`.
        case areRefused
    }

    /// Whether clients have to prove who they are.
    public enum ClientAuthentication: Sendable, Hashable {
        /// They are not asked.
        case off
        /// They may, by a certificate that leads to one of these roots; a wrong one is refused all the same.
        case wanted(PEMSource)
        /// They must.
        case required(PEMSource)
    }

    /// At least one; the first is for clients that name no host.
    public var certificates: [TLSCertificate]
    /// What becomes of a client that asks for a host that no certificate is for.
    public var unknownNames = UnknownNames.getFirstCertificate
    /// Which versions are spoken.
    public var versions = TLSVersions.modern
    /// Whether clients have to prove who they are.
    public var clientAuthentication = ClientAuthentication.off
    /// What is spoken above TLS, the preferred first (ALPN, RFC 7301), such as `http/1.1`. A client that
    /// offers protocols and none of these is turned away; with an empty list (the default) none is agreed on.
    public var applicationProtocols: [String] = []
    /// How many session tickets a client gets after a full handshake, to come back more cheaply; 0 for none.
    public var sessionTickets = 2
    /// How long a ticket may be used. Their keys change as often, and are forgotten after twice that.
    public var sessionLifetime = Duration.seconds(7200)
    /// How long a handshake may take, with the time that it waits for its turn.
    public var handshakeTimeout = Duration.seconds(10)
    /// How many handshakes of a loop are under way at a time, which takes some 45 KiB each; further clients
    /// wait for their turn.
    public var handshakesUnderWayMax = 64

    /// A server of one certificate.
    public init(certificateChain: PEMSource, privateKey: PEMSource) {
        certificates = [TLSCertificate(chain: certificateChain, key: privateKey)]
    }

    /// A server of several.
    public init(certificates: [TLSCertificate]) { self.certificates = certificates }

    /// Checks every setting against its limits; `TLSServer` reads certificates and keys as well.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.check("certificates", certificates.count, in: 1...10_000)
        try ConfigurationError.check("sessionTickets", sessionTickets, in: 0...16)
        try ConfigurationError.check(
            "sessionLifetime", sessionLifetime, in: .seconds(1) ... .seconds(7 * 86400))
        try ConfigurationError.check(
            "handshakeTimeout", handshakeTimeout, in: .milliseconds(10) ... .seconds(600))
        try ConfigurationError.check("handshakesUnderWayMax", handshakesUnderWayMax, in: 1...1 << 20)
        _ = try wireProtocols(applicationProtocols)
        for (index, certificate) in certificates.enumerated() {
            for name in certificate.names ?? [] where !Self.isName(name) {
                throw ConfigurationError(
                    field: "certificates[\(index)].names", expected: "hosts, perhaps with *. in front",
                    got: name)
            }
        }
    }

    /// RFC 6125 6.4.3: a wildcard stands for the whole of the first label alone.
    private static func isName(_ name: String) -> Bool {
        let host = name.hasPrefix("*.") ? name.dropFirst(2) : name[...]
        return (1...253).contains(host.utf8.count)
            && host.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "*") }
    }
}

/// Protocols as the extension has them (RFC 7301 3.1).
func wireProtocols(_ names: [String]) throws(ConfigurationError) -> [UInt8] {
    for name in names where !(1...255).contains(name.utf8.count) {
        throw ConfigurationError(
            field: "applicationProtocols", expected: "names of 1...255 bytes", got: "\(name.utf8.count)")
    }
    let bytes = names.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
    if bytes.count > 65535 {
        throw ConfigurationError(
            field: "applicationProtocols", expected: "at most 65535 bytes in all", got: "\(bytes.count)")
    }
    return bytes
}

/// Which versions are spoken, and with which suites.
public enum TLSVersions: String, Sendable, Hashable, CaseIterable {
    /// TLS 1.3 with AES-128-GCM, AES-256-GCM and ChaCha20-Poly1305.
    case modern
    /// TLS 1.2 too, with ECDHE and the same ciphers alone (RFC 9325). Such a connection keeps OpenSSL's own
    /// object, and with it up to 16 KiB while it is idle.
    case intermediate
}
#endif
