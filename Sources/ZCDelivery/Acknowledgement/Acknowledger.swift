public import ZCNet

/// Tells senders that their messages are safe, apart from handling them: messages are stored in batches, and
/// acknowledged with the sequence numbers that the store gave.
///
/// ```swift
/// let acknowledger = try Acknowledger(storingIn: store) { answers in
///     for answer in answers { tell(answer.sender, answer) }
/// }
/// Task { await acknowledger.run() }
/// // on a loop, for each message that comes
/// acknowledger.submit(SubmittedMessage(from: peer.id, reference: 5, bytes: body), key: channel)
/// ```
/// **Order.** Messages of a key are stored and acknowledged in the order in which they were submitted. Keys
/// take turns, as in an ``EventQueue``, so a busy channel does not hold up the others. One append is under
/// way at a time; what comes meanwhile makes up the next.
///
/// **Promise.** Every message that was accepted is answered exactly once: with its number after the store
/// said that it is safe, or with the store's error. Unless `run` is cancelled: then what waits is answered
/// `closed`.
///
/// **Threads.** `submit` and `close` from any. The rest happens in the task that the application gives to
/// ``run()``, the answers' closure included.
///
/// **Complexity.** O(1) per message; an allocation per submission, and a few per append.
///
/// **Limits.** ``AcknowledgerLimits``. What exceeds them is refused at once, with the reason.
public final class Acknowledger<Key: Hashable & Sendable>: Sendable {
    private let limits: AcknowledgerLimits
    private let store: any MessageStore
    private let queue: EventQueue<Key, SubmittedMessage>
    private let signal: TaskSignal
    private let figures = DeliveryFigures()
    private let answer: @Sendable ([Acknowledgement]) -> Void
    /// What makes appends of this acknowledger recognisable.
    private let identity: @Sendable (UInt64) -> BatchIdentity?

    /// An acknowledger that stores in `store`.
    ///
    /// - Parameters:
    ///   - store: where messages are kept.
    ///   - limits: what may wait, and how much is appended at a time.
    ///   - producer: this acknowledger's number among all that append to the store, which makes its appends
    ///     recognisable; must be another one each time the program starts. Nil draws one at random.
    ///   - answer: is given the answers to one append, in order; for senders of any loop. Should be short.
    public init(
        storingIn store: any MessageStore, limits: AcknowledgerLimits = AcknowledgerLimits(),
        producer: UInt64? = nil, answer: @escaping @Sendable ([Acknowledgement]) -> Void
    ) throws(ConfigurationError) {
        try limits.validate()
        self.limits = limits
        self.store = store
        self.answer = answer
        let producer = producer ?? UInt64.random(in: 1 ... .max)
        identity = { BatchIdentity(producer: producer, number: $0) }
        let signal = TaskSignal()
        self.signal = signal
        queue = try EventQueue(limits: limits.queue) { signal.signal() }
    }

    /// Has a message stored and acknowledged. Any thread; returns at once.
    ///
    /// - Parameter key: whose order the message keeps: a channel, or its sender.
    @discardableResult
    public func submit(_ message: SubmittedMessage, key: Key) -> EventQueueAnswer {
        queue.add(message, key: key, byteCount: message.bytes.count)
    }

    /// Has several stored, all or none, with one wake-up.
    @discardableResult
    public func submit(_ messages: [SubmittedMessage], key: Key) -> EventQueueAnswer {
        queue.add(messages.map { QueuedEvent(key: key, event: $0, byteCount: $0.bytes.count) })
    }

    /// Refuses what is submitted from now on; ``run()`` returns once everything before is answered.
    public func close() { queue.close() }

    /// Messages that wait to be stored.
    public var pending: Int { queue.count }

    /// The figures. Any thread.
    public func snapshot() -> DeliverySnapshot { queue.snapshot().merged(with: figures.snapshot()) }

