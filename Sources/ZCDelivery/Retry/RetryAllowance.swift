import Synchronization

/// How much may be outstanding, for all shards of a ``RetryManager`` together. Any thread.
final class RetryAllowance: Sendable {
    private let messagesMax: Int
    private let bytesMax: Int
    private let messages = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)

    init(_ policy: RetryPolicy) {
        messagesMax = policy.outstandingMax
        bytesMax = policy.outstandingBytesMax
    }

    /// Takes room for a message; false when there is none.
    func reserve(_ count: Int) -> Bool {
        guard messages.add(1, ordering: .relaxed).newValue <= messagesMax else {
            messages.subtract(1, ordering: .relaxed)
            return false
        }
        guard bytes.add(count, ordering: .relaxed).newValue <= bytesMax else {
            release(count)
            return false
        }
        return true
    }

    /// Gives a message's room back.
    func release(_ count: Int) {
        messages.subtract(1, ordering: .relaxed)
        bytes.subtract(count, ordering: .relaxed)
    }
}
