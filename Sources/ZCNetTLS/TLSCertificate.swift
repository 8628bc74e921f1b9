#if TLS
/// Text in the form of PEM (RFC 7468): a file's, or at hand.
public enum PEMSource: Sendable, Hashable {
    /// Of a file, read when the configuration is used, and by a reload.
    case file(String)
    /// The bytes themselves.
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
