#if TLS
import ZCNet

/// How a server speaks TLS: its certificate, and what it agrees to.
///
/// TLS 1.3 only, with AES-128-GCM, AES-256-GCM and ChaCha20-Poly1305; no early data.
public struct TLSServerConfiguration: Sendable {
    /// Text in the form of PEM (RFC 7468): a file's, or at hand.
    public enum PEM: Sendable {
        /// Of a file, read when the configuration is used.
        case file(String)
        /// The bytes themselves.
        case bytes([UInt8])
    }

    /// The server's certificate, followed by those of its issuers up to a root that clients know.
    public var certificateChain: PEM
    /// The first certificate's key.
    public var privateKey: PEM
    /// What the key is encrypted with, where it is; nobody is ever prompted.
    public var passphrase: String?
    /// What is spoken above TLS, the preferred first (ALPN, RFC 7301), such as `http/1.1`. A client that
    /// offers protocols and none of these is turned away; with an empty list (the default) none is agreed on.
    public var applicationProtocols: [String] = []
    /// How many session tickets a client gets after a full handshake, to come back more cheaply.
    public var sessionTickets = 2
    /// How long a handshake may take.
    public var handshakeTimeout = Duration.seconds(10)

    /// A server of one certificate.
    public init(certificateChain: PEM, privateKey: PEM) {
        self.certificateChain = certificateChain
        self.privateKey = privateKey
    }

    /// Checks every setting against its limits; `ConnectionSecurity.tls` reads certificate and key as well.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.check("sessionTickets", sessionTickets, in: 0...16)
        try ConfigurationError.check(
            "handshakeTimeout", handshakeTimeout, in: .milliseconds(10) ... .seconds(600))
        for name in applicationProtocols where !(1...255).contains(name.utf8.count) {
            throw ConfigurationError(
                field: "applicationProtocols", expected: "names of 1...255 bytes", got: "\(name.utf8.count)")
        }
        let bytes = wireProtocols.count
        if bytes > 65535 {
            throw ConfigurationError(
                field: "applicationProtocols", expected: "at most 65535 bytes in all", got: "\(bytes)")
        }
    }

    /// The protocols as the extension has them (RFC 7301 3.1).
    var wireProtocols: [UInt8] { applicationProtocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } }
}
#endif
