/// Names one armed timer of one ``TimingWheel``; a copy that outlives the timer is harmless.
///
/// The id is a place and a generation of that place: once the timer was cancelled or popped the id is stale,
/// and cancelling or re-arming it answers false, also after the place was taken again. A place repeats a
/// generation after two thousand million timers. An id of another wheel is not recognised as such.
///
/// A plain value of eight bytes, any thread may keep it; only the wheel's thread can do something with it.
@frozen
public struct TimerID: Sendable, Hashable, RawRepresentable {
    /// The place in the lower half, its generation in the upper.
    public let rawValue: UInt64

    /// Restores an id from what ``rawValue`` said.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The id of no timer: always stale.
    @inlinable
    public static var none: TimerID { TimerID(rawValue: 0) }

    @inlinable
    init(place: UInt32, generation: UInt32) {
        rawValue = UInt64(generation) << 32 | UInt64(place)
    }

    @inlinable
    var place: UInt32 { UInt32(truncatingIfNeeded: rawValue) }

    @inlinable
    var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }
}
