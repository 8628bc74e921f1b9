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
    var cause: CloseCause {
        code == .tryAgainLater ? .overflow : .protocolError(ProtocolRule(description))
    }

    /// The loop's memory does not allow for something: no fault of the peer's, who may try again later.
    static func memoryIsShort(_ what: String) -> WebSocketError {
        WebSocketError(.tryAgainLater, "memory is short: no room for \(what)")
    }
}
