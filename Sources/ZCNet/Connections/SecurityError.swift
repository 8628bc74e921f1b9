/// Why a connection could not be secured: what was expected of the peer and what came.
///
/// Its description reads like `security, name: expected a certificate for "example.org", got one for
/// "example.com"`.
public struct SecurityError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong. More may be added: a `switch` needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code's name.
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

    /// What is wrong.
    public let code: Code
    /// What was expected.
    public let expected: String
    /// What came in its place.
    public let got: String

    /// Describes a failure.
    package init(_ code: Code, expected: String, got: String) {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// The code, what was expected and what came.
    public var description: String { "security, \(code): expected \(expected), got \(got)" }
}
