public import ZCNet

/// What an ``Acknowledger`` may hold, and how much it appends at a time.
public struct AcknowledgerLimits: Hashable, Sendable {
    /// What may wait to be appended. A key is a channel, or whatever the application orders by.
    public var queue = EventQueueLimits()
    /// The most messages of one append. Why 1,024: enough to make its cost small for each.
    public var batchMessagesMax = 1024
    /// The most bytes of one append, unless one key's turn alone has more.
    public var batchBytesMax = 1 << 20

    /// The defaults.
    public init() {}

    /// Checks every setting.
    public func validate() throws(ConfigurationError) {
        try queue.validate()
        try ConfigurationError.check("batchMessagesMax", batchMessagesMax, in: 1...1 << 20)
        try ConfigurationError.check("batchBytesMax", batchBytesMax, in: 1...1 << 30)
    }
}
