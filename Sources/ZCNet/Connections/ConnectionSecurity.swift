/// What a server's connections go through before its protocol sees them, and what then stands between the
/// two: TLS, with the product `ZCNetTLS`.
///
/// ```swift
/// import ZCNetTLS
/// configuration.tcp.security = try .tls(
///     TLSServerConfiguration(certificateChain: .file("cert.pem"), privateKey: .file("key.pem")))
/// ```
public struct ConnectionSecurity: Sendable {
    /// Brings a role to a loop that new connections begin with, and that hands them over to `next` once both
    /// sides agree; answers its number.
    package let install: @Sendable (_ host: ConnectionHost, _ next: UInt16, Admission) throws -> UInt16

    /// For products that implement one.
    package init(
        install: @escaping @Sendable (_ host: ConnectionHost, _ next: UInt16, Admission) throws -> UInt16
    ) {
        self.install = install
    }
}
