/// How much one read of a store brings: as many whole batches as fit, but at least one.
public struct ReadLimit: Hashable, Sendable {
    /// The most messages.
    public var messagesMax = 1024
    /// The most bytes of messages.
    public var bytesMax = 1 << 20

    /// The defaults.
    public init() {}

    /// Other limits.
    public init(messagesMax: Int, bytesMax: Int) {
        self.messagesMax = messagesMax
        self.bytesMax = bytesMax
    }

    /// Whether a batch fits behind what was read already.
    func allows(_ messages: Int, _ bytes: Int, afterMessages: Int, bytes already: Int) -> Bool {
        afterMessages == 0 || (messages <= messagesMax - afterMessages && bytes <= bytesMax - already)
    }
}
