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

/// Why a connection could not be secured: what was expected of the peer and what came.
///
/// Its description reads like `security, name: expected a certificate for "example.org", got one for
/// "example.com"`.
public struct SecurityError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong. More may be added: a `switch` needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// What the code is called.
        public let description: String

        /// The certificate is not for whom the connection was meant.
        public static let name = Code(description: "name")
        /// The certificate leads to no root that is trusted.
        public static let untrusted = Code(description: "untrusted")
        /// The certificate, or one that it stands on, is not valid yet, or not any more.
        public static let validity = Code(description: "validity")
        /// The certificate's issuer has revoked it, by the staple that the server has shown.
        public static let revoked = Code(description: "revoked")
        /// The certificate is of no use for this for another reason.
        public static let certificate = Code(description: "certificate")
        /// The certificate's key is none of those that are pinned.
        public static let pin = Code(description: "pin")
        /// The peer refuses, by an alert.
        public static let refused = Code(description: "refused")
        /// The peer breaks a rule, or agrees to nothing that this side does.
        public static let handshake = Code(description: "handshake")
        /// The connection ended before both sides agreed.
        public static let ended = Code(description: "ended")
        /// There is nobody's name to hold the peer to.
        public static let noName = Code(description: "no name")

        /// For products that know another one.
        package init(description: String) { self.description = description }
    }

    /// The kind of failure. More may be added; match with a `default`.
    public let code: Code
    /// What would have been right.
    public let expected: String
    /// What came in its place.
    public let got: String

    /// Says what was expected, and what came.
    package init(_ code: Code, expected: String, got: String) {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// The code, what was expected and what came.
    public var description: String { "security, \(code): expected \(expected), got \(got)" }
}
