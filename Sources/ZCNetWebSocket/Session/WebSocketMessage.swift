public import ZCNet

/// A whole message, lent to a handler for the length of a callback.
///
/// The bytes lie where the kernel put them, unmasked in place, unless the message came in fragments or
/// compressed. The compiler lets neither the message nor its views out of the callback; ``retain()`` and
/// ``copy()`` keep the bytes by name.
@safe @frozen
public struct WebSocketMessage: ~Copyable, ~Escapable {
    /// Whether it is text or binary.
    public enum Kind: Hashable, Sendable {
        /// Text, whose UTF-8 was checked.
        case text
        /// Bytes of any kind.
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

    /// Whether it is text or binary.
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

/// A message encoded once, to be sent to many: a reference per connection, no copy of large ones.
///
/// Where connections agreed on compression it is compressed once for each size of window among them, when
/// the first one needs it, and the result is shared like the frame itself. A connection that takes its
/// context over begins a new one with the next message of its own.
///
/// ```swift
/// let news = PreparedMessage(text: "hello, all")
/// for remote in members { remote.send(news) }
/// ```
public struct PreparedMessage: Sendable {
    /// Whether the message is text.
    public let isText: Bool
    /// How many bytes the payload has.
    public let count: Int
    /// Whether connections that agreed on compression may be sent the message compressed; on by default. Off
    /// for what mixes secrets with text of somebody else's choice, as its compressed length tells of both.
    public var allowsCompression = true
    /// The whole frame as a server sends it, not compressed: for what sends bytes as they go to the wire,
    /// such as `RetryManager` of `ZCDelivery`.
    public let frame: SharedBytes
    #if Deflate
    /// The same, compressed; nil for what is too short to get smaller.
    package let forms: CompressedForms?
    private static let compressedBytesMin = 32
    #endif

    /// Encodes text once, for any number of receivers.
    public init(text: String) {
        var text = text
        self = text.withBytes { PreparedMessage(isText: true, $0) }
    }

    /// Encodes bytes once, by one copy, for any number of receivers.
    public init(binary bytes: RawSpan) {
        self.init(isText: false, bytes)
    }

    /// Encodes bytes once, for any number of members.
    public init(binary bytes: some Collection<UInt8>) {
        self.init(isText: false, Array(bytes).span.rawBytes)
    }

    /// Prepares a message of bytes that were kept.
    public init(_ bytes: SharedBytes, isText: Bool) {
        self.init(isText: isText, bytes.bytes)
    }

    /// Prepares a message that was received, to be passed on.
    public init(_ message: borrowing WebSocketMessage) {
        self.init(isText: message.isText, message.bytes)
    }

    package init(isText: Bool, _ bytes: RawSpan) {
        self.isText = isText
        count = bytes.byteCount
        frame = FrameHead.frame(first: FrameHead.final | (isText ? 1 : 2), bytes)
        #if Deflate
        forms = bytes.byteCount >= Self.compressedBytesMin ? CompressedForms() : nil
        #endif
    }

    /// Runs `body` with the payload alone.
    package func withPayload<Result>(_ body: (RawSpan) -> Result) -> Result {
        body(frame.bytes.extracting((frame.count - count)..<frame.count))
    }
}
