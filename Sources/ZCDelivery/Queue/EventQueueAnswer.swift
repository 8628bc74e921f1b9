/// What became of events that were added to an ``EventQueue``: all of a batch share one answer.
@frozen
public enum EventQueueAnswer: Hashable, Sendable {
    /// Accepted; they will be handled, in order for each key.
    case added
    /// Refused: too many events or bytes wait. Slow down, or drop and count.
    case full
    /// Refused: too many events of this key wait. Others would be accepted.
    case keyFull
    /// Refused: more events or bytes at once than the queue may ever hold.
    case tooLarge
    /// Refused: the queue is closed, or the loop that handled it has ended.
    case closed
}
