public import ZCNet

/// A client's wish to begin a conversation, which keeps the rules of RFC 6455 4.2.1 and comes from a page
/// that may ask.
///
/// **Ownership.** All of it is copies: a request may be kept and sent to other threads.
public struct UpgradeRequest: Hashable, Sendable {
    /// The request.
    public package(set) var head: HTTPRequestHead
    /// The subprotocols that the client would speak, best first, each once.
    public let subprotocols: [String]
    /// The extensions that the client offers, best first.
    public let extensions: [ExtensionOffer]
    /// What the answer has to prove known.
    package let key: WebSocketKey

    package init(
        head: HTTPRequestHead, key: WebSocketKey, subprotocols: [String] = [],
        extensions: [ExtensionOffer] = []
    ) {
        self.head = head
        self.key = key
        self.subprotocols = subprotocols
        self.extensions = extensions
    }

    /// The client's real address: what the trusted proxies in between tell, else ``peerAddress``.
    public var remoteAddress: SocketAddress { head.remoteAddress }
    /// Who is at the other end of the TCP connection: the client, or the last proxy.
    public var peerAddress: SocketAddress { head.peerAddress }
    /// The request's path as it was sent, without the query.
    public var path: String { head.path }
    /// The request's query as it was sent, if there is one.
    public var query: String? { head.query }
    /// The header fields.
    public var headers: HTTPHeaders { head.headers }
    /// Whom the request is for, such as `example.org:8080`.
    public var host: String? { head.host }
    /// Where the page comes from that a browser connects for; nil for other clients.
    public var origin: String? { head.headers["Origin"] }

    /// The first of the server's subprotocols, best first, that the client offers; nil when there is none.
    public func firstSubprotocol(of preferred: [String]) -> String? {
        let offered = Set(subprotocols)
        return preferred.first { offered.contains($0) }
    }
}
