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
    /// The key that all of these events share, such as a connection or a channel.
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

/// An event on its way into an ``EventQueue``: whose turn it waits for, and how much it weighs.
public struct QueuedEvent<Key: Hashable & Sendable, Event: Sendable>: Sendable {
    /// Whose order the event keeps: a user, a channel, a connection.
    public var key: Key
    /// What is handed to the handler. The queue owns it until then.
    public var event: Event
    /// What it counts against limits in bytes: the producer's word, at least 0.
    public var byteCount: Int

    /// Makes an event that counts so many bytes against the queue's limit.
    ///
    /// - Precondition: `byteCount >= 0`.
    public init(key: Key, event: Event, byteCount: Int) {
        precondition(byteCount >= 0, "a negative number of bytes")
        self.key = key
        self.event = event
        self.byteCount = byteCount
    }
}

/// What one push brings into the mailbox of an ``EventQueue``.
enum EventBurst<Key: Hashable & Sendable, Event: Sendable>: Sendable {
    case one(QueuedEvent<Key, Event>)
    case many([QueuedEvent<Key, Event>])
}
