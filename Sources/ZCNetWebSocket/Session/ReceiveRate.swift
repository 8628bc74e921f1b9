public import ZCNet

/// How much a peer may send on average: token buckets for messages and for bytes.
///
/// ```swift
/// options.receiveRate = ReceiveRate(messagesPerSecond: 20, messageBurst: 100)
/// ```
/// A bucket begins full with its burst and fills at its rate. Pings, pongs and messages take one token each,
/// a message in fragments one in all; bytes are those of the connection, frame heads included. The arithmetic
/// is exact: over any time a peer gets its burst and what the rate gives, not a message more; of bytes, one
/// reception more, which is then owed.
///
/// **Cost.** No timer while the peer keeps to its rate, one per pause. Nothing at all where no rate is set.
public struct ReceiveRate: Hashable, Sendable {
    /// What happens to a peer that sends more.
    public enum Excess: Hashable, Sendable {
        /// It is not read from until it may send again: TCP makes it wait. Nothing is lost, but its close
        /// frame and its answers to pings wait as well.
        case pause
        /// The connection is closed with 1008.
        case close
    }

    /// Messages per second; nil sets no limit.
    public var messagesPerSecond: Int?
    /// Messages at once; nil takes what one second gives.
    public var messageBurst: Int?
    /// Bytes per second; nil sets no limit.
    public var bytesPerSecond: Int?
    /// Bytes at once; nil takes what one second gives.
    public var byteBurst: Int?
    /// What happens beyond.
    public var excess: Excess

    /// Limits messages, bytes, or both.
    public init(
        messagesPerSecond: Int? = nil, messageBurst: Int? = nil, bytesPerSecond: Int? = nil,
        byteBurst: Int? = nil, excess: Excess = .pause
    ) {
        self.messagesPerSecond = messagesPerSecond
        self.messageBurst = messageBurst
        self.bytesPerSecond = bytesPerSecond
        self.byteBurst = byteBurst
        self.excess = excess
    }

    /// Checks every rate.
    public func validate(_ name: String) throws(ConfigurationError) {
        let range = 1...TokenBucket.most
        try ConfigurationError.check("\(name).messagesPerSecond", messagesPerSecond, in: range)
        try ConfigurationError.check("\(name).messageBurst", messageBurst, in: range)
        try ConfigurationError.check("\(name).bytesPerSecond", bytesPerSecond, in: range)
        try ConfigurationError.check("\(name).byteBurst", byteBurst, in: range)
    }
}
