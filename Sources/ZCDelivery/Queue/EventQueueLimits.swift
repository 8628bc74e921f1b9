public import ZCNet

/// What an ``EventQueue`` may hold, and how much it hands out at a time.
public struct EventQueueLimits: Hashable, Sendable {
    /// The most events that wait. Why 65,536: some seconds of a busy loop, and at most a few megabytes of
    /// bookkeeping.
    public var eventsMax = 65_536
    /// The most bytes that wait, as the producers state them. Why 64 MiB: what a loop's mailbox may hold too.
    public var bytesMax = 64 << 20
    /// The most events of one key that wait, so that one hot key leaves room for the others; nil for no
    /// limit of its own. Keys are counted in ``keyCells`` cells; two that fall into the same one share it.
    public var perKeyEventsMax: Int? = 16_384
    /// How many counters keys are spread over. Why 4,096: 32 KiB, and few keys meet.
    public var keyCells = 4096
    /// The most events of one batch, which is a key's turn. Why 256: long enough to spread what a batch
    /// costs, short enough for the next key.
    public var batchEventsMax = 256
    /// The most bytes of one batch; an event larger than that comes alone. Why 256 KiB: one large write.
    public var batchBytesMax = 256 << 10

    /// The defaults.
    public init() {}

    /// Checks every setting.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.check("eventsMax", eventsMax, in: 1...1 << 28)
        try ConfigurationError.check("bytesMax", bytesMax, in: 1...1 << 40)
        try ConfigurationError.check("perKeyEventsMax", perKeyEventsMax, in: 1...1 << 28)
        try ConfigurationError.check("keyCells", keyCells, in: 1...1 << 24)
        try ConfigurationError.check("batchEventsMax", batchEventsMax, in: 1...1 << 20)
        try ConfigurationError.check("batchBytesMax", batchBytesMax, in: 1...1 << 30)
    }
}
