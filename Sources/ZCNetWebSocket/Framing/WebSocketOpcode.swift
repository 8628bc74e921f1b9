/// What a frame carries: RFC 6455 5.2. Other numbers are reserved and refused.
@frozen
public enum WebSocketOpcode: UInt8, Hashable, Sendable, CaseIterable {
    /// More of the message that is in progress.
    case continuation = 0
    /// A text message, or its first fragment; UTF-8.
    case text = 1
    /// A binary message, or its first fragment.
    case binary = 2
    /// The end of the conversation.
    case close = 8
    /// A request to answer with a pong.
    case ping = 9
    /// An answer to a ping, or a heartbeat that nobody asked for.
    case pong = 10

    /// Whether frames of this kind may stand between the fragments of a message, and so are short and whole.
    @inlinable
    public var isControl: Bool { rawValue >= 8 }
}