    /// Stores and acknowledges until ``close()``, or until the task is cancelled. Once.
    public func run() async {
        await withTaskCancellationHandler {
            var number: UInt64 = 0
            var batch: [SubmittedMessage] = []
            while true {
                let progress = gather(into: &batch)
                if !batch.isEmpty {
                    number += 1
                    await store(batch, identity(number))
                    batch.removeAll(keepingCapacity: true)
                } else if progress == .ended {
                    return
                } else if progress == .idle {
                    await signal.wait()
                }
            }
        } onCancel: {
            queue.close()
        }
    }

    /// Takes turns of keys until the batch is large enough.
    private func gather(into batch: inout [SubmittedMessage]) -> EventQueueProgress {
        var bytes = 0
        var progress = EventQueueProgress.more
        while progress == .more, batch.count < limits.batchMessagesMax, bytes < limits.batchBytesMax {
            progress = queue.handle(batchesMax: 1) { turn in
                for index in 0..<turn.count { batch.append(turn.events[index]) }
                bytes += turn.byteCount
            }
        }
        return progress
    }

    private func store(_ messages: [SubmittedMessage], _ identity: BatchIdentity?) async {
        var batch = MessageBatch(messages.map(\.bytes))
        batch.identity = identity
        var result: Result<Range<MessageSequence>, MessageStoreError>
        if Task.isCancelled {
            result = .failure(MessageStoreError(.closed))
        } else {
            do throws(MessageStoreError) { result = .success(try await store.append(batch)) } catch {
                result = .failure(error)
            }
        }
        var answers: [Acknowledgement] = []
        answers.reserveCapacity(messages.count)
        for (index, message) in messages.enumerated() {
            let one = result.map { $0.lowerBound + index }
            answers.append(Acknowledgement(to: message.sender, reference: message.reference, one))
        }
        if case .success = result {
            figures.add(messages.count, to: .sentAcknowledgements)
        } else {
            figures.add(messages.count, to: .sentRefusals)
        }
        answer(answers)
    }
}

extension Acknowledger {
    /// An acknowledger whose answers go to the senders' connections: those to one connection out of one
    /// append are encoded together and sent with one message to its loop.
    ///
    /// ```swift
    /// let acknowledger = try Acknowledger<UInt64>(storingIn: store, over: group.loops) { answer, output in
    ///     try output.append(answer.reference, .bigEndian)
    ///     try output.append((try? answer.result.get().rawValue) ?? 0, .bigEndian)
    /// }
    /// ```
    /// Answers to one connection come in the order in which its messages were stored. Where a loop's mailbox
    /// or a connection's output has no room for them, that connection is closed with the cause `overflow`,
    /// so that its sender knows to ask; a connection that is over gets nothing.
    ///
    /// - Parameters:
    ///   - store: where messages are kept.
    ///   - loops: all loops of the group that senders' connections are on.
    ///   - limits: what may wait, and how much is appended at a time.
    ///   - encode: appends one answer in the protocol's form. What it throws closes the connection.
    public convenience init(
        storingIn store: any MessageStore, over loops: [EventLoop],
        limits: AcknowledgerLimits = AcknowledgerLimits(),
        encode: @escaping @Sendable (Acknowledgement, inout WriteBuffer) throws(WriteBufferError) -> Void
    ) throws(ConfigurationError) {
        let mail = AcknowledgementMail(loops: loops, encode: encode)
        try self.init(storingIn: store, limits: limits) { mail.deliver($0) }
    }
}

/// What an ``Acknowledger`` may hold, and how much it appends at a time.
public struct AcknowledgerLimits: Hashable, Sendable {
    /// What may wait to be appended. A key is a channel, or whatever the application orders by.
    public var queue = EventQueueLimits()
    /// The most messages of one append. Why 1,024: enough to make its cost small for each.
    public var batchMessagesMax = 1024
    /// The most bytes of one append, unless one key's turn alone has more.
    public var batchBytesMax = 1 << 20

    /// Limits with the defaults of each setting.
    public init() {}

    /// Checks that every setting is possible.
    public func validate() throws(ConfigurationError) {
        try queue.validate()
        try ConfigurationError.check("batchMessagesMax", batchMessagesMax, in: 1...1 << 20)
        try ConfigurationError.check("batchBytesMax", batchBytesMax, in: 1...1 << 30)
    }
}
