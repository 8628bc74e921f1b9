public import ZCNet

/// A piece of a message, lent to a handler that asked for fragments.
@safe @frozen
public struct WebSocketFragment: ~Copyable, ~Escapable {
    /// Whether the message is text. A character may begin in one fragment and end in the next.
    public let isText: Bool
    /// Whether the message begins here.
    public let isFirst: Bool
    /// Whether the message ends here.
    public let isFinal: Bool
    /// The payload. Valid as long as the fragment.
    public let payload: ReceivedChunk

    @_lifetime(copy payload)
    @inlinable
    init(isText: Bool, isFirst: Bool, isFinal: Bool, payload: consuming ReceivedChunk) {
        self.isText = isText
        self.isFirst = isFirst
        self.isFinal = isFinal
        self.payload = payload
    }

    /// The bytes. Valid as long as the fragment.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(copy self)
        get { payload.bytes }
    }
}
