import Glibc

/// Where a loop reads its time: the kernel's monotonic clock, or a virtual one that a test moves.
public struct MonotonicClock: Sendable {
    private let source: VirtualClock?

    /// The kernel's clock. A reading costs some 20 ns and no system call.
    public static let system = MonotonicClock(source: nil)

    /// A clock that shows what `virtual` was set to.
    public init(virtual: VirtualClock) { source = virtual }

    private init(source: VirtualClock?) { self.source = source }

    /// The time of now. Any thread.
    public func now() -> MonotonicInstant {
        if let source { return source.now }
        var time = timespec()
        // CLOCK_MONOTONIC exists on every Linux; the call has no other reason to fail.
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
