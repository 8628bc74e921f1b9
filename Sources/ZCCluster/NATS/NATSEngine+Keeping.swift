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
        do throws(NATSError) {
            publish(try NATSSubject(leasePrefix + key), value, condition, answer)
        } catch {
            answer(.failure(Self.writing(error)))
        }
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

    /// Where a channel's records go.
    private func subject(of channel: ChannelName) throws(NATSError) -> NATSSubject {
        try state[].logSubjects.subject(of: channel) { "\(options.prefix).log.\($0.slot).\($0.word)" }
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
        do throws(NATSError) {
            publish(try subject(of: channel), record, condition, answer)
        } catch {
            answer(.failure(Self.writing(error)))
        }
    }

    /// A server acknowledges a record a moment before it takes the subject's next: one that comes in that
    /// moment is refused as if it were in the way of another (10164), and is offered again at once.
    private func publish(
        _ subject: NATSSubject, _ bytes: SharedBytes, _ condition: PublishCondition, attemptsLeft: Int = 8,
        _ answer: @escaping EngineAnswer<UInt64>
    ) {
        client.withConnection { connection in
            jetStream.publish(subject, bytes.bytes, condition, on: connection) { [self] result in
                if attemptsLeft > 0, case .failure(let error) = result, error.apiCode == 10164 {
                    return publish(subject, bytes, condition, attemptsLeft: attemptsLeft - 1, answer)
                }
                answer(result.map(\.sequence).mapError { Self.writing($0) })
            }
        }
    }

    /// The newest record of a channel, as the stream's leader knows it.
    public func newest(of channel: ChannelName, answer: @escaping EngineAnswer<LogRecord?>) {
        do throws(NATSError) {
            let subject = try subject(of: channel)
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

    /// Records of a channel from a place on.
    ///
    /// From the stream's leader one by one, as others may not know the newest yet; but where more than
    /// a few come, servers from 2.11 on are asked for the next ones by one request, whichever of them
    /// answers, and the leader for what may come behind them.
    public func read(
        _ channel: ChannelName, from place: UInt64, limit: ReadLimit,
        answer: @escaping EngineAnswer<[LogRecord]>
    ) {
        do throws(NATSError) {
            let pattern = NATSPattern(try subject(of: channel))
            readOne(RecordRow(pattern: pattern, next: place, limit: limit), answer)
        } catch {
            answer(.failure(Self.writing(error)))
        }
    }

    /// Asks the leader for the next record.
    private func readOne(_ row: RecordRow, _ answer: @escaping EngineAnswer<[LogRecord]>) {
        jetStream.get(.next(row.pattern, from: row.next), ofStream: options.logName) { [self] result in
            var row = row
            switch result {
            case .failure(let error): answer(.failure(Self.reading(error)))
            case .success(nil): answer(.success(row.records))
            case .success(let message?):
                guard row.take(message) else { return answer(.success(row.records)) }
                row.singles += 1
                if state[].readsBatches && row.singles >= RecordRow.singlesMax {
                    readSeveral(row, answer)
                } else {
                    readOne(row, answer)
                }
            }
        }
    }

    /// Asks any server for as many of the next records as are wanted.
    private func readSeveral(_ row: RecordRow, _ answer: @escaping EngineAnswer<[LogRecord]>) {
        jetStream.getDirect(
            next: row.pattern, from: row.next, ofStream: options.logName, messagesMax: row.messagesLeft,
            bytesMax: row.bytesLeft
        ) { [self] result in
            var row = row
            switch result {
            case .failure(let error): answer(.failure(Self.reading(error)))
            case .success(let found):
                for message in found.messages {
                    guard row.take(message) else { return answer(.success(row.records)) }
                }
                // There may be more: the server has said so, or only the leader knows.
                if found.pending > 0 && !found.messages.isEmpty {
                    readSeveral(row, answer)
                } else {
                    row.singles = 0
                    readOne(row, answer)
                }
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

/// What is being read of a channel's records.
private struct RecordRow: Sendable {
    /// So many are asked for one by one first. Why two: most readings find one record, or none.
    static let singlesMax = 2

    let pattern: NATSPattern
    /// The place from which on the next record is wanted.
    var next: UInt64
    let limit: ReadLimit
    private(set) var records: [LogRecord] = []
    private var bytes = 0
    var singles = 0

    init(pattern: NATSPattern, next: UInt64, limit: ReadLimit) {
        self.pattern = pattern
        self.next = next
        self.limit = limit
    }

    /// Why at most 1,024: what a server holds for one request is bounded.
    var messagesLeft: Int { min(max(1, limit.messagesMax - records.count), 1024) }
    var bytesLeft: Int { min(max(1, limit.bytesMax - bytes), 8 << 20) }

    /// Takes the next record where it fits; false where nothing more is wanted.
    mutating func take(_ message: StoredMessage) -> Bool {
        let size = message.payload.count
        // What does not fit any more is read again by who goes on.
        if !records.isEmpty && size > limit.bytesMax - bytes { return false }
        records.append(LogRecord(place: message.sequence, bytes: message.payload))
        bytes += size
        next = message.sequence + 1
        return records.count < limit.messagesMax
    }
}
