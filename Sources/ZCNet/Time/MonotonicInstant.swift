/// A point in time on the clock that never steps back: nanoseconds since an arbitrary start, usually that of
/// the machine.
///
/// ```swift
/// let deadline = clock.now() + .seconds(30)
/// let left = deadline - clock.now()
/// ```
///
/// Instants are plain values: any thread may use them, every operation is O(1), and none allocates. They mean
/// nothing on another machine or after a restart.
///
/// Arithmetic saturates about 292 years from the start, so `now + .seconds(Int64.max)` is a deadline that
/// never comes rather than a trap.
@frozen
public struct MonotonicInstant: Comparable, Sendable, Hashable {
    /// Nanoseconds since the start of the clock.
    public var nanoseconds: Int64

    /// The instant so many nanoseconds after the start of the clock.
    @inlinable
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The start of the clock.
    @inlinable
    public static var zero: MonotonicInstant { MonotonicInstant(nanoseconds: 0) }

    /// Whether the first instant comes before the second.
    @inlinable
    public static func < (earlier: MonotonicInstant, later: MonotonicInstant) -> Bool {
        earlier.nanoseconds < later.nanoseconds
    }

    /// The instant `duration` later, or the last one there is.
    @inlinable
    public static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        instant.later(byNanoseconds: duration.nanoseconds)
    }

    /// The instant so many nanoseconds later, or the last one there is: for who has divided a duration
    /// beforehand.
    @inlinable
    package func later(byNanoseconds step: Int64) -> MonotonicInstant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(step)
        guard overflow else { return MonotonicInstant(nanoseconds: sum) }
        return MonotonicInstant(nanoseconds: step > 0 ? .max : .min)
    }

    /// The instant `duration` earlier, or the first one there is.
    @inlinable
    public static func - (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        let step = duration.nanoseconds
        let (difference, overflow) = instant.nanoseconds.subtractingReportingOverflow(step)
        guard overflow else { return MonotonicInstant(nanoseconds: difference) }
        return MonotonicInstant(nanoseconds: step > 0 ? .min : .max)
    }

    /// The time from `earlier` to `later`, exact; negative when they come the other way round.
    @inlinable
    public static func - (later: MonotonicInstant, earlier: MonotonicInstant) -> Duration {
        let (difference, overflow) = later.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        guard overflow else { return .nanoseconds(difference) }
        return .nanoseconds(later.nanoseconds) - .nanoseconds(earlier.nanoseconds)
    }
}
