/// One timer in the ``TimerStore``, or a free place for one: 32 bytes, so that two share a cache line.
@frozen
@usableFromInline
struct TimerNode: BitwiseCopyable {
    /// The end of a list.
    @inlinable
    static var noPlace: UInt32 { .max }

    /// What is handed back on expiry.
    @usableFromInline var payload: TimerPayload
    /// The first tick at which the timer may fire.
    @usableFromInline var tick: UInt64
    /// The neighbours in the list; a free place uses only `next`.
    @usableFromInline var next: UInt32
    @usableFromInline var previous: UInt32
    /// Odd while armed, even while free: no id of a free place can be valid.
    @usableFromInline var generation: UInt32
    /// The list that holds the timer.
    @usableFromInline var list: UInt16

    /// A place that was never used.
    @inlinable
    init() {
        payload = TimerPayload(rawValue: 0)
        tick = 0
        next = Self.noPlace
        previous = Self.noPlace
        generation = 0
        list = 0
    }
}
