public import ZCNet

/// A message of a stream, read by its place.
public struct StoredMessage: Sendable {
    /// What it was published to.
    public internal(set) var subject = ""
    /// Its sequence in the stream.
    public internal(set) var sequence: UInt64 = 0
    /// Its headers; of a direct read, those of the stream's about it too.
    public internal(set) var headers = NATSHeaders()
    /// What was sent, without its headers.
    public internal(set) var payload = SharedBytes()
    /// When the stream got it, as RFC 3339 has it.
    public internal(set) var time = ""

    /// The payload as text; what is no UTF-8 is replaced.
    public var text: String { payload.bytes.text }

    /// Empty, to be read into.
    init() {}
}

/// Which message of a stream is wanted.
public enum StoredPlace: Hashable, Sendable {
    /// The message with this number.
    case sequence(UInt64)
    /// The newest of this subject.
    case last(NATSSubject)
    /// The first of these subjects that has this sequence or a later one.
    case next(NATSPattern, from: UInt64)

    var json: JSONText {
        switch self {
        case .sequence(let sequence): .object([("seq", .integer(Int64(clamping: sequence)))])
        case .last(let subject): .object([("last_by_subj", .string(subject.description))])
        case .next(let pattern, let sequence):
            .object([
                ("next_by_subj", .string(pattern.description)), ("seq", .integer(Int64(clamping: sequence))),
            ])
        }
    }
}

extension JetStream {
    /// Reads a message from any replica, of a stream that allows it; nil where there is none.
    ///
    /// What is read may be a moment behind the leader's.
    public func getDirect(
        _ place: StoredPlace, ofStream stream: String
    ) async throws(NATSError) -> StoredMessage? {
        try JetStreamName.check(stream, of: "a stream")
        let answer = try await client.request(
            try NATSSubject("\(prefix)DIRECT.GET.\(stream)"), SharedBytes(place.json.text.utf8),
            timeout: timeout)
        if let status = answer.headers.status {
            if status == 404 { return nil }
            throw NATSError(.jetStream, expected: "a message", got: "status \(status)", apiCode: status)
        }
        var message = StoredMessage()
        guard let subject = answer.headers["Nats-Subject"],
            let sequence = answer.headers["Nats-Sequence"].flatMap({ UInt64($0) })
        else {
            throw NATSError(.answer, expected: "Nats-Subject and Nats-Sequence", got: "neither, or not both")
        }
        message.subject = subject
        message.sequence = sequence
        message.time = answer.headers["Nats-Time-Stamp"] ?? ""
        message.headers = answer.headers
        message.payload = answer.payload
        return message
    }

    /// Reads a message from the stream's leader: the newest that there is; nil where there is none.
    public func get(_ place: StoredPlace, ofStream stream: String) async throws(NATSError) -> StoredMessage? {
        try JetStreamName.check(stream, of: "a stream")
        do throws(NATSError) {
            return try await ask("STREAM.MSG.GET.\(stream)", place.json, as: StoredMessageAnswer.self).message
        } catch {
            // No message found.
            if error.apiCode == 10037 { return nil }
            throw error
        }
    }

    /// Reads a message from the stream's leader; `completion` comes once, on the loop. Any thread; from the
    /// loop itself without a post.
    public func get(
        _ place: StoredPlace, ofStream stream: String,
        completion: @escaping @Sendable (Result<StoredMessage?, NATSError>) -> Void
    ) {
        do throws(NATSError) { try JetStreamName.check(stream, of: "a stream") } catch {
            return completion(.failure(error))
        }
        let begin: @Sendable () -> Void = {
            call("STREAM.MSG.GET.\(stream)", place.json, as: StoredMessageAnswer.self) { result in
                switch result {
                case .success(let answer): completion(.success(answer.message))
                case .failure(let error) where error.apiCode == 10037: completion(.success(nil))
                case .failure(let error): completion(.failure(error))
                }
            }
        }
        if core.loop.isCurrent { return core.inCallback(begin) }
        if !core.inOrder({ _ in begin() }) { completion(.failure(.ended)) }
    }

    /// Deletes a message; what it held is written over where `isErased`.
    public func delete(
        _ sequence: UInt64, ofStream stream: String, isErased: Bool = false
    ) async throws(NATSError) {
        try JetStreamName.check(stream, of: "a stream")
        let body = JSONText.object([
            ("seq", .integer(Int64(clamping: sequence))), ("no_erase", .boolean(!isErased)),
        ])
        _ = try await ask("STREAM.MSG.DELETE.\(stream)", body, as: JetStreamCount.self)
    }
}

/// The leader's answer, with the payload in base 64.
private struct StoredMessageAnswer: JetStreamAnswer {
    var message = StoredMessage()

    mutating func read(_ name: String, _ reader: inout JSONReader) throws(JSONError) {
        guard name == "message" else { return try reader.skip() }
        var message = message
        try reader.object { (reader, name) throws(JSONError) in
            switch name {
            case "subject": message.subject = try reader.string()
            case "seq": message.sequence = UInt64(clamping: try reader.integer())
            case "time": message.time = try reader.string()
            case "data":
                let bytes = try Self.decoded(try reader.string())
                message.payload = SharedBytes(copying: bytes)
            case "hdrs":
                let bytes = try Self.decoded(try reader.string())
                message.headers = bytes.withBytes { NATSHeaders(copying: $0) }
            default: try reader.skip()
            }
        }
        self.message = message
    }

    private static func decoded(_ text: String) throws(JSONError) -> [UInt8] {
        guard let bytes = Base64.bytes(text) else {
            throw JSONError(expected: "base 64", got: "something else")
        }
        return bytes
    }
}
