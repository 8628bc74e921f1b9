// What lies between accepting a message and knowing that it arrived: queue, store, acknowledgements and
// retries.
@_exported import ZCNet

/// Where messages are kept in an order that everybody agrees on: what an ``Acknowledger`` appends to before
/// senders are told that their messages are safe.
///
/// ```swift
/// let range = try await store.append(MessageBatch(messages))
/// let batches = try await store.read(from: range.lowerBound, limit: ReadLimit())
/// ```
/// A store is one log with one sequence. Channels that are to have sequences of their own have stores of
/// their own, or share one and tell themselves apart by what their messages say.
///
/// **The promise of `append`.** When it returns, the whole batch is as safe as the store makes it, with
/// consecutive numbers in the batch's order. When it throws, nothing was stored, except for the code
/// ``MessageStoreError/Code/failed``, after which it is not known: append again with the same
/// ``BatchIdentity``, and it is stored once. Appends by one task, one after the other, keep their order.
///
/// **Made for replication.** A replicated store implements the same protocol: `term` refuses batches of a
/// deposed leader, `position` makes a replica's append fail unless it continues its log exactly, `read`
/// gives batches back whole, and `truncate` takes back what the new leader does not have.
///
/// **Threads.** Any. No method may block the calling thread for longer than a lock is held; stores that wait
/// for disks or networks suspend.
public protocol MessageStore: Sendable {
    /// Stores a batch behind all others, whole, and answers which numbers its messages got.
    func append(_ batch: MessageBatch) async throws(MessageStoreError) -> Range<MessageSequence>

    /// Whole batches from the one that holds `sequence` on, oldest first; nothing when `sequence` is the next
    /// to be given.
    func read(
        from sequence: MessageSequence, limit: ReadLimit
    ) async throws(MessageStoreError) -> [StoredBatch]

    /// Removes the message of this number and all behind it, for good. The number must begin a batch or be
    /// the next to be given.
    func truncate(from sequence: MessageSequence) async throws(MessageStoreError)

    /// What the store holds now.
    func extent() async throws(MessageStoreError) -> StoreExtent
}

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

    /// Gathers messages that are stored together or not at all.
    public init(_ messages: [SharedBytes]) { self.messages = messages }

    /// The bytes of all messages.
    public var byteCount: Int { messages.reduce(0) { $0 + $1.count } }
}

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

/// A message's number in its store: 1 for the first ever, one more for each that follows, never used twice
/// but after ``MessageStore/truncate(from:)``.
///
/// ```swift
/// let range = try await store.append(MessageBatch(messages))
/// let numberOfThird = range.lowerBound + 2
/// ```
@frozen
public struct MessageSequence: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number: 1 for the first message of a store.
    public let rawValue: UInt64

    /// Makes a sequence of a number that is known already.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The number of a store's first message.
    @inlinable
    public static var first: MessageSequence { MessageSequence(rawValue: 1) }

    /// The number so many messages later, or the last one there is.
    ///
    /// - Precondition: `count >= 0`.
    @inlinable
    public static func + (sequence: MessageSequence, count: Int) -> MessageSequence {
        precondition(count >= 0, "sequence numbers are counted forward")
        let (sum, overflow) = sequence.rawValue.addingReportingOverflow(UInt64(count))
        return MessageSequence(rawValue: overflow ? .max : sum)
    }

    /// Whether the first was stored before the second.
    @inlinable
    public static func < (left: MessageSequence, right: MessageSequence) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The number, in decimal.
    public var description: String { "\(rawValue)" }
}

/// What makes a batch recognisable when it is appended again, because its producer does not know whether it
/// was stored.
///
/// A store remembers the last batch of each producer. The same number again is answered with the sequence
/// numbers that the batch got then, and stores nothing.
public struct BatchIdentity: Hashable, Sendable {
    /// Who produces: any number, best a random one for each start of a process.
    public var producer: UInt64
    /// The producer's count of its batches, from 1 on, growing; gaps do no harm.
    public var number: UInt64

    /// Names one batch, by which a store recognises a repetition.
    public init(producer: UInt64, number: UInt64) {
        self.producer = producer
        self.number = number
    }
}

/// How much one read of a store brings: as many whole batches as fit, but at least one.
public struct ReadLimit: Hashable, Sendable {
    /// The most messages that one reading returns.
    public var messagesMax = 1024
    /// The most bytes of messages.
    public var bytesMax = 1 << 20

    /// Limits with the defaults of each setting.
    public init() {}

    /// Limits with these settings.
    public init(messagesMax: Int, bytesMax: Int) {
        self.messagesMax = messagesMax
        self.bytesMax = bytesMax
    }

    /// Whether a batch fits behind what was read already.
    func allows(_ messages: Int, _ bytes: Int, afterMessages: Int, bytes already: Int) -> Bool {
        afterMessages == 0 || (messages <= messagesMax - afterMessages && bytes <= bytesMax - already)
    }
}
