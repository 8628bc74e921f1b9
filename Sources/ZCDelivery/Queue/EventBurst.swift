/// What one push brings into the mailbox of an ``EventQueue``.
enum EventBurst<Key: Hashable & Sendable, Event: Sendable>: Sendable {
    case one(QueuedEvent<Key, Event>)
    case many([QueuedEvent<Key, Event>])
}
