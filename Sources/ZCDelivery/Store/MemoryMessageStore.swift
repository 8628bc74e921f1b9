import ZCNet

/// A store in memory: for tests, for messages that may be lost, and as the measure of the others.
///
/// ```swift
/// let store = MemoryMessageStore(bytesMax: 64 << 20)
/// let range = try await store.append(MessageBatch(["hello"]))
/// ```
/// Keeps references to the messages' bytes, so a batch costs a few words and no copy. Any task may call it.
/// Appending is O(messages), reading O(log batches + what is read), truncating O(batches).
public actor MemoryMessageStore: MessageStore {
    private let bytesMax: Int
    private let producersMax: Int
    private var batches: [StoredBatch] = []
    private var byteCount = 0
    private var head: StoreHead

    /// An empty store.
    ///
    /// - Parameters:
    ///   - bytesMax: the most bytes of messages, each counted 64 larger than it is; more is refused as
    ///     `full`.
    ///   - producersMax: how many producers' last batches are remembered.
    ///
    /// - Precondition: both are at least 1.
    public init(bytesMax: Int = 256 << 20, producersMax: Int = 65_536) {
        precondition(bytesMax > 0 && producersMax > 0, "a store without room")
        self.bytesMax = bytesMax
        self.producersMax = producersMax
        head = StoreHead(producersMax: producersMax)
    }

    /// Keeps the messages of a batch behind those that are there.
    public func append(_ batch: MessageBatch) throws(MessageStoreError) -> Range<MessageSequence> {
        switch try head.rule(batch) {
        case .repeated(let range): return range
        case .append(let range):
            let bytes = Self.weight(of: batch)
            guard bytes <= bytesMax - byteCount else {
                throw MessageStoreError(
                    .full, expected: "at most \(bytesMax - byteCount) bytes", got: "\(bytes)")
            }
            byteCount += bytes
            batches.append(StoredBatch(first: range.lowerBound, batch: batch))
            head.record(range, term: batch.term, batch.identity)
            head.settle()
            return range
        }
    }

    /// Whole batches from the one that holds `sequence` on.
    public func read(
        from sequence: MessageSequence, limit: ReadLimit
    ) throws(MessageStoreError) -> [StoredBatch] {
        try head.check(sequence)
        var result: [StoredBatch] = []
        var (messages, bytes) = (0, 0)
        for stored in batches[index(of: sequence)...] {
            let (count, size) = (stored.batch.messages.count, stored.batch.byteCount)
            guard limit.allows(count, size, afterMessages: messages, bytes: bytes) else { break }
            messages += count
            bytes += size
            result.append(stored)
        }
        return result
    }

    /// Removes a message and all behind it.
    public func truncate(from sequence: MessageSequence) throws(MessageStoreError) {
        try head.check(sequence)
        if sequence == head.next { return }
        let index = index(of: sequence)
        guard batches[index].range.lowerBound == sequence else {
            throw MessageStoreError(
                .insideBatch, expected: "\(batches[index].range.lowerBound)", got: "\(sequence)")
        }
        batches.removeSubrange(index...)
        // From the beginning: a producer's last batch may now be an earlier one.
        head = StoreHead(producersMax: producersMax)
        byteCount = 0
        for stored in batches {
            byteCount += Self.weight(of: stored.batch)
            head.record(stored.range, term: stored.batch.term, stored.batch.identity)
            head.settle()
        }
    }

    /// What the store holds.
    public func extent() -> StoreExtent { head.extent }

    private static func weight(of batch: MessageBatch) -> Int {
        batch.byteCount + 64 * (batch.messages.count + 1)
    }

    /// The batch that holds a number, or the end.
    private func index(of sequence: MessageSequence) -> Int {
        var (low, high) = (0, batches.count)
        while low < high {
            let middle = (low + high) / 2
            if batches[middle].range.upperBound <= sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
