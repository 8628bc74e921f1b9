public import ZCNet

/// Why a WebSocket connection did not come about. The handler was not called for it.
///
/// ```swift
/// do {
///     let socket = try await client.connect(to: "ws://127.0.0.1:9000/chat")
/// } catch {
///     if case .refused(let refusal) = error.cause { … refusal.head.status, refusal.bodyText … }
/// }
/// ```
/// Its description reads like `ws://127.0.0.1:9000/chat: the server answered 404 "Not Found"`. It leaves out
/// the URL's query, where tokens often are.
public struct WebSocketConnectError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong. More may be added: a `switch` needs a `default`.
    public enum Cause: Hashable, Sendable {
        /// There is no such request: the URL, a header field or a subprotocol is malformed, or the URL asks
        /// for TLS (`wss`), which the client was not given. Nothing was sent.
        case request(HandshakeError)
        /// No connection to the server: its name cannot be resolved, every address refused, or none answered
        /// in time.
        case unreachable(ConnectError)
        /// The server took the connection and did not answer the handshake in time.
        case timedOut
        /// The server answered with another status than 101.
        case refused(WebSocketRefusal)
        /// The server's answer breaks a rule: a wrong proof, a subprotocol or an extension that was not
        /// offered, a malformed head.
        case handshake(HandshakeError)
        /// The connection ended before the answer was there.
        case closed(CloseReason)
        /// The client is shutting down, or has.
        case stopped
        /// The task that waited was cancelled, or the attempt was.
        case cancelled
    }

    /// Where to, as it was given.
    public let url: String
    /// The kind of failure.
    public let cause: Cause

    /// Says why there is no conversation with the URL.
    public init(url: String, cause: Cause) {
        self.url = url
        self.cause = cause
    }

    /// The URL without its query, and what went wrong.
    public var description: String {
        let place = url.prefix { $0 != "?" }
        let reason =
            switch cause {
            case .request(let error), .handshake(let error): error.description
            case .unreachable(let error): error.description
            case .timedOut: "expected an answer to the handshake in time, got none"
            case .refused(let refusal):
                "the server answered \(refusal.head.status) \(HTTPCharacters.quoted(refusal.head.reason))"
            case .closed(let reason): "expected an answer to the handshake, got the end: \(reason)"
            case .stopped: "the client is shutting down"
            case .cancelled: "cancelled"
            }
        return "\(place): \(reason)"
    }
}

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
