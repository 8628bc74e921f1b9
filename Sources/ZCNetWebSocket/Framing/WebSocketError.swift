import ZCNet

/// A rule of the protocol that a peer broke: what was expected, what came, and the close code that says so.
@frozen
public struct WebSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the connection is closed with.
    public let code: WebSocketCloseCode
    /// The rule and what came instead, such as `RFC 6455 5.5: control frames carry at most 125 bytes, got
    /// 300`.
    public let description: String

    /// Names a broken rule.
    public init(_ code: WebSocketCloseCode, _ description: String) {
        self.code = code
        self.description = description
    }

    /// The same as ZCNet's close causes know it.
    var cause: CloseCause { .protocolError(ProtocolRule(description)) }
}
