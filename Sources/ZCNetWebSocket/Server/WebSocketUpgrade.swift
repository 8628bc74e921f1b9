public import ZCNet

/// What a conversation began with, given to `onOpen`.
public struct WebSocketUpgrade: Sendable {
    /// The client's request.
    public let request: UpgradeRequest
    /// The subprotocol that was agreed on, if any.
    public let subprotocol: String?
    /// The client's address; at a client its own.
    public let clientAddress: SocketAddress
    /// Whether messages may be compressed.
    public let isCompressed: Bool
    /// The server's answer, with the header fields that it set; nil at a server.
    public let response: HTTPResponseHead?

    init(
        request: UpgradeRequest, subprotocol: String?, clientAddress: SocketAddress, isCompressed: Bool,
        response: HTTPResponseHead? = nil
    ) {
        self.request = request
        self.subprotocol = subprotocol
        self.clientAddress = clientAddress
        self.isCompressed = isCompressed
        self.response = response
    }
}
