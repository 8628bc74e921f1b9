import ZCLibC

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

/// Where a loop reads the time: the system's monotonic clock, or another's in tests.
///
/// ```swift
/// let started = MonotonicClock.system.now()
/// ```
///
/// A value that any thread may use. Reading the system's clock costs some tens of nanoseconds and no switch
/// to the kernel; loops read it once per turn and hand the instant on.
public struct MonotonicClock: Sendable {
    private let source: (any TimeSource)?

    /// The system's `CLOCK_MONOTONIC`: it neither steps when the wall clock is set nor runs while the machine
    /// sleeps.
    public static let system = MonotonicClock(source: nil)

    /// A clock that shows what a source shows; nil is the system.
    package init(source: (any TimeSource)?) { self.source = source }

    /// The time now; never less than an earlier answer of the same clock.
    public func now() -> MonotonicInstant {
        if let source { return source.now }
        let time = SystemCalls.time(of: CLOCK_MONOTONIC)
        return MonotonicInstant(nanoseconds: time.seconds * 1_000_000_000 + time.nanoseconds)
    }

    /// What the wall clock shows: seconds since the beginning of 1970 in UTC, and nanoseconds into the
    /// second. It may be set, forward or back. A source's began with the year 2000.
    package var wallTime: (seconds: Int64, nanoseconds: Int64) {
        if let source {
            let nanoseconds = source.now.nanoseconds
            return (946_684_800 + nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000)
        }
        return SystemCalls.time(of: CLOCK_REALTIME)
    }
}

/// A time that is not the system's.
package protocol TimeSource: AnyObject, Sendable {
    /// The time now; never less than an earlier answer.
    var now: MonotonicInstant { get }
}

extension Duration {
    /// The duration in whole nanoseconds, cut towards zero; about 292 years either way are the most.
    @usableFromInline
    package var nanoseconds: Int64 {
        // Why: dividing 128 bits is a call into the runtime; nearly all timeouts fit the one instruction.
        if let short = Int64(exactly: attoseconds) { return short / 1_000_000_000 }
        return Int64(clamping: attoseconds / 1_000_000_000)
    }
}
