public import ZCNet

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
    /// The payload's length.
    public let count: Int
    /// Whether connections that agreed on compression may be sent the message compressed; on by default. Off
    /// for what mixes secrets with text of somebody else's choice, as its compressed length tells of both.
    public var allowsCompression = true
    /// The whole frame of a server.
    package let frame: SharedBytes
    #if Deflate
    /// The same, compressed; nil for what is too short to get smaller.
    package let forms: CompressedForms?
    private static let compressedBytesMin = 32
    #endif

    /// Prepares text.
    public init(text: String) {
        var text = text
        self = text.withBytes { PreparedMessage(isText: true, $0) }
    }

    /// Prepares a binary message.
    public init(binary bytes: RawSpan) {
        self.init(isText: false, bytes)
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
