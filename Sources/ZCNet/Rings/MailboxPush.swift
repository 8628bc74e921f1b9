/// What became of a push.
@frozen
@usableFromInline
package enum MailboxPush: Sendable, Hashable {
    /// Queued, and the consumer must be woken: it does not know yet. Said once per burst.
    case wake
    /// Queued; someone else wakes the consumer, or it is awake.
    case queued
    /// Refused: the count limit is reached. The element is gone.
    case full
    /// Refused: the queue is closed. The element is gone.
    case closed
}
