public import ZCNet

/// What a peer may send: only for connections whose options set a rate.
extension Conversation {
    /// Begins to count what the peer sends.
    func beginRate(_ rate: ReceiveRate) {
        session[].flags.insert(.rationed)
        session[].makeExtra().allowance = ReceiveAllowance(rate, at: base.now)
    }

    /// Charges the peer for what is shown; false when that ends the conversation.
    @usableFromInline
    package func mayReceive(_ shown: Int) -> Bool {
        guard let extra = session[].extra else { return true }
        extra.allowance?.charge(
            shown: shown, received: base.slot[].received, at: base.now)
        guard extra.allowance?.isOverBytes == true, closesOnExcess, !isOver else { return true }
        failForRate("bytes")
        return false
    }

    /// Whether the next message may be looked at. If not, the peer is not read from until it may.
    @usableFromInline
    package func mayLookAtNext() -> Bool {
        guard !closesOnExcess, !isOver, session[].extra?.allowance?.hasMessage == false else { return true }
        pauseForRate()
        return false
    }

    /// Counts what was found; false when it was too much, and ends the conversation.
    @usableFromInline
    package func mayTake(_ step: FrameStep) -> Bool {
        guard step.countsAsMessage, let extra = session[].extra, !isOver else { return true }
        if closesOnExcess && extra.allowance?.hasMessage == false {
            failForRate("messages")
            return false
        }
        extra.allowance?.takeMessage()
        return true
    }

    /// All that was shown is dealt with: bytes beyond the rate are waited for.
    @usableFromInline
    package func settleBytes() {
        if session[].extra?.allowance?.isOverBytes == true && !isOver { pauseForRate() }
    }

    private var closesOnExcess: Bool { withCore { $0.options.receiveRate?.excess == .close } }

    private func pauseForRate() {
        guard let extra = session[].extra, let allowance = extra.allowance else { return }
        withCore { $0.metrics.add(1, to: .ratePauses) }
        base.cancel(allowance.timer)
        extra.allowance?.timer = base.schedule(after: allowance.wait, tag: .receiveRate)
        base.pauseForRate()
    }

    private func failForRate(_ what: String) {
        withCore { $0.metrics.add(1, to: .rateCloses) }
        let rate = withCore { $0.options.receiveRate }
        let most = (what == "bytes" ? rate?.bytesPerSecond : rate?.messagesPerSecond) ?? 0
        fail(WebSocketError(.policyViolation, expected: "at most \(most) \(what) per second", got: "more"))
    }

    /// The peer may send again, or is to be heard in any case.
    func endRatePause() { base.resumeFromRate() }
}

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
    /// What happens to a peer that sends more.
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

    /// Checks that every rate is possible.
    public func validate(_ name: String) throws(ConfigurationError) {
        let range = 1...TokenBucket.most
        try ConfigurationError.check("\(name).messagesPerSecond", messagesPerSecond, in: range)
        try ConfigurationError.check("\(name).messageBurst", messageBurst, in: range)
        try ConfigurationError.check("\(name).bytesPerSecond", bytesPerSecond, in: range)
        try ConfigurationError.check("\(name).byteBurst", byteBurst, in: range)
    }
}

/// What one peer may still send of what its rate grants. Loop thread only.
struct ReceiveAllowance {
    private var messages: TokenBucket?
    private var bytes: TokenBucket?
    /// The connection's count of received bytes that `bytes` has been charged for; nil before the first.
    private var chargedBytes: UInt64?
    /// The timer that ends a pause.
    var timer = TimerID.none

    init(_ rate: ReceiveRate, at now: MonotonicInstant) {
        messages = rate.messagesPerSecond.map {
            TokenBucket(perSecond: $0, burst: rate.messageBurst ?? $0, at: now)
        }
        bytes = rate.bytesPerSecond.map {
            TokenBucket(perSecond: $0, burst: rate.byteBurst ?? $0, at: now)
        }
    }

    /// Charges for what is shown, of which `received` tells how much was not shown before.
    ///
    /// - Parameters:
    ///   - shown: how many bytes are shown, unread ones again.
    ///   - received: the connection's count of received bytes.
    mutating func charge(shown: Int, received: UInt64, at now: MonotonicInstant) {
        messages?.fill(at: now)
        bytes?.fill(at: now)
        // What came before the conversation is not its own: of its first bytes, those shown count.
        let fresh = chargedBytes.map { Int(received - $0) } ?? shown
        chargedBytes = received
        bytes?.take(fresh)
    }

    /// Whether more bytes came than the rate grants.
    var isOverBytes: Bool { bytes?.isInDebt ?? false }

    /// Whether a message may come.
    var hasMessage: Bool { messages?.hasToken ?? true }

    /// A message, or a control frame, came.
    mutating func takeMessage() { messages?.take(1) }

    /// How long until the peer may send again; zero if it may.
    var wait: Duration {
        max(messages?.wait(forToken: true) ?? .zero, bytes?.wait(forToken: false) ?? .zero)
    }
}

/// A rate with a burst: fills at so many tokens per second, up to its burst, and is taken from.
///
/// Whole arithmetic in billionths of a token: at `perSecond` tokens a second, a nanosecond brings exactly
/// `perSecond` of them, so nothing is rounded however long it runs. Pure: the caller brings the time. O(1).
struct TokenBucket {
    /// The largest rate and burst: billionths of them fit a word, with room for as much debt.
    static let most = 1 << 32

    private static let unit: Int64 = 1_000_000_000
    private let perSecond: Int64
    private let capacity: Int64
    private var balance: Int64
    private var filledAt: MonotonicInstant

    /// Full.
    ///
    /// - Precondition: both are 1 to `most`.
    init(perSecond: Int, burst: Int, at now: MonotonicInstant) {
        precondition((1...Self.most).contains(perSecond) && (1...Self.most).contains(burst))
        self.perSecond = Int64(perSecond)
        capacity = Int64(burst) * Self.unit
        balance = capacity
        filledAt = now
    }

    /// Adds what time has brought.
    mutating func fill(at now: MonotonicInstant) {
        let elapsed = max(0, now.nanoseconds - filledAt.nanoseconds)
        filledAt = max(now, filledAt)
        let (gain, isVast) = elapsed.multipliedReportingOverflow(by: perSecond)
        let missing = capacity - balance
        balance = isVast || gain >= missing ? capacity : balance + gain
    }

    /// Whether a whole token is there.
    var hasToken: Bool { balance >= Self.unit }

    /// Whether more was taken than there was.
    var isInDebt: Bool { balance < 0 }

    /// Takes tokens, also those that are not there.
    mutating func take(_ count: Int) {
        // The debt ends at what a bucket can hold, so that the difference of both fits a word.
        let cost = Int64(min(count, Self.most)) * Self.unit
        balance = max(balance - cost, -Int64(Self.most) * Self.unit)
    }

    /// How long until there is a whole token, or only until the debt is paid; zero when it is so.
    func wait(forToken: Bool) -> Duration {
        let missing = (forToken ? Self.unit : 0) - balance
        if missing <= 0 { return .zero }
        return .nanoseconds((missing - 1) / perSecond + 1)
    }
}
