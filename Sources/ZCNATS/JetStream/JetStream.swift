import ZCNet

/// JetStream of a client's servers: streams that keep messages, and consumers that hand them out.
///
/// ```swift
/// let jetStream = JetStream(client)
/// try await jetStream.create(StreamConfiguration("ORDERS", subjects: ["orders.>"]))
/// let ack = try await jetStream.publish("orders.new", SharedBytes("7"))
/// ```
/// Requests and their answers can be lost: creating what is there with the same settings is no error, so
/// that whoever is not sure asks again.
///
/// **Threads.** Any. **What an acknowledgement means** is the server's matter: a majority of its replicas
/// has the message, in the memory of their kernels unless they were told to write through.
public struct JetStream: Sendable {
    let core: NATSCore
    /// The client, which is kept by this.
    public let client: NATSClient
    let prefix: String
    /// How long an answer may take.
    public let timeout: Duration

    /// JetStream by way of a client.
    ///
    /// - Parameters:
    ///   - domain: the domain of a leaf node's JetStream; nil for the one that the client's servers have.
    ///   - timeout: nil takes the client's.
    public init(_ client: NATSClient, domain: String? = nil, timeout: Duration? = nil) {
        self.client = client
        core = client.core
        prefix = domain.map { "$JS.\($0).API." } ?? "$JS.API."
        self.timeout = timeout ?? client.core.options.requestTimeout
    }

    /// Asks the API, on the loop; `completion` comes once, there.
    func call<Answer: JetStreamAnswer>(
        _ verb: String, _ body: JSONText?, as answer: Answer.Type,
        completion: @escaping @Sendable (Result<Answer, NATSError>) -> Void
    ) {
        // A pattern, as the filter of a consumer is part of it.
        let subject: NATSPattern
        do throws(NATSError) {
            subject = try NATSPattern(prefix + verb)
        } catch {
            return completion(.failure(error))
        }
        let bytes = SharedBytes((body?.text ?? "").utf8)
        let waiting = NATSWaiting { message, _ in
            completion(Answer.read(message.payload.bytes))
            return false
        } onFailure: { error in
            completion(.failure(error))
        }
        core.request(subject.bytes.bytes, headers: RawSpan(), bytes.bytes, timeout: timeout, waiting)
    }

    /// Asks the API, from any thread.
    func ask<Answer: JetStreamAnswer>(
        _ verb: String, _ body: JSONText?, as answer: Answer.Type
    ) async throws(NATSError) -> Answer {
        let result: Result<Answer, NATSError> = await awaitedAnswer { waiter in
            let isPosted = core.inOrder { _ in
                call(verb, body, as: answer) { waiter.give($0) }
            }
            if !isPosted { waiter.give(.failure(.ended)) }
        }
        return try result.get()
    }

    // MARK: Streams

    /// Makes a stream; one that is there with the same settings is as good.
    ///
    /// - Throws: ``NATSError`` with `jetStream` and 10058 where one is there with others.
    @discardableResult
    public func create(_ configuration: StreamConfiguration) async throws(NATSError) -> StreamInfo {
        try JetStreamName.check(configuration.name, of: "a stream")
        return try await ask("STREAM.CREATE.\(configuration.name)", configuration.json, as: StreamInfo.self)
    }

    /// Changes a stream's settings.
    @discardableResult
    public func update(_ configuration: StreamConfiguration) async throws(NATSError) -> StreamInfo {
        try JetStreamName.check(configuration.name, of: "a stream")
        return try await ask("STREAM.UPDATE.\(configuration.name)", configuration.json, as: StreamInfo.self)
    }

    /// Asks the server for a stream's configuration and state.
    ///
    /// - Throws: ``NATSError`` with `jetStream` and 10059 where there is none.
    public func info(ofStream name: String) async throws(NATSError) -> StreamInfo {
        try JetStreamName.check(name, of: "a stream")
        return try await ask("STREAM.INFO.\(name)", nil, as: StreamInfo.self)
    }

    /// Deletes a stream and all that it has.
    public func delete(stream name: String) async throws(NATSError) {
        try JetStreamName.check(name, of: "a stream")
        _ = try await ask("STREAM.DELETE.\(name)", nil, as: JetStreamCount.self)
    }

