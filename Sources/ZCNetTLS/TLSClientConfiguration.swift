#if TLS
import ZCNet

/// How a client speaks TLS: whom it trusts, what it proves itself, and what it agrees to.
///
/// The server's certificate has to be valid, to lead to a root that is trusted, and to be for the host or the
/// address that the connection is made to (RFC 6125, RFC 9525: by its alternative names alone).
public struct TLSClientConfiguration: Sendable {
    /// Whom servers' certificates have to lead to.
    public var trust = TLSTrust.system
    /// The host or address that servers have to be, and that they are asked for, in the place of the one that
    /// is connected to. Needed for Unix domain sockets, which have neither.
    public var serverName: String?
    /// SHA-256 sums of the keys (SubjectPublicKeyInfo) of which the server must have one, beside everything
    /// else; empty (the default) for any key.
    public var pins: [[UInt8]] = []
    /// What the client proves itself with to servers that ask; nil for nothing.
    public var certificate: TLSCertificate?
    /// What the client would speak above TLS, the preferred first (ALPN, RFC 7301), such as `http/1.1`.
    public var applicationProtocols: [String] = []
    /// Which versions are spoken.
    public var versions = TLSVersions.intermediate
    /// How many sessions are kept to come back to servers without a full handshake, the oldest let go first;
    /// 0 keeps none.
    public var sessionsMax = 64
    /// How many handshakes of a loop are under way at a time, which take some 45 KiB each; further
    /// connections wait for their turn to say hello.
    public var handshakesUnderWayMax = 64

    /// A client that trusts the system's roots.
    public init() {}

    /// Checks every setting against its limits; `ClientSecurity.tls` reads roots and certificate as well.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.check("sessionsMax", sessionsMax, in: 0...1 << 20)
        try ConfigurationError.check("handshakesUnderWayMax", handshakesUnderWayMax, in: 1...1 << 20)
        _ = try wireProtocols(applicationProtocols)
        for pin in pins where pin.count != 32 {
            throw ConfigurationError(
                field: "pins", expected: "sums of 32 bytes", got: "\(pin.count) bytes")
        }
        if let serverName, serverName.isEmpty || serverName.utf8.contains(0) || serverName.utf8.count > 253 {
            throw ConfigurationError(
                field: "serverName", expected: "a host or an address of at most 253 bytes", got: serverName)
        }
    }
}

/// Whom certificates have to lead to.
public enum TLSTrust: Sendable, Hashable {
    /// The roots of the system that this OpenSSL was built for.
    case system
    /// These roots and no others.
    case roots(PEMSource)
    /// Nobody is asked for anything: whoever stands between both sides can read and change everything. For
    /// tests.
    case anybodyInsecurely
}
#endif
