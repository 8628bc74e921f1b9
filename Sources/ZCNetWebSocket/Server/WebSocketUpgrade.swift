public import ZCNet

/// What a conversation began with, given to `onOpen`.
public struct WebSocketUpgrade: Sendable {
    /// The client's request.
    public let request: UpgradeRequest
    /// The subprotocol that was agreed on, if any.
    public let subprotocol: String?
    /// The client's address.
    public let clientAddress: SocketAddress
    /// Whether messages may be compressed.
    public let isCompressed: Bool
}
