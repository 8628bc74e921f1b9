/// An event on its way into an ``EventQueue``: whose turn it waits for, and how much it weighs.
public struct QueuedEvent<Key: Hashable & Sendable, Event: Sendable>: Sendable {
    /// Whose order the event keeps: a user, a channel, a connection.
    public var key: Key
    /// What is handed to the handler. The queue owns it until then.
    public var event: Event
    /// What it counts against limits in bytes: the producer's word, at least 0.
    public var byteCount: Int

    /// An event of a key.
    ///
    /// - Precondition: `byteCount >= 0`.
    public init(key: Key, event: Event, byteCount: Int) {
        precondition(byteCount >= 0, "a negative number of bytes")
        self.key = key
        self.event = event
        self.byteCount = byteCount
    }
}
