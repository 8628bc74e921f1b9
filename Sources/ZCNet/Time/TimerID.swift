/// Names an armed timer of one wheel. Stale once the timer was delivered or cancelled; never mistaken for a later one
/// before 4 billion timers have had the same place.
@frozen
public struct TimerID: RawRepresentable, Hashable, Sendable {
    /// Generation and place.
    public let rawValue: UInt64

    /// Wraps a number that came from `rawValue`.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// No timer; cancelling it does nothing.
    @inlinable
    public static var none: TimerID { TimerID(rawValue: 0) }

    @inlinable
    init(node: UInt32, generation: UInt32) {
        self.init(rawValue: UInt64(generation) << 32 | UInt64(node &+ 1))
    }

    /// The node's index; meaningless for `none`, whose wrapped index is beyond every store.
    @inlinable
    var node: UInt32 { UInt32(truncatingIfNeeded: rawValue) &- 1 }

    @inlinable
    var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }
}

/// What a timer carries: a number that tells its owner what is due. Never a closure, which could keep a connection
/// alive for as long as its timer.
@frozen
public struct TimerPayload: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt64

    /// Wraps a number.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}
