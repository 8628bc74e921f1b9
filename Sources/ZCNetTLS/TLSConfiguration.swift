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
        /// They must, by one that leads to one of these roots; who shows none is turned away.
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
    /// Authorities of the application's own; the system's are not trusted beside.
    case roots(PEMSource)
    /// Nobody is asked for anything: whoever stands between both sides can read and change everything. For
    /// tests.
    case anybodyInsecurely
}

/// Text in the form of PEM (RFC 7468): a file's, or at hand.
public enum PEMSource: Sendable, Hashable {
    /// Of a file, read when the configuration is used, and by a reload.
    case file(String)
    /// The bytes themselves, which a reload leaves as they are.
    case bytes([UInt8])
}

/// A certificate with those of its issuers, and its key: what one side proves who it is with.
public struct TLSCertificate: Sendable {
    /// The certificate, followed by those of its issuers up to a root that the other side knows.
    public var chain: PEMSource
    /// The first certificate's key.
    public var key: PEMSource
    /// What the key is encrypted with, where it is; nobody is ever prompted.
    public var passphrase: String?
    /// The hosts that a server shows it for, with `*.` for any one label in front; nil takes those that the
    /// certificate names itself.
    public var names: [String]?
    /// The file of an answer of the issuer's OCSP responder, in DER, that a server staples to the certificate
    /// (RFC 6066 8). A reload reads it anew.
    public var staple: String?

    /// Names a chain and its key.
    public init(chain: PEMSource, key: PEMSource, passphrase: String? = nil) {
        self.chain = chain
        self.key = key
        self.passphrase = passphrase
    }
}
#endif
