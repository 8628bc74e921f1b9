/// What the consumer of an ``EventQueue`` works with.
struct EventTurns<Key: Hashable & Sendable, Event: Sendable>: ~Copyable {
    var turns = KeyedTurns<Key, Event>()
    /// The batch being handed out, kept for its memory.
    var events: [Event] = []
    var sizes: [Int] = []
}
