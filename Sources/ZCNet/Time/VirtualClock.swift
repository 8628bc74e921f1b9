import Synchronization

/// Time that stands still until it is moved: for simulations and tests.
///
/// Any thread may read and move it; it never goes back.
public final class VirtualClock: Sendable {
    private let nanoseconds: Atomic<Int64>

    /// A clock that shows `start`.
    public init(start: MonotonicInstant = .zero) { nanoseconds = Atomic(start.nanoseconds) }

    /// What the clock shows.
    public var now: MonotonicInstant { MonotonicInstant(nanoseconds: nanoseconds.load(ordering: .acquiring)) }

    /// Moves the clock forward by `duration`.
    ///
    /// - Precondition: `duration` is not negative.
    public func advance(by duration: Duration) {
        precondition(duration >= .zero, "time does not go back")
        nanoseconds.wrappingAdd(duration.nanoseconds, ordering: .releasing)
    }

    /// Moves the clock forward to `instant`; one that has passed leaves it as it is.
    public func advance(to instant: MonotonicInstant) {
        nanoseconds.max(instant.nanoseconds, ordering: .releasing)
    }
}
