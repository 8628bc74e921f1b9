/// A client's wish to begin a conversation, checked as far as RFC 6455 4.2.1 goes.
public struct UpgradeRequest: Hashable, Sendable {
    /// The request.
    public let head: HTTPRequestHead
    /// The client's key, which the answer has to prove known.
    let key: String
    /// The extensions that the client offers, in order.
    let extensions: [ExtensionOffer]

    /// The request's path.
    public var path: String { head.path }
    /// The request's query, if there is one.
    public var query: String? { head.query }
    /// The header fields.
    public var headers: HTTPHeaders { head.headers }
    /// The page that a browser connects from.
    public var origin: String? { head.headers["Origin"] }
    /// What the client offers to speak, best first.
    public var subprotocols: [String] { head.headers.list(of: "Sec-WebSocket-Protocol") }
}
