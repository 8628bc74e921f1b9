public import ZCNet

/// A batch as a store gives it back: whole, so that a replica can store it as it was.
public struct StoredBatch: Sendable, Equatable {
    /// The sequence numbers of its messages.
    public let range: Range<MessageSequence>
    /// The batch, with its position.
    public let batch: MessageBatch

    /// A batch and the number of its first message.
    public init(first: MessageSequence, batch: MessageBatch) {
        range = first..<first + batch.messages.count
        var batch = batch
        batch.position = first
        self.batch = batch
    }

    /// A message of the batch; nil for a number outside of it.
    public subscript(sequence: MessageSequence) -> SharedBytes? {
        guard range.contains(sequence) else { return nil }
        return batch.messages[Int(sequence.rawValue - range.lowerBound.rawValue)]
    }
}
