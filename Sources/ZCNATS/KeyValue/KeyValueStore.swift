public import ZCNet

/// A bucket of keys and values on a stream: each value has a revision, and a change can be bound to the
/// revision that was read.
///
/// ```swift
/// let leases = try await jetStream.makeBucket(KeyValueConfiguration("leases", ttl: .seconds(10)))
/// let revision = try await leases.create("slot.7", SharedBytes("node-a"))
/// try await leases.update("slot.7", SharedBytes("node-a"), at: revision)
/// ```
/// **Threads.** Any. **Consistency.** Changes are the leader's; ``get(_:)`` asks the leader too, while
/// ``getDirect(_:)`` may be behind.
public struct KeyValueStore: Sendable {
    /// The bucket's name, without its stream's prefix.
    public let bucket: String
    let jetStream: JetStream
    let stream: String

    init(_ jetStream: JetStream, _ bucket: String) {
        self.jetStream = jetStream
        self.bucket = bucket
        stream = "KV_\(bucket)"
    }

    /// The subject of a key.
    func subject(_ key: String) throws(NATSError) -> NATSSubject {
        let isKey =
            !key.isEmpty && !key.hasPrefix(".") && !key.hasSuffix(".")
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: Array("-_=./".utf8).contains(byte)
                }
            }
        guard isKey else {
            throw NATSError(
                .subject, expected: "a key of letters, digits and -_=./", got: "\"\(key.prefix(64))\"")
        }
        return try NATSSubject("$KV.\(bucket).\(key)")
    }

    // MARK: Changing

    /// Sets a key, whatever it has; answers the revision.
    @discardableResult
    public func put(_ key: String, _ value: SharedBytes) async throws(NATSError) -> UInt64 {
        try await jetStream.publish(try subject(key), value).sequence
    }

    /// Sets a key that has nothing yet, or whose value was deleted; answers the revision.
    ///
    /// - Parameter ttl: how long it stays (server 2.11, in a bucket that allows it).
    /// - Throws: ``NATSError`` with 10071 where the key is there.
    @discardableResult
    public func create(
        _ key: String, _ value: SharedBytes, ttl: Duration? = nil
    ) async throws(NATSError) -> UInt64 {
        do throws(NATSError) {
            return try await update(key, value, at: 0, ttl: ttl)
        } catch {
            guard error.isWrongRevision, let entry = try await last(key), entry.isDeleted else { throw error }
            return try await update(key, value, at: entry.revision, ttl: ttl)
        }
    }

    /// Sets a key that still has this revision; answers the new one.
    ///
    /// - Throws: ``NATSError`` with ``NATSError/isWrongRevision`` where it has another.
    @discardableResult
    public func update(
        _ key: String, _ value: SharedBytes, at revision: UInt64, ttl: Duration? = nil
    ) async throws(NATSError) -> UInt64 {
        var condition = PublishCondition()
        condition.lastSubjectSequence = revision
        condition.ttl = ttl
        return try await jetStream.publish(try subject(key), value, condition).sequence
    }

    /// Deletes a key; its history stays.
    ///
    /// - Parameter revision: only where the key still has it.
    public func delete(_ key: String, at revision: UInt64? = nil) async throws(NATSError) {
        try await mark(key, "DEL", at: revision)
    }

    /// Deletes a key and its history.
    public func purge(_ key: String, at revision: UInt64? = nil) async throws(NATSError) {
        try await mark(key, "PURGE", at: revision)
    }

    private func mark(_ key: String, _ operation: String, at revision: UInt64?) async throws(NATSError) {
        var headers = NATSHeaders()
        headers.append("KV-Operation", operation)
        if operation == "PURGE" { headers.append("Nats-Rollup", "sub") }
        var condition = PublishCondition()
        condition.lastSubjectSequence = revision
        try await jetStream.publish(try subject(key), SharedBytes(), headers: headers, condition)
    }

    // MARK: Reading

    /// The newest value of a key, from the leader; nil where it has none.
    public func get(_ key: String) async throws(NATSError) -> KeyValueEntry? {
        let entry = try await last(key)
        return entry?.isDeleted == true ? nil : entry
    }

    /// A value of a key, from any replica, and perhaps a moment old; nil where it has none.
    public func getDirect(_ key: String) async throws(NATSError) -> KeyValueEntry? {
        let message = try await jetStream.getDirect(.last(try subject(key)), ofStream: stream)
        guard let message else { return nil }
        let entry = KeyValueEntry(message, bucket: bucket)
        return entry.isDeleted ? nil : entry
    }

    private func last(_ key: String) async throws(NATSError) -> KeyValueEntry? {
        let message = try await jetStream.get(.last(try subject(key)), ofStream: stream)
        return message.map { KeyValueEntry($0, bucket: bucket) }
    }

    /// Has a handler called with the newest value of every key that a pattern stands for, and with all
    /// changes from then on, in order, on the loop.
    ///
    /// - Parameters:
    ///   - keys: such as `slot.*`; `>` for all.
    ///   - onCaughtUp: told once, when all values have come that were there at the beginning.
    @discardableResult
    public func watch(
        _ keys: String = ">", _ options: PullOptions = PullOptions(),
        onCaughtUp: @escaping @Sendable () -> Void = {},
        _ handler: @escaping @Sendable (KeyValueEntry) -> Void
    ) async throws -> OrderedConsumer {
        let pattern = try NATSPattern("$KV.\(bucket).\(keys)")
        let bucket = bucket
        let isCaughtUp = OwnedCell(false)
        // What is there; a bucket without any of these keys has caught up at once.
        let probe = try await jetStream.get(.next(pattern, from: 1), ofStream: stream)
        if probe == nil {
            isCaughtUp[] = true
            onCaughtUp()
        }
        return try jetStream.read(stream, from: .lastPerSubject, filter: pattern, options) { message, _ in
            guard let place = message.metadata else { return }
            handler(KeyValueEntry(message.copy(), revision: place.streamSequence, bucket: bucket))
            if !isCaughtUp[] && place.pending == 0 {
                isCaughtUp[] = true
                onCaughtUp()
            }
        }
    }
}

