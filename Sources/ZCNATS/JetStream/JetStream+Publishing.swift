import Synchronization
public import ZCNet

/// That a stream has a message: the sequence that it got.
public struct JetStreamAcknowledgement: Hashable, Sendable {
    /// The name of the stream that has stored the message.
    public internal(set) var stream = ""
    /// The sequence in the stream; for a duplicate, that of the first.
    public internal(set) var sequence: UInt64 = 0
    /// Whether the stream had a message of this id already, and kept no other.
    public internal(set) var isDuplicate = false

    /// Empty, to be read into.
    init() {}
}

extension JetStreamAcknowledgement: JetStreamAnswer {
    mutating func read(_ name: String, _ reader: inout JSONReader) throws(JSONError) {
        switch name {
        case "stream": stream = try reader.string()
        case "seq": sequence = UInt64(clamping: try reader.integer())
        case "duplicate": isDuplicate = try reader.boolean()
        default: try reader.skip()
        }
    }
}

/// What a message must find for its stream to take it, and what it is known again by.
///
/// ```swift
/// var condition = PublishCondition()
/// condition.messageID = "order-7"
/// condition.lastSubjectSequence = 41        // else refused: 10071, wrong last sequence
/// ```
public struct PublishCondition: Hashable, Sendable {
    /// By which the stream knows the message again, within its window of duplicates.
    public var messageID: String?
    /// Which stream has to take it.
    public var stream: String?
    /// The stream's newest sequence, whatever its subject.
    public var lastSequence: UInt64?
    /// The newest sequence of the message's subject; 0 for none yet.
    public var lastSubjectSequence: UInt64?
    /// The id of the stream's newest message.
    public var lastMessageID: String?
    /// How long the message stays, in whole seconds (server 2.11, on streams that allow it).
    public var ttl: Duration?

    /// No conditions: the stream takes it.
    public init() {}

    /// The headers that say so, behind others.
    func headers(_ headers: NATSHeaders) throws(NATSError) -> NATSHeaders {
        var headers = headers
        if let messageID { try headers.add("Nats-Msg-Id", messageID) }
        if let stream { try headers.add("Nats-Expected-Stream", stream) }
        if let lastSequence { headers.append("Nats-Expected-Last-Sequence", "\(lastSequence)") }
        if let lastSubjectSequence {
            headers.append("Nats-Expected-Last-Subject-Sequence", "\(lastSubjectSequence)")
        }
        if let lastMessageID { try headers.add("Nats-Expected-Last-Msg-Id", lastMessageID) }
        if let ttl {
            guard ttl >= .seconds(1) else {
                throw NATSError(.header, expected: "a ttl of at least a second", got: "\(ttl)")
            }
            headers.append("Nats-TTL", "\(ttl.components.seconds)s")
        }
        return headers
    }
}

extension JetStream {
    /// Publishes on the loop, and tells `completion` there what the stream has made of it.
    ///
    /// No answer in time, `timedOut`, says nothing of the message: publish it again with the same id.
    /// `noResponders` says that no stream listens to the subject.
    public func publish(
        _ subject: NATSSubject, _ payload: RawSpan, headers: NATSHeaders = NATSHeaders(),
        _ condition: PublishCondition = PublishCondition(), on connection: borrowing NATSConnection,
        completion: @escaping @Sendable (Result<JetStreamAcknowledgement, NATSError>) -> Void
    ) {
        let block: NATSHeaders
        do throws(NATSError) {
            block = try condition.headers(headers)
        } catch {
            return completion(.failure(error))
        }
        let waiting = NATSWaiting { message, _ in
            completion(JetStreamAcknowledgement.read(message.payload.bytes))
            return false
        } onFailure: { error in
            completion(.failure(error))
        }
        let timeout = timeout
        connection.withCore { core in
            block.encoded.withBytes { block in
                _ = core.request(subject.bytes.bytes, headers: block, payload, timeout: timeout, waiting)
            }
        }
    }

    /// Publishes from any thread; `completion` comes once, on the loop.
    public func publish(
        _ subject: NATSSubject, _ payload: SharedBytes, headers: NATSHeaders = NATSHeaders(),
        _ condition: PublishCondition = PublishCondition(),
        completion: @escaping @Sendable (Result<JetStreamAcknowledgement, NATSError>) -> Void
    ) {
        let isPosted = core.inOrder { core in
            core.inCallback {
                publish(
                    subject, payload.bytes, headers: headers, condition, on: NATSConnection(core),
                    completion: completion)
            }
        }
        if !isPosted { completion(.failure(.ended)) }
    }

    /// Publishes, and waits for the stream's word.
    @discardableResult
    public func publish(
        _ subject: NATSSubject, _ payload: SharedBytes, headers: NATSHeaders = NATSHeaders(),
        _ condition: PublishCondition = PublishCondition()
    ) async throws(NATSError) -> JetStreamAcknowledgement {
        let result = await awaitedAnswer { answer in
            publish(subject, payload, headers: headers, condition) { answer.give($0) }
        }
        return try result.get()
    }
}

/// Publishes to streams with many acknowledgements under way at once, up to a window.
///
/// ```swift
/// let publisher = JetStreamPublisher(jetStream, window: 1024)
/// for order in orders {
///     await publisher.publish("orders.new", order) { result in note(result) }
/// }
/// await publisher.finish()
/// ```
/// **Order.** Messages come to the server as they were published; a message that was refused or lost in
/// between holds up no other. Who needs more says so in a condition.
///
/// **Threads.** Any. **Cost.** A post and a timer per message.
public final class JetStreamPublisher: Sendable {
    private let jetStream: JetStream
    private let window: Int
    private let outstanding = Atomic<Int>(0)
    private let room = TaskSignal()

    /// Publishes with so many acknowledgements under way at most.
    ///
    /// - Precondition: `window > 0`.
    public init(_ jetStream: JetStream, window: Int = 256) {
        precondition(window > 0, "a window of \(window)")
        self.jetStream = jetStream
        self.window = window
    }

    /// How many acknowledgements are under way.
    public var count: Int { outstanding.load(ordering: .acquiring) }

    /// Publishes when there is room; false, and `completion` does not come, where there is none.
    @discardableResult
    public func tryPublish(
        _ subject: NATSSubject, _ payload: SharedBytes, headers: NATSHeaders = NATSHeaders(),
        _ condition: PublishCondition = PublishCondition(),
        completion: @escaping @Sendable (Result<JetStreamAcknowledgement, NATSError>) -> Void
    ) -> Bool {
        guard outstanding.add(1, ordering: .acquiringAndReleasing).oldValue < window else {
            outstanding.subtract(1, ordering: .acquiringAndReleasing)
            return false
        }
        jetStream.publish(subject, payload, headers: headers, condition) { [self] result in
            completion(result)
            outstanding.subtract(1, ordering: .acquiringAndReleasing)
            room.signal()
        }
        return true
    }

    /// Publishes, after waiting for room in the window. One task at a time.
    public func publish(
        _ subject: NATSSubject, _ payload: SharedBytes, headers: NATSHeaders = NATSHeaders(),
        _ condition: PublishCondition = PublishCondition(),
        completion: @escaping @Sendable (Result<JetStreamAcknowledgement, NATSError>) -> Void
    ) async {
        while !tryPublish(subject, payload, headers: headers, condition, completion: completion) {
            await room.wait()
        }
    }

    /// Waits until nothing is under way. One task at a time.
    public func finish() async {
        while count > 0 { await room.wait() }
    }
}
