/// A server's answer that is not 101: why it does not want the conversation, in its own words.
///
/// **Ownership.** All of it is copies.
public struct WebSocketRefusal: Hashable, Sendable {
    /// The response's head. A redirect's target is in its `Location`; it is not followed.
    public let head: HTTPResponseHead
    /// The body as far as it came, without the framing of chunks, and at most
    /// `WebSocketClient.Configuration.refusalBodyBytesMax` of it. Untrusted.
    public internal(set) var body: [UInt8] = []
    /// Whether there was more of a body, or may have been.
    public internal(set) var isBodyCut = false

    init(head: HTTPResponseHead) { self.head = head }

    /// The body as text; what is no UTF-8 shows as U+FFFD.
    public var bodyText: String { String(decoding: body, as: UTF8.self) }
}
