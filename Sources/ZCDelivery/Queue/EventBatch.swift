/// Consecutive events of one key, lent to a handler for the length of a call.
///
/// ```swift
/// queue.handle { batch in
///     var start = 0
///     while start < batch.count {
///         let piece = batch.slice(from: start, maxBytes: 64 << 10)   // at least one event
///         store(piece)
///         start += piece.count
///     }
/// }
/// ```
/// **Ownership.** The queue's; neither the batch nor its views leave the call, the events may be copied out.
///
/// **Complexity.** O(1) to look at, slicing O(events of the slice). Nothing is allocated.
@frozen
public struct EventBatch<Key: Hashable & Sendable, Event: Sendable>: ~Copyable, ~Escapable {
    /// Whose events these are.
    public let key: Key
    /// The events, oldest first. Valid as long as the batch.
    public let events: Span<Event>
    /// What each of them weighs.
    @usableFromInline let sizes: Span<Int>
    /// What they weigh together.
    public let byteCount: Int

    @_lifetime(copy events, copy sizes)
    @inlinable
    init(key: Key, events: Span<Event>, sizes: Span<Int>, byteCount: Int) {
        self.key = key
        self.events = events
        self.sizes = sizes
        self.byteCount = byteCount
    }

    /// How many events there are, at least one.
    @inlinable public var count: Int { events.count }

    /// What one event weighs.
    @inlinable
    public func byteCount(of index: Int) -> Int { sizes[index] }

    /// The longest run of events from `start` on that weighs at most `maxBytes`, but at least one event, so
    /// that a caller who goes on behind it always ends.
    ///
    /// - Precondition: `0 <= start < count`.
    @_lifetime(copy self)
    @inlinable
    public func slice(from start: Int = 0, maxBytes: Int) -> EventBatch<Key, Event> {
        precondition(start >= 0 && start < count, "a slice that begins outside of its batch")
        var end = start + 1
        var bytes = sizes[start]
        while end < count, sizes[end] <= maxBytes &- bytes {
            bytes += sizes[end]
            end += 1
        }
        return EventBatch(
            key: key, events: events.extracting(start..<end), sizes: sizes.extracting(start..<end),
            byteCount: bytes)
    }
}
