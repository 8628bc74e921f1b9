public import ZCNet

/// What a conversation began with, given to `onOpen`.
public struct WebSocketUpgrade: Sendable {
    /// The client's request.
    public let request: UpgradeRequest
    /// The subprotocol that was agreed on, if any.
    public let subprotocol: String?
    /// Whether messages may be compressed.
    public let isCompressed: Bool
    /// The server's answer, with the header fields that it set; nil at a server.
    public let response: HTTPResponseHead?

    init(
        request: UpgradeRequest, subprotocol: String?, isCompressed: Bool, response: HTTPResponseHead? = nil
    ) {
        self.request = request
        self.subprotocol = subprotocol
        self.isCompressed = isCompressed
        self.response = response
    }

    /// The client's real address: what the trusted proxies in between tell, else ``peerAddress``. The port is
    /// 0 where a proxy tells none. At a client its own.
    public var remoteAddress: SocketAddress { request.remoteAddress }
    /// Who is at the other end of the TCP connection: the client, or the last proxy. At a client its own.
    public var peerAddress: SocketAddress { request.peerAddress }
    /// What secures the connection to whoever is at its other end; nil in the clear.
    public var security: NegotiatedSecurity? { request.head.security }
}
