/// A response without its body, as a client sees it, checked by the rules of RFC 9112.
///
/// **Ownership.** All of it is copies: a head may be kept and sent to other threads.
public struct HTTPResponseHead: Hashable, Sendable {
    /// Such as 101.
    public let status: Int
    /// What the server calls the status; it may be empty, and means nothing.
    public let reason: String
    /// The minor version of HTTP/1: 0 or 1.
    public let minorVersion: Int
    /// The header fields.
    public let headers: HTTPHeaders
    /// Where the response ends, behind its head.
    package let framing: MessageFraming

    package init(
        status: Int, reason: String = "", minorVersion: Int = 1, headers: HTTPHeaders = HTTPHeaders(),
        framing: MessageFraming = .none
    ) {
        self.framing = framing
        self.status = status
        self.reason = reason
        self.minorVersion = minorVersion
        self.headers = headers
    }

    /// `HTTP/1.1` or `HTTP/1.0`.
    public var version: String { "HTTP/1.\(minorVersion)" }
}
