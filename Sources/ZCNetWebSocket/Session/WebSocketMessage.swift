public import ZCNet

/// A whole message, lent to a handler for the length of a callback.
///
/// The bytes lie where the kernel put them, unmasked in place, unless the message came in fragments or
/// compressed. The compiler lets neither the message nor its views out of the callback; ``retain()`` and
/// ``copy()`` keep the bytes by name.
@safe @frozen
public struct WebSocketMessage: ~Copyable, ~Escapable {
    /// Text or binary.
    public enum Kind: Hashable, Sendable {
        /// UTF-8, checked.
        case text
        /// Any bytes.
        case binary
    }

    /// Whether the message is text.
    public let isText: Bool
    /// The payload. Valid as long as the message.
    public let payload: ReceivedChunk

    @_lifetime(copy payload)
    @inlinable
    init(isText: Bool, payload: consuming ReceivedChunk) {
        self.isText = isText
        self.payload = payload
    }

    /// Text or binary.
    public var kind: Kind { isText ? .text : .binary }

    /// How many bytes there are.
    @inlinable
    public var count: Int { payload.count }

    /// The bytes. Valid as long as the message.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(copy self)
        get { payload.bytes }
    }

    /// The text, copied; of a binary message what its bytes would be as UTF-8, repaired.
    public var text: String {
        payload.bytes.text
    }

    /// Keeps the bytes beyond the callback, without a copy where they lie in the loop's memory.
    @inlinable
    public func retain() -> SharedBytes { payload.retain() }

    /// Copies the bytes into memory of their own.
    @inlinable
    public func copy() -> SharedBytes { payload.copy() }
}
