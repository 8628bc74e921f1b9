/// What is left after a visit to an ``EventQueue``.
@frozen
public enum EventQueueProgress: Hashable, Sendable {
    /// Nothing waits; the next event wakes the consumer.
    case idle
    /// Events wait, and nobody will wake the consumer for them: it comes back by itself.
    case more
    /// The queue is closed and everything was handled.
    case ended
}
