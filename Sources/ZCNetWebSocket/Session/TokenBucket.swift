import ZCNet

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
