import Synchronization
public import ZCNet

/// A clock that moves only when it is told to: tests of timeouts neither sleep nor depend on the machine's
/// load.
///
/// ```swift
/// let time = VirtualClock()
/// let clock = MonotonicClock(virtual: time)
/// time.advance(by: .seconds(30))      // clock.now() is 30 seconds later
/// ```
///
/// Any thread may read and advance it; readers see every advance that happened before their read. It never
/// goes back. All operations are O(1) but for contention among those who advance.
public final class VirtualClock: TimeSource {
    private let nanoseconds: Atomic<Int64>

    /// Creates a clock that stands at `now`.
    public init(now: MonotonicInstant = .zero) {
        nanoseconds = Atomic(now.nanoseconds)
    }

    /// Where the clock stands.
    public var now: MonotonicInstant {
        MonotonicInstant(nanoseconds: nanoseconds.load(ordering: .acquiring))
    }

    /// Moves the clock forward by `duration`, saturating; a duration below zero changes nothing.
    public func advance(by duration: Duration) {
        guard duration > .zero else { return }
        var old = nanoseconds.load(ordering: .relaxed)
        while true {
            let new = (MonotonicInstant(nanoseconds: old) + duration).nanoseconds
            let (exchanged, current) = nanoseconds.weakCompareExchange(
                expected: old, desired: new, ordering: .acquiringAndReleasing)
            if exchanged { return }
            old = current
        }
    }

    /// Moves the clock forward to `instant`; one that already passed changes nothing.
    public func advance(to instant: MonotonicInstant) {
        nanoseconds.max(instant.nanoseconds, ordering: .acquiringAndReleasing)
    }
}

extension MonotonicClock {
    /// A clock that shows what `virtual` shows.
    public init(virtual: VirtualClock) { self.init(source: virtual) }
}
