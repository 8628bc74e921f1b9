import ZCNet

/// Batches that are written and made durable together, and those who wait for that. The store's thread only.
struct CommitGroup: ~Copyable {
    private let log: SegmentLog
    private let figures: DeliveryFigures
    private var waiting: [(range: Range<MessageSequence>, answer: StoreJob.Answer<Range<MessageSequence>>)] =
        []
    /// Of those, what counts once the group is durable.
    private var (batches, messages, bytes, repeated) = (0, 0, 0, 0)

    init(log: SegmentLog, figures: DeliveryFigures) {
        self.log = log
        self.figures = figures
    }

    /// Takes a batch on; commits when the group is large enough.
    mutating func add(
        _ batch: MessageBatch, _ byteCount: Int, _ answer: StoreJob.Answer<Range<MessageSequence>>
    ) {
        do throws(MessageStoreError) {
            switch try log.stage(batch) {
            case .append(let range):
                waiting.append((range, answer))
                batches += 1
                messages += batch.messages.count
                bytes += byteCount
            case .repeated(let range):
                // With the others: what it repeats may be in this very group.
                waiting.append((range, answer))
                repeated += 1
            }
        } catch {
            figures.add(1, to: .failedBatches)
            answer.give(.failure(error))
        }
        if log.stagedBytes >= log.options.groupBytesMax { commit() }
    }

    /// Makes the group durable and answers everybody who waits for it.
    mutating func commit() {
        guard !waiting.isEmpty else { return }
        let before = log.commits
        do throws(MessageStoreError) {
            try log.commit()
            figures.add(log.commits - before, to: .groupCommits)
            figures.add(batches, to: .storedBatches)
            figures.add(messages, to: .storedMessages)
            figures.add(bytes, to: .storedBytes)
            figures.add(repeated, to: .repeatedBatches)
            for waiter in waiting { waiter.answer.give(.success(waiter.range)) }
        } catch {
            figures.add(waiting.count, to: .failedBatches)
            for waiter in waiting { waiter.answer.give(.failure(error)) }
        }
        waiting.removeAll(keepingCapacity: true)
        (batches, messages, bytes, repeated) = (0, 0, 0, 0)
    }
}

/// What callers ask of a ``FileMessageStore``'s thread, and how they are answered.
enum StoreJob: Sendable {
    typealias Answer<Value: Sendable> = AwaitedAnswer<Result<Value, MessageStoreError>>

    case append(MessageBatch, bytes: Int, Answer<Range<MessageSequence>>)
    case read(MessageSequence, ReadLimit, Answer<[StoredBatch]>)
    case truncate(MessageSequence, Answer<Void>)
    case release(MessageSequence, Answer<Void>)
    case extent(Answer<StoreExtent>)
    case close(Answer<Void>)

    /// Answers that the job will not be done.
    func refuse(_ error: MessageStoreError) {
        switch self {
        case .append(_, _, let answer): answer.give(.failure(error))
        case .read(_, _, let answer): answer.give(.failure(error))
        case .truncate(_, let answer), .release(_, let answer), .close(let answer):
            answer.give(.failure(error))
        case .extent(let answer): answer.give(.failure(error))
        }
    }
}
