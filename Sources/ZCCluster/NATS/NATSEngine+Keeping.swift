import ZCNATS
import ZCNet

/// Leases in a bucket of keys, and the log in a stream.
extension NATSEngine {
    private var leaseStream: String { "KV_\(options.leaseName)" }
    private var leasePrefix: String { "$KV.\(options.leaseName)." }

    // MARK: Leases

    /// What a key has now, as the bucket's leader knows it.
    public func readLease(_ key: String, answer: @escaping EngineAnswer<LeaseEntry?>) {
        do throws(NATSError) {
            let subject = try NATSSubject(leasePrefix + key)
            jetStream.get(.last(subject), ofStream: leaseStream) { result in
                answer(
                    result.mapError { Self.reading($0) }.map { message in
                        message.map { LeaseEntry(key: key, value: $0.payload, revision: $0.sequence) }
                    })
            }
        } catch {
            answer(.failure(Self.writing(error)))
        }
    }

    /// Sets a key that still has a revision.
    public func writeLease(
        _ key: String, _ value: SharedBytes, at revision: UInt64, answer: @escaping EngineAnswer<UInt64>
    ) {
        var condition = PublishCondition()
        condition.lastSubjectSequence = revision
        publish(leasePrefix + key, value, condition, answer)
    }

    /// Tells of what every key has, and of all changes from then on.
    public func watchLeases(
        _ change: @escaping @Sendable (LeaseEntry) -> Void, caughtUp: @escaping @Sendable () -> Void
    ) {
        guard let pattern = try? NATSPattern(leasePrefix + ">") else { return }
        // A bucket without keys has nothing to catch up with.
        jetStream.get(.next(pattern, from: 1), ofStream: leaseStream) { [weak self] result in
            guard let self else { return }
            switch result {
            case .failure:
                schedule(after: options.timeout) { [weak self] in
                    self?.watchLeases(change, caughtUp: caughtUp)
                }
            case .success(let first):
                if first == nil { caughtUp() }
                follow(pattern, isCaughtUp: first == nil, change, caughtUp)
            }
        }
    }

    private func follow(
        _ pattern: NATSPattern, isCaughtUp: Bool, _ change: @escaping @Sendable (LeaseEntry) -> Void,
        _ caughtUp: @escaping @Sendable () -> Void
    ) {
        let isWaiting = OwnedCell(!isCaughtUp)
        let skipped = leasePrefix.utf8.count
        state[].watch = try? jetStream.read(leaseStream, from: .lastPerSubject, filter: pattern) {
            message, _ in
            guard let place = message.metadata else { return }
            change(
                LeaseEntry(
                    key: String(message.subject.dropFirst(skipped)), value: message.payload.copy(),
                    revision: place.streamSequence))
            if isWaiting[] && place.pending == 0 {
                isWaiting[] = false
                caughtUp()
            }
        }
    }

    // MARK: The log

    private func subject(of channel: ChannelName) -> String {
        "\(options.prefix).log.\(channel.slot).\(channel.word)"
    }

    /// Appends a record of a channel whose newest record is still the one at a place.
    public func append(
        _ record: SharedBytes, to channel: ChannelName, id: String, behind place: UInt64,
        answer: @escaping EngineAnswer<UInt64>
    ) {
        var condition = PublishCondition()
        condition.messageID = id
        condition.stream = options.logName
        condition.lastSubjectSequence = place
        publish(subject(of: channel), record, condition, answer)
    }

    private func publish(
        _ subject: String, _ bytes: SharedBytes, _ condition: PublishCondition,
        _ answer: @escaping EngineAnswer<UInt64>
    ) {
        do throws(NATSError) {
            let subject = try NATSSubject(subject)
            client.withConnection { connection in
                jetStream.publish(subject, bytes.bytes, condition, on: connection) { result in
                    answer(result.map(\.sequence).mapError { Self.writing($0) })
                }
            }
        } catch {
            answer(.failure(Self.writing(error)))
        }
    }

    /// The newest record of a channel, as the stream's leader knows it.
    public func newest(of channel: ChannelName, answer: @escaping EngineAnswer<LogRecord?>) {
        do throws(NATSError) {
            let subject = try NATSSubject(subject(of: channel))
            jetStream.get(.last(subject), ofStream: options.logName) { result in
                answer(
                    result.mapError { Self.reading($0) }.map { message in
                        message.map { LogRecord(place: $0.sequence, bytes: $0.payload) }
                    })
            }
        } catch {
            answer(.failure(Self.writing(error)))
        }
    }

    /// Records of a channel from a place on, one request for each.
    public func read(
        _ channel: ChannelName, from place: UInt64, limit: ReadLimit,
        answer: @escaping EngineAnswer<[LogRecord]>
    ) {
        do throws(NATSError) {
            let pattern = NATSPattern(try NATSSubject(subject(of: channel)))
            read(pattern, from: place, limit, [], 0, answer)
        } catch {
            answer(.failure(Self.writing(error)))
        }
    }

    private func read(
        _ pattern: NATSPattern, from place: UInt64, _ limit: ReadLimit, _ found: [LogRecord], _ bytes: Int,
        _ answer: @escaping EngineAnswer<[LogRecord]>
    ) {
        jetStream.get(.next(pattern, from: place), ofStream: options.logName) { [self] result in
            switch result {
            case .failure(let error): answer(.failure(Self.reading(error)))
            case .success(nil): answer(.success(found))
            case .success(let message?):
                let record = LogRecord(place: message.sequence, bytes: message.payload)
                let sum = bytes + record.bytes.count
                // What does not fit any more is read again by who goes on.
                if !found.isEmpty && sum > limit.bytesMax { return answer(.success(found)) }
                let all = found + [record]
                if all.count >= limit.messagesMax { return answer(.success(all)) }
                read(pattern, from: record.place + 1, limit, all, sum, answer)
            }
        }
    }

    // MARK: Errors

    /// What a failed reading says: nothing has happened by it.
    private static func reading(_ error: NATSError) -> ClusterError {
        if error.isTemporary { return ClusterError(.unavailable, expected: error.expected, got: error.got) }
        return writing(error)
    }

    /// What a failed change says. Where it is not certain that nothing happened, it is not claimed.
    private static func writing(_ error: NATSError) -> ClusterError {
        let code: ClusterError.Code =
            switch error.code {
            case .away, .full, .noResponders: .unavailable
            case .payload: .tooLarge
            case .subject, .header: .invalid
            case .jetStream where error.isWrongRevision: .conflict
            // Message larger than the stream allows.
            case .jetStream where error.apiCode == 10054: .tooLarge
            // The stream is at its limit.
            case .jetStream where error.apiCode == 10077 && error.got.hasPrefix("maximum"): .full
            // Not for this stream, as it was made by somebody else.
            case .jetStream where error.apiCode == 10060: .engine
            default: .unknown
            }
        return ClusterError(code, expected: error.expected, got: error.description)
    }
}
