public import ZCNet

/// How a conversation ended. Every `onOpen` is followed by exactly one of these.
public struct WebSocketCloseReason: Hashable, Sendable, CustomStringConvertible {
    /// The code of the close frame that decided: the peer's if it closed or agreed, else ours; 1006 when the
    /// connection ended without one.
    public let code: WebSocketCloseCode
    /// What the close frame said beside the code.
    public let text: String
    /// Who or what ended the connection.
    public let cause: CloseCause
    /// Whether both sides said goodbye.
    public let isClean: Bool

    /// Names an end.
    public init(code: WebSocketCloseCode, text: String = "", cause: CloseCause, isClean: Bool) {
        self.code = code
        self.text = text
        self.cause = cause
        self.isClean = isClean
    }

    /// A line for a log.
    public var description: String {
        "\(code)\(text.isEmpty ? "" : " \"\(text)\""), \(cause)\(isClean ? "" : ", not clean")"
    }
}

extension WebSocketError {
    /// The same as ZCNet's close causes know it.
    var cause: CloseCause {
        code == .tryAgainLater ? .overflow : .protocolError(ProtocolRule(description))
    }
}
