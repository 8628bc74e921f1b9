/// A point on a clock that only moves forward, in nanoseconds since the clock's start.
///
/// Instants of different clocks do not compare.
@frozen
public struct MonotonicInstant: Comparable, Hashable, Sendable {
    /// Nanoseconds since the clock's start.
    public var nanoseconds: Int64

    /// The instant so many nanoseconds after the clock's start.
    @inlinable
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The clock's start.
    @inlinable
    public static var zero: MonotonicInstant { MonotonicInstant(nanoseconds: 0) }

    /// Orders by time.
    @inlinable
    public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The instant `duration` later; the farthest there is where the sum would overflow.
    public static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        MonotonicInstant(
            nanoseconds: saturating(instant.nanoseconds.addingReportingOverflow(duration.nanoseconds)))
    }

    /// The instant `duration` earlier; the farthest there is where the difference would overflow.
    public static func - (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        MonotonicInstant(
            nanoseconds: saturating(instant.nanoseconds.subtractingReportingOverflow(duration.nanoseconds)))
    }

    /// The time from `earlier` to `later`.
    public static func - (later: MonotonicInstant, earlier: MonotonicInstant) -> Duration {
        .nanoseconds(saturating(later.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)))
    }

    /// An overflowing sum has the sign opposite to that of its exact value.
    private static func saturating(_ sum: (partialValue: Int64, overflow: Bool)) -> Int64 {
        guard sum.overflow else { return sum.partialValue }
        return sum.partialValue < 0 ? .max : .min
    }
}

extension Duration {
    /// The whole nanoseconds of the duration, saturating at 292 years.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, sumOverflow) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return sumOverflow ? (seconds < 0 ? .min : .max) : sum
    }
}