    /// Removes messages of a stream; answers how many.
    ///
    /// - Parameters:
    ///   - filter: only those of these subjects.
    ///   - sequence: only those before this one.
    ///   - keeping: all but the last so many.
    @discardableResult
    public func purge(
        stream name: String, filter: NATSPattern? = nil, upTo sequence: UInt64? = nil, keeping: Int? = nil
    ) async throws(NATSError) -> Int {
        try JetStreamName.check(name, of: "a stream")
        let body = JSONText.object([
            ("filter", filter.map { .string($0.description) }),
            ("seq", sequence.map { .integer(Int64(clamping: $0)) }),
            ("keep", keeping.map { .integer(Int64($0)) }),
        ])
        return try await ask("STREAM.PURGE.\(name)", body, as: JetStreamCount.self).purged
    }

    // MARK: Consumers

    /// Makes a consumer of a stream, or changes it; one that is there with the same settings is as good.
    @discardableResult
    public func create(
        _ configuration: ConsumerConfiguration, ofStream stream: String
    ) async throws(NATSError) -> ConsumerInfo {
        try JetStreamName.check(stream, of: "a stream")
        try JetStreamName.check(configuration.name, of: "a consumer")
        return try await ask(
            configuration.verb(stream), configuration.request(stream), as: ConsumerInfo.self)
    }

    /// How far a consumer is.
    public func info(
        ofConsumer name: String, ofStream stream: String
    ) async throws(NATSError) -> ConsumerInfo {
        try JetStreamName.check(stream, of: "a stream")
        try JetStreamName.check(name, of: "a consumer")
        return try await ask("CONSUMER.INFO.\(stream).\(name)", nil, as: ConsumerInfo.self)
    }

    /// Deletes a consumer, whoever may pull from it.
    public func delete(consumer name: String, ofStream stream: String) async throws(NATSError) {
        try JetStreamName.check(stream, of: "a stream")
        try JetStreamName.check(name, of: "a consumer")
        _ = try await ask("CONSUMER.DELETE.\(stream).\(name)", nil, as: JetStreamCount.self)
    }
}

/// Names of streams and consumers, which are words of the API's subjects.
enum JetStreamName {
    static func check(_ name: String, of what: String) throws(NATSError) {
        let isName =
            !name.isEmpty && name.utf8.count <= 255
            && name.utf8.allSatisfy { $0 > 32 && $0 < 127 && !Array(".*>/\\".utf8).contains($0) }
        guard isName else {
            throw NATSError(
                .subject, expected: "a name of \(what): 1 to 255 of ASCII without blanks and .*>/\\",
                got: "\"\(name.prefix(64))\"")
        }
    }
}

/// What the API answers with, as JSON.
protocol JetStreamAnswer: Sendable {
    init()
    /// Reads the value of a field, or passes it over.
    mutating func read(_ name: String, _ reader: inout JSONReader) throws(JSONError)
}

extension JetStreamAnswer {
    /// Reads an answer, which may be an error of the API's.
    static func read(_ bytes: RawSpan) -> Result<Self, NATSError> {
        var answer = Self()
        var failure: NATSError?
        do throws(JSONError) {
            var reader = JSONReader(bytes)
            try reader.object { (reader, name) throws(JSONError) in
                if reader.takeNull() { return }
                if name == "error" {
                    failure = try APIError.read(&reader)
                } else {
                    try answer.read(name, &reader)
                }
            }
            try reader.end()
        } catch {
            return .failure(NATSError(.answer, expected: error.expected, got: error.got))
        }
        if let failure { return .failure(failure) }
        return .success(answer)
    }
}

/// Reads why the API refuses.
private enum APIError {
    static func read(_ reader: inout JSONReader) throws(JSONError) -> NATSError {
        var (code, text): (Int64, String) = (0, "")
        try reader.object { (reader, name) throws(JSONError) in
            switch name {
            case "err_code": code = try reader.integer()
            case "description": text = try reader.string()
            default: try reader.skip()
            }
        }
        return NATSError(.jetStream, expected: "consent", got: text, apiCode: Int(code))
    }
}

/// What deleting and purging answer.
struct JetStreamCount: JetStreamAnswer {
    var purged = 0

    mutating func read(_ name: String, _ reader: inout JSONReader) throws(JSONError) {
        if name == "purged" { purged = Int(try reader.integer()) } else { try reader.skip() }
    }
}
