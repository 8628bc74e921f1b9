import ZCNet

/// What callers ask of a ``FileMessageStore``'s thread, and how they are answered.
enum StoreJob: Sendable {
    typealias Answer<Value: Sendable> = CheckedContinuation<Result<Value, MessageStoreError>, Never>

    case append(MessageBatch, bytes: Int, Answer<Range<MessageSequence>>)
    case read(MessageSequence, ReadLimit, Answer<[StoredBatch]>)
    case truncate(MessageSequence, Answer<Void>)
    case release(MessageSequence, Answer<Void>)
    case extent(Answer<StoreExtent>)
    case close(Answer<Void>)

    /// Answers that the job will not be done.
    func refuse(_ error: MessageStoreError) {
        switch self {
        case .append(_, _, let answer): answer.resume(returning: .failure(error))
        case .read(_, _, let answer): answer.resume(returning: .failure(error))
        case .truncate(_, let answer), .release(_, let answer), .close(let answer):
            answer.resume(returning: .failure(error))
        case .extent(let answer): answer.resume(returning: .failure(error))
        }
    }
}
