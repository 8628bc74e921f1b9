/// Why an opening handshake failed, or cannot begin: which part, what was expected and what came.
///
/// Its description reads like `handshake, status: expected 101, got 403 "Forbidden"`. What came from the peer
/// is quoted shortly and escaped.
public struct HandshakeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The part of a handshake that is wrong. More may be added: a `switch` needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code's name.
        public let description: String

        /// The URL is malformed.
        public static let url = Code(description: "url")
        /// The URL asks for TLS, which the client was not given.
        public static let tlsNotSupported = Code(description: "TLS")
        /// A header field that the application gave is malformed, or belongs to the handshake itself.
        public static let header = Code(description: "header")
        /// The server answered with another status than 101; see ``HandshakeError/status``.
        public static let status = Code(description: "status")
        /// The response is no HTTP/1.1 response; see ``HandshakeError/expected``.
        public static let response = Code(description: "response")
        /// The response does not confirm the upgrade.
        public static let upgrade = Code(description: "upgrade")
        /// The response's proof does not fit the key.
        public static let accept = Code(description: "accept")
        /// A subprotocol is malformed, or was chosen without having been offered.
        public static let subprotocol = Code(description: "subprotocol")
        /// An extension is malformed, or was chosen without having been offered.
        public static let extensions = Code(description: "extensions")
    }

    /// Which part is wrong.
    public let code: Code
    /// What was expected.
    public let expected: String
    /// What came in its place.
    public let got: String
    /// The status of the server's response, where there is one.
    public let status: Int?

    /// Describes a failure.
    public init(_ code: Code, expected: String, got: String, status: Int? = nil) {
        self.code = code
        self.expected = expected
        self.got = got
        self.status = status
    }

    /// The part, what was expected and what came.
    public var description: String { "handshake, \(code): expected \(expected), got \(got)" }

    /// A response's head that could not be read.
    package init(_ error: HTTPError) {
        self.init(.response, expected: error.expected, got: error.got)
    }
}
