public import ZCNet

/// Messages that are stored together: all of them, with consecutive sequence numbers, or none.
///
/// ```swift
/// var batch = MessageBatch(messages)
/// batch.identity = BatchIdentity(producer: gateway, number: 17)   // safe to append again
/// let range = try await store.append(batch)
/// ```
public struct MessageBatch: Sendable, Equatable {
    /// The messages in their order, at least one. A message may be empty.
    public var messages: [SharedBytes]
    /// The reign in which the batch was made, as replicated stores count them: a store refuses batches of a
    /// term below the highest it has seen. 0 where there is nobody to elect.
    public var term: UInt64 = 0
    /// What makes an append that is repeated harmless; nil for a batch that is stored as often as it comes.
    public var identity: BatchIdentity?
    /// The sequence number that the first message must get, as a replica has it from its leader; nil takes
    /// the next.
    public var position: MessageSequence?

    /// A batch of these messages.
    public init(_ messages: [SharedBytes]) { self.messages = messages }

    /// The bytes of all messages.
    public var byteCount: Int { messages.reduce(0) { $0 + $1.count } }
}
