import ZCNet

/// A rule of the protocol that a peer broke: what was expected, what came, and the close code that says so.
@frozen
public struct WebSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the connection is closed with.
    public let code: WebSocketCloseCode
    /// The rule, such as `RFC 6455 5.5: control frames of at most 125 bytes`.
    public let expected: String
    /// What came instead, such as `300`.
    public let got: String

    /// Names a broken rule.
    public init(_ code: WebSocketCloseCode, expected: String, got: String) {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// The rule and what came instead. As short as can be: a close frame has room for 123 bytes.
    public var description: String { "\(expected), got \(got)" }

    /// The loop's memory does not allow for something: no fault of the peer's, who may try again later.
    static func memoryIsShort(_ what: String) -> WebSocketError {
        WebSocketError(.tryAgainLater, expected: "room for \(what)", got: "none, as memory is short")
    }
}
