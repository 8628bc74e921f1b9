public import ZCNet

/// When and how often a lost connection is tried again: delays that grow from attempt to attempt, drawn at
/// random so that the clients of a server that failed do not come back all at once.
///
/// ```swift
/// var policy = ReconnectPolicy()
/// policy.delayMax = .seconds(10)
/// policy.attemptsMax = 20
/// policy.reconnects = { $0.isTemporary || $0 == .closed(…) }
/// ```
public struct ReconnectPolicy: Sendable {
    /// How a delay is drawn.
    public enum Jitter: Hashable, Sendable {
        /// Anything from nothing to the whole delay, each as likely: spreads clients best.
        case full
        /// The whole delay, always.
        case none
    }

    /// The bound of the delay before the first attempt. Half a second is short for a restart, and long for a
    /// network that blinked.
    public var initialDelay: Duration = .milliseconds(500)
    /// By how much the bound grows with each attempt.
    public var multiplier = 2.0
    /// The most that the bound grows to. Half a minute keeps an outage of hours cheap, and its end soon seen.
    public var delayMax: Duration = .seconds(30)
    /// How the delay is drawn from below the bound.
    public var jitter = Jitter.full
    /// How many attempts in a row may fail, not counting the very first one; nil (the default) sets no limit.
    public var attemptsMax: Int?
    /// A connection that has lived so long counts as a success, and the delays begin anew. One that is
    /// accepted and ended at once, again and again, is an outage too.
    public var stableAfter: Duration = .seconds(10)
    /// Whether another attempt is made after an interruption. Called on the loop, or where an attempt fails.
    public var reconnects: @Sendable (WebSocketInterruption) -> Bool = { $0.isTemporary }

    /// The defaults.
    public init() {}

    /// Checks every setting against its limits.
    public func validate(_ name: String = "policy") throws(ConfigurationError) {
        try backoff.validate(name)
        try ConfigurationError.check("\(name).stableAfter", stableAfter, in: .zero...Duration.seconds(86_400))
        try ConfigurationError.check("\(name).attemptsMax", attemptsMax, in: 0...1 << 30)
    }

    private var backoff: Backoff {
        Backoff(initialDelay: initialDelay, multiplier: multiplier, delayMax: delayMax)
    }

    /// The longest delay before an attempt; the first is 1.
    ///
    /// - Precondition: `attempt >= 1`.
    public func delayBound(beforeAttempt attempt: Int) -> Duration {
        backoff.bound(beforeAttempt: attempt)
    }

    /// The delay before an attempt, drawn below its bound.
    public func delay(
        beforeAttempt attempt: Int, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        switch jitter {
        case .none: delayBound(beforeAttempt: attempt)
        case .full: backoff.delay(beforeAttempt: attempt, using: &generator)
        }
    }
}
