import ZCNet

/// What other threads ask of a shard of a ``RetryManager``.
enum RetryCommand: Sendable {
    case add(OutstandingMessage)
    case acknowledge(UInt64, ConnectionID)
}