extension NATSError {
    /// Whether something else was published since: the wrong last sequence of a stream or a subject.
    public var isWrongRevision: Bool { apiCode == 10071 || apiCode == 10164 }
}

/// A value of a key at a revision.
public struct KeyValueEntry: Sendable {
    /// The key, without the bucket's prefix.
    public let key: String
    /// The value; empty for one that was deleted.
    public let value: SharedBytes
    /// The revision: its sequence in the bucket's stream.
    public let revision: UInt64
    /// Whether the key was deleted, by somebody or because its time was over.
    public let isDeleted: Bool

    /// The value as text; what is no UTF-8 is replaced.
    public var text: String { value.bytes.text }

    init(_ message: StoredMessage, bucket: String) {
        self.init(
            message.subject, message.headers, message.payload, revision: message.sequence, bucket: bucket)
    }

    init(_ message: NATSReply, revision: UInt64, bucket: String) {
        self.init(message.subject, message.headers, message.payload, revision: revision, bucket: bucket)
    }

    private init(
        _ subject: String, _ headers: NATSHeaders, _ payload: SharedBytes, revision: UInt64, bucket: String
    ) {
        key = String(subject.dropFirst("$KV.\(bucket).".count))
        value = payload
        self.revision = revision
        isDeleted = headers["KV-Operation"] != nil || headers["Nats-Marker-Reason"] != nil
    }
}

/// How a bucket keeps its values.
public struct KeyValueConfiguration: Sendable {
    /// Its name: letters, digits, `-` and `_`.
    public var bucket: String
    /// How many revisions of a key are kept, 1 to 64.
    public var history = 1
    /// How long a value stays; nil for ever.
    public var ttl: Duration?
    /// The most bytes; nil for no limit.
    public var bytesMax: Int?
    /// The largest value; nil for the server's own limit.
    public var valueBytesMax: Int?
    /// Whether it is kept in files, or in memory until the servers end.
    public var isInMemory = false
    /// How many servers have a copy.
    public var replicas = 1
    /// Whether single values may say how long they stay (server 2.11).
    public var allowsValueTTL = false

    /// A bucket of this name.
    public init(_ bucket: String, ttl: Duration? = nil) {
        self.bucket = bucket
        self.ttl = ttl
    }

    func stream() throws(NATSError) -> StreamConfiguration {
        try JetStreamName.check(bucket, of: "a bucket")
        guard (1...64).contains(history) else {
            throw NATSError(.jetStream, expected: "a history of 1 to 64", got: "\(history)")
        }
        var stream = StreamConfiguration("KV_\(bucket)", subjects: [try NATSPattern("$KV.\(bucket).>")])
        stream.messagesPerSubjectMax = history
        stream.ageMax = ttl
        stream.bytesMax = bytesMax
        stream.messageBytesMax = valueBytesMax
        stream.isInMemory = isInMemory
        stream.replicas = replicas
        stream.discard = .new
        stream.allowsRollup = true
        stream.deniesDelete = true
        stream.allowsMessageTTL = allowsValueTTL
        // The window must not be longer than what is kept at all.
        if let ttl { stream.duplicateWindow = min(ttl, .seconds(120)) }
        return stream
    }
}

extension JetStream {
    /// Makes a bucket; one that is there with the same settings is as good.
    public func makeBucket(_ configuration: KeyValueConfiguration) async throws(NATSError) -> KeyValueStore {
        try await create(try configuration.stream())
        return KeyValueStore(self, configuration.bucket)
    }

    /// Opens a bucket that exists already; asks the server whether it does.
    ///
    /// - Throws: ``NATSError`` with 10059 where it is not.
    public func bucket(_ name: String) async throws(NATSError) -> KeyValueStore {
        _ = try await info(ofStream: "KV_\(name)")
        return KeyValueStore(self, name)
    }
}
