import Synchronization
public import ZCNet

/// When a message that was not acknowledged is sent again, how often, and how many may be outstanding.
///
/// ```swift
/// var policy = RetryPolicy()
/// policy.interval = .seconds(5)
/// policy.backoff = 2               // after 5, 15 and 35 seconds
/// policy.retriesMax = 3            // given up after 75
/// ```
public struct RetryPolicy: Hashable, Sendable {
    /// How long the first acknowledgement may take.
    public var interval = Duration.seconds(10)
    /// What each further wait is multiplied by; 1 keeps the interval.
    public var backoff = 2.0
    /// The longest wait, however often it was multiplied.
    public var intervalMax = Duration.seconds(120)
    /// By which part of itself a wait may vary, so that what was sent together is not sent again together:
    /// 0.1 for up to a tenth longer.
    public var jitter = 0.1
    /// How often a message is sent again before it is given up; 0 gives up when the first wait is over.
    public var retriesMax = 5
    /// The most messages outstanding. Why 1,048,576: about 110 MB of bookkeeping.
    public var outstandingMax = 1 << 20
    /// The most bytes of messages outstanding; bytes that many messages share are counted for each.
    public var outstandingBytesMax = 1 << 30
    /// The precision of waits.
    public var tick = Duration.milliseconds(10)

    /// A policy with the defaults of each setting.
    public init() {}

    /// Checks that every setting is possible.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.check("interval", interval, in: .milliseconds(1) ... .seconds(86_400))
        try ConfigurationError.check("backoff", backoff, in: 1...16)
        try ConfigurationError.check("intervalMax", intervalMax, in: interval ... .seconds(7 * 86_400))
        try ConfigurationError.check("jitter", jitter, in: 0...1)
        try ConfigurationError.check("retriesMax", retriesMax, in: 0...1000)
        try ConfigurationError.check("outstandingMax", outstandingMax, in: 1...1 << 28)
        try ConfigurationError.check("outstandingBytesMax", outstandingBytesMax, in: 1...1 << 50)
    }

    /// The wait after so many retries, before jitter.
    func wait(afterRetries retries: Int) -> Duration {
        var wait = interval
        for _ in 0..<retries where wait < intervalMax { wait = wait * backoff }
        return min(wait, intervalMax)
    }

    /// The waits after 0, 1, 2… retries in nanoseconds, as far as they differ.
    var waits: [Int64] {
        var waits: [Int64] = []
        for retries in 0...retriesMax {
            let wait = self.wait(afterRetries: retries).nanoseconds
            if wait == waits.last { break }
            waits.append(wait)
        }
        return waits
    }
}

/// How much may be outstanding, for all shards of a ``RetryManager`` together. Any thread.
final class RetryAllowance: Sendable {
    private let messagesMax: Int
    private let bytesMax: Int
    private let messages = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)

    init(_ policy: RetryPolicy) {
        messagesMax = policy.outstandingMax
        bytesMax = policy.outstandingBytesMax
    }

    /// Takes room for a message; false when there is none.
    func reserve(_ count: Int) -> Bool {
        guard messages.add(1, ordering: .relaxed).newValue <= messagesMax else {
            messages.subtract(1, ordering: .relaxed)
            return false
        }
        guard bytes.add(count, ordering: .relaxed).newValue <= bytesMax else {
            release(count)
            return false
        }
        return true
    }

    /// Gives a message's room back.
    func release(_ count: Int) {
        messages.subtract(1, ordering: .relaxed)
        bytes.subtract(count, ordering: .relaxed)
    }
}

/// What a ``RetryManager`` does with messages that are due. Any loop's thread calls it.
struct RetryHandling: Sendable {
    let resend: @Sendable (OutstandingMessage, borrowing LoopContext) -> SendResult
    let deadLetter: @Sendable (DeadLetter) -> Void
}
