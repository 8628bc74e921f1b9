public import ZCNet

/// What a conversation began with, given to `onOpen`.
public struct WebSocketUpgrade: Sendable {
    /// The client's request.
    public let request: UpgradeRequest
    /// The subprotocol that was agreed on, if any.
    public let subprotocol: String?
    /// Whether messages may be compressed.
    public let isCompressed: Bool

    /// The client's real address: what the trusted proxies in between tell, else ``peerAddress``. The port is
    /// 0 where a proxy tells none.
    public var remoteAddress: SocketAddress { request.remoteAddress }
    /// Who is at the other end of the TCP connection: the client, or the last proxy.
    public var peerAddress: SocketAddress { request.peerAddress }
}
