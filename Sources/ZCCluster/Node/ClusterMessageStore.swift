import ZCNet

/// One channel of a cluster as a store of `ZCDelivery`: what an `Acknowledger` appends to on any node, with
/// the channel's own numbers, known before senders are told. Over a `NATSEngine` this is the replicated
/// store.
///
/// ```swift
/// let store = ClusterMessageStore(node, try ChannelName("group:7"))
/// let acknowledger = try Acknowledger<UInt64>(storingIn: store) { answers in tell(answers) }
/// ```
/// **What differs from stores on a disk.** Batches of any producer are known again among its newest 16,
/// where others know the newest alone. `truncate` is refused, as nobody may take back what others have
/// read. A batch with a `position` is refused, as positions are given by the channel's leader; `term` is
/// the leader's too, and what a batch says of it is not looked at.
///
/// **Threads.** Any.
public struct ClusterMessageStore: MessageStore {
    /// Through which it reads and writes.
    public let node: ClusterNode
    /// Names the conversation that is stored and read here.
    public let channel: ChannelName

    /// The store of a channel.
    public init(_ node: ClusterNode, _ channel: ChannelName) {
        self.node = node
        self.channel = channel
    }

    /// Has the channel's leader store a batch, and returns once its record is acknowledged.
    public func append(_ batch: MessageBatch) async throws(MessageStoreError) -> Range<MessageSequence> {
        if let position = batch.position {
            throw MessageStoreError(
                .wrongPosition, expected: "no position, as the leader gives it", got: "\(position)")
        }
        do throws(ClusterError) {
            return try await node.publish(batch.messages, to: channel, identity: batch.identity)
        } catch {
            throw error.ofStore
        }
    }

    /// Whole batches from the one that holds `sequence` on.
    public func read(
        from sequence: MessageSequence, limit: ReadLimit = ReadLimit()
    ) async throws(MessageStoreError) -> [StoredBatch] {
        try await ask { node, answer in node.read(channel, from: sequence, limit: limit, answer: answer) }
    }

    /// Refused, but for the number that is the next to be given.
    public func truncate(from sequence: MessageSequence) async throws(MessageStoreError) {
        let next = try await extent().next
        guard sequence != next else { return }
        throw MessageStoreError(
            .notFound, expected: "\(next), as a channel's log is never cut", got: "\(sequence)")
    }

    /// What the channel has now.
    public func extent() async throws(MessageStoreError) -> StoreExtent {
        let end = try await ask { node, answer in
            node.end(of: channel) { result in
                answer(result.map { StoreExtent(range: .first..<$0.next, term: $0.term) })
            }
        }
        return end
    }

    private func ask<Value: Sendable>(
        _ body: @escaping @Sendable (ClusterNode, @escaping EngineAnswer<Value>) -> Void
    ) async throws(MessageStoreError) -> Value {
        let result: Result<Value, ClusterError> = await awaitedAnswer { answer in
            let isPosted = node.engine.perform { [node] in
                body(node) { answer.give($0) }
            }
            if !isPosted { answer.give(.failure(.ended)) }
        }
        do throws(ClusterError) { return try result.get() } catch { throw error.ofStore }
    }
}

extension ClusterError {
    /// The same in the words of stores.
    var ofStore: MessageStoreError {
        let code: MessageStoreError.Code =
            switch self.code {
            case .tooLarge: .tooLarge
            case .full: .full
            case .stale: .staleBatch
            case .corrupt, .recordsLost, .otherHistory: .corrupt
            case .notFound: .notFound
            case .invalid: .invalidBatch
            case .closed: .closed
            case .unknown: .failed
            case .unavailable, .notLeader: .overloaded
            default: .io
            }
        return MessageStoreError(code, expected: expected, got: got.isEmpty ? "\(self.code)" : got)
    }
}
