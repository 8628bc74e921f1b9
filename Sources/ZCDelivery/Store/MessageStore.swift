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
