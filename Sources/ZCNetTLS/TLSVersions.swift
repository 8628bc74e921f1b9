#if TLS
/// Which versions are spoken, and with which suites.
public enum TLSVersions: String, Sendable, Hashable, CaseIterable {
    /// TLS 1.3 with AES-128-GCM, AES-256-GCM and ChaCha20-Poly1305.
    case modern
    /// TLS 1.2 too, with ECDHE and the same ciphers alone (RFC 9325). Such a connection keeps OpenSSL's own
    /// object, and with it up to 16 KiB while it is idle.
    case intermediate
}
#endif
