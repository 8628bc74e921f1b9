import ZCLibC

/// Delays that grow from attempt to attempt, and how one of them is drawn below its bound, so that those who
/// lost the same server do not come back all at once.
package struct Backoff: Hashable, Sendable {
    /// The bound of the delay before the first attempt.
    package var initialDelay: Duration
    /// By how much the bound grows with each attempt.
    package var multiplier: Double
    /// The most that the bound grows to.
    package var delayMax: Duration

    package init(initialDelay: Duration, multiplier: Double, delayMax: Duration) {
        self.initialDelay = initialDelay
        self.multiplier = multiplier
        self.delayMax = delayMax
    }

    /// Checks every setting against its limits.
    package func validate(_ name: String) throws(ConfigurationError) {
        let times = Duration.milliseconds(1)...Duration.seconds(86_400)
        try ConfigurationError.check("\(name).initialDelay", initialDelay, in: times)
        try ConfigurationError.check(
            "\(name).delayMax", delayMax, in: initialDelay...Duration.seconds(86_400))
        guard (1...100).contains(multiplier) else {
            throw ConfigurationError(
                field: "\(name).multiplier", expected: "1 to 100", got: "\(multiplier)")
        }
    }

    /// The longest delay before an attempt; the first is 1.
    ///
    /// - Precondition: `attempt >= 1`.
    package func bound(beforeAttempt attempt: Int) -> Duration {
        precondition(attempt >= 1, "attempts are counted from 1, got \(attempt)")
        let grown = Double(initialDelay.nanoseconds) * pow(multiplier, Double(attempt - 1))
        // What has grown beyond all numbers is as good as the largest.
        return grown < Double(delayMax.nanoseconds) ? .nanoseconds(Int64(grown)) : delayMax
    }

    /// Anything from nothing to the whole bound, each as likely: spreads clients best.
    package func delay(
        beforeAttempt attempt: Int, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        .nanoseconds(Int64.random(in: 0...bound(beforeAttempt: attempt).nanoseconds, using: &generator))
    }
}
