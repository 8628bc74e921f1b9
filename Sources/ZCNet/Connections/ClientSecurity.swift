/// What a client's connections go through before its protocol sees them, and what then stands between the
/// two: TLS, with the product `ZCNetTLS`.
///
/// ```swift
/// import ZCNetTLS
/// configuration.security = try .tls()
/// ```
public struct ClientSecurity: Sendable {
    /// Brings a role to a loop that connections begin with, and that hands them over to `next` once both
    /// sides agree; answers its number.
    package let install: @Sendable (_ host: ConnectionHost, _ next: UInt16) throws -> UInt16
    /// Begins with a connection of that role that has just come up, on its loop. The greeting is answered
    /// once: when the connection is the next role's, or when it has come to its end before.
    package let begin: @Sendable (ConnectionBase, StatePlace, SecurityGreeting) -> Void

    /// For products that implement one.
    package init(
        install: @escaping @Sendable (_ host: ConnectionHost, _ next: UInt16) throws -> UInt16,
        begin: @escaping @Sendable (ConnectionBase, StatePlace, SecurityGreeting) -> Void
    ) {
        self.install = install
        self.begin = begin
    }
}

/// What a client wants of one connection's security. Loop thread only.
package struct SecurityGreeting {
    /// Where to, as it was given.
    package let endpoint: Endpoint
    /// How long both sides may take to agree.
    package let timeout: Duration
    /// Told how it went; nil when the connection is secured.
    package let completion: (ConnectError.Cause?) -> Void

    package init(
        endpoint: Endpoint, timeout: Duration, completion: @escaping (ConnectError.Cause?) -> Void
    ) {
        self.endpoint = endpoint
        self.timeout = timeout
        self.completion = completion
    }
}
