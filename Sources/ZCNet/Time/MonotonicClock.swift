import ZCLibC

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
