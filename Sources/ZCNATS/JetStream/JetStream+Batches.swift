import ZCNet

/// Messages of a stream that were read by one request.
public struct StoredMessages: Sendable {
    /// The messages, oldest first.
    public internal(set) var messages: [StoredMessage] = []
    /// How many more of the subjects the server that answered has behind them.
    public internal(set) var pending = 0

    /// None, to be added to.
    init() {}
}

extension JetStream {
    /// Reads messages of some subjects from any replica, of a stream that allows it: one request for all of
    /// them. Servers from 2.11 on, see ``NATSServerInfo/isAtLeast(_:_:)``; `completion` comes once, on the
    /// loop. Any thread; from the loop itself without a post.
    ///
    /// What is read may be a moment behind the leader's at its end, and has no gap: where a message is lost
    /// on the way, those before it are answered.
    ///
    /// - Parameters:
    ///   - sequence: the first of them has this one, or a later one.
    ///   - messagesMax: the most messages.
    ///   - bytesMax: the server sends no more once it has sent so many bytes.
    public func getDirect(
        next pattern: NATSPattern, from sequence: UInt64, ofStream stream: String, messagesMax: Int,
        bytesMax: Int, completion: @escaping @Sendable (Result<StoredMessages, NATSError>) -> Void
    ) {
        let subject: NATSSubject
        do throws(NATSError) {
            try JetStreamName.check(stream, of: "a stream")
            subject = try NATSSubject("\(prefix)DIRECT.GET.\(stream)")
        } catch {
            return completion(.failure(error))
        }
        let body = JSONText.object([
            ("next_by_subj", .string(pattern.description)), ("seq", .integer(Int64(clamping: sequence))),
            ("batch", .integer(Int64(messagesMax))), ("max_bytes", .integer(Int64(bytesMax))),
        ])
        let bytes = SharedBytes(body.text.utf8)
        let waiting = NATSWaiting.batch(completion)
        let (core, timeout) = (core, timeout)
        let begin: @Sendable () -> Void = {
            _ = core.request(
                subject.bytes.bytes, headers: RawSpan(), bytes.bytes, timeout: timeout, waiting)
        }
        if core.loop.isCurrent { return core.inCallback(begin) }
        if !core.inOrder({ _ in begin() }) { completion(.failure(.ended)) }
    }
}

extension NATSWaiting {
    /// Waits for a row of messages, of which each names the one before, and for the word that ends it.
    fileprivate static func batch(
        _ completion: @escaping @Sendable (Result<StoredMessages, NATSError>) -> Void
    ) -> NATSWaiting {
        let found = OwnedCell(StoredMessages())
        return NATSWaiting { message, _ in
            if let status = message.status {
                completion(BatchEnd.result(status, message.headers, found[]))
                return false
            }
            let last = found[].messages.last?.sequence ?? 0
            guard let stored = StoredMessage(message), message.headers.integer("Nats-Last-Sequence") == last
            else {
                // Something is missing in between, as the connection was lost meanwhile.
                found[].pending = max(1, found[].pending)
                completion(
                    found[].messages.isEmpty
                        ? .failure(NATSError(.gap, expected: "the message behind \(last)", got: "another"))
                        : .success(found[]))
                return false
            }
            found[].messages.append(stored)
            found[].pending = Int(clamping: message.headers.integer("Nats-Num-Pending") ?? 0)
            return true
        } onFailure: {
            completion(.failure($0))
        }
    }
}

/// What the last word of a batch says.
private enum BatchEnd {
    static func result(
        _ status: Int, _ headers: borrowing NATSHeaderView, _ found: StoredMessages
    ) -> Result<StoredMessages, NATSError> {
        switch status {
        case 404: return .success(StoredMessages())
        case 204:
            let last = found.messages.last?.sequence ?? 0
            var found = found
            found.pending = Int(clamping: headers.integer("Nats-Num-Pending") ?? 0)
            // The last ones may be those that are missing.
            if headers.integer("Nats-Last-Sequence") ?? last != last { found.pending = max(1, found.pending) }
            return .success(found)
        default:
            return .failure(
                NATSError(.jetStream, expected: "messages", got: "status \(status)", apiCode: status))
        }
    }
}

extension StoredMessage {
    /// Of a direct read; nil where the stream's headers about it are missing. Copies.
    fileprivate init?(_ message: borrowing NATSMessage) {
        guard let subject = message.headers["Nats-Subject"],
            let sequence = message.headers.integer("Nats-Sequence")
        else { return nil }
        self.subject = subject
        self.sequence = sequence
        time = message.headers["Nats-Time-Stamp"] ?? ""
        headers = message.copy().headers
        payload = message.payload.copy()
    }
}
