/// Reads a channel's chain, which takes no leader: everybody who reads the same log finds the same messages.
///
/// **Threads.** The engine's loop.
package struct ChannelReader: Sendable {
    /// How much is read at a time.
    static let limit = ReadLimit(messagesMax: 64, bytesMax: 1 << 20)

    let engine: any ClusterEngine
    let channel: ChannelName

    package init(_ engine: any ClusterEngine, _ channel: ChannelName) {
        self.engine = engine
        self.channel = channel
    }

    /// A record, and its place.
    typealias Found = (record: ChannelRecord, place: UInt64)

    /// A valid record that is as new as the newest one's predecessor, or newer; nil where there is none.
    ///
    /// The newest record may be void. The one that it was written behind is not, so that the first record
    /// that names the same is valid.
    func newestValid(_ answer: @escaping EngineAnswer<Found?>) {
        engine.newest(of: channel) { result in
            do throws(ClusterError) {
                guard let newest = try result.get() else { return answer(.success(nil)) }
                let behind = try ChannelRecord(newest.bytes, of: channel).behind
                engine.read(channel, from: behind + 1, limit: Self.limit) { result in
                    answer(Self.first(behind, result, channel))
                }
            } catch {
                answer(.failure(error))
            }
        }
    }

    private static func first(
        _ behind: UInt64, _ result: Result<[LogRecord], ClusterError>, _ channel: ChannelName
    ) -> Result<Found?, ClusterError> {
        do throws(ClusterError) {
            for found in try result.get() {
                let record = try ChannelRecord(found.bytes, of: channel)
                if record.behind == behind { return .success((record, found.place)) }
            }
            throw ClusterError(.recordsLost, expected: "a record behind place \(behind)", got: "none")
        } catch {
            return .failure(error)
        }
    }

    // MARK: By number

    /// What is wanted: messages from a number on, of a log whose record with the message before it is known.
    struct Wanted: Sendable {
        let next: MessageSequence
        /// The record that has the message before; nil where nobody asks.
        let epoch: UInt64?
        let limit: ReadLimit

        /// The message that is looked for: the one before has to be read too where its record is asked for.
        var sequence: MessageSequence {
            epoch == nil ? next : ChannelPosition(next: next, epoch: 0).last ?? .first
        }

        /// Why it cannot be had from a log that has these numbers.
        func missing(_ first: MessageSequence, _ end: MessageSequence) -> ClusterError {
            // What somebody has had was there: the log has lost it, unless it was removed.
            let code: ClusterError.Code = epoch == nil || sequence < first ? .notFound : .recordsLost
            return ClusterError(code, expected: "\(first)...\(end)", got: "\(next)")
        }
    }

    /// Messages from a number on, oldest first, at most as the limit says but at least one entry; nothing
    /// where the number is the next to be given.
    package func read(
        from sequence: MessageSequence, limit: ReadLimit,
        answer: @escaping EngineAnswer<[StoredBatch]>
    ) {
        find(Wanted(next: sequence, epoch: nil, limit: limit)) { answer($0.map(\.batches)) }
    }

    /// Messages behind a position, of the log that it is of: `otherHistory` where that is another one,
    /// `recordsLost` where the log ends before it, `notFound` where what came before it was removed.
    package func read(
        behind position: ChannelPosition, limit: ReadLimit,
        answer: @escaping EngineAnswer<ChannelHistory>
    ) {
        let isBeginning = position.last == nil
        let epoch = isBeginning ? nil : position.epoch
        find(Wanted(next: position.next, epoch: epoch, limit: limit)) { result in
            answer(
                result.map { history in
                    var history = history
                    history.batches = history.batches.map { $0.following(position.next) }
                    return history
                })
        }
    }

    func find(_ wanted: Wanted, _ answer: @escaping EngineAnswer<ChannelHistory>) {
        newestValid { result in
            switch result {
            case .failure(let error): answer(.failure(error))
            case .success(nil):
                guard wanted.next == .first else {
                    return answer(.failure(wanted.missing(.first, .first)))
                }
                answer(.success(ChannelHistory(position: .beginning, place: 0)))
            case .success(let newest?):
                if newest.record.first <= wanted.sequence {
                    return walk(ChannelWalk(newest.record, wanted), answer)
                }
                oldest(wanted, newest, answer)
            }
        }
    }

    private func oldest(
        _ wanted: Wanted, _ newest: Found, _ answer: @escaping EngineAnswer<ChannelHistory>
    ) {
        engine.read(channel, from: 1, limit: ReadLimit(messagesMax: 1, bytesMax: 1)) { result in
            do throws(ClusterError) {
                guard let found = try result.get().first else {
                    throw ClusterError(.recordsLost, expected: "records", got: "none")
                }
                let record = try ChannelRecord(found.bytes, of: channel)
                guard record.first <= wanted.sequence else {
                    throw wanted.missing(record.first, newest.record.range.upperBound)
                }
                search(wanted, (record, found.place), newest.place, answer)
            } catch {
                answer(.failure(error))
            }
        }
    }

    /// Halves the places between a record that begins at the number or before it, and one that does not.
    private func search(
        _ wanted: Wanted, _ low: Found, _ high: UInt64, _ answer: @escaping EngineAnswer<ChannelHistory>
    ) {
        let middle = low.place + (high - low.place) / 2
        if low.record.range.contains(wanted.sequence) || middle == low.place {
            return walk(ChannelWalk(low.record, wanted), answer)
        }
        engine.read(channel, from: middle, limit: ReadLimit(messagesMax: 1, bytesMax: 1)) { result in
            do throws(ClusterError) {
                guard let found = try result.get().first, found.place < high else {
                    return search(wanted, low, middle, answer)
                }
                let record = try ChannelRecord(found.bytes, of: channel)
                if record.first <= wanted.sequence {
                    search(wanted, (record, found.place), high, answer)
                } else {
                    search(wanted, low, middle, answer)
                }
            } catch {
                answer(.failure(error))
            }
        }
    }

    /// Follows the chain until there is enough, or no more.
    private func walk(_ walk: ChannelWalk, _ answer: @escaping EngineAnswer<ChannelHistory>) {
        engine.read(channel, from: walk.chain.seen + 1, limit: Self.limit) { result in
            do throws(ClusterError) {
                var walk = walk
                let records = try result.get()
                for found in records where !walk.isDone {
                    try walk.take(try ChannelRecord(found.bytes, of: channel), at: found.place)
                }
                if !records.isEmpty && !walk.isDone { return self.walk(walk, answer) }
                guard walk.wanted.next <= walk.chain.next else {
                    throw walk.wanted.missing(.first, walk.chain.next)
                }
                answer(.success(walk.history))
            } catch {
                answer(.failure(error))
            }
        }
    }

    /// The newest record of the chain and its place; nil for a channel without any.
    func newest(_ answer: @escaping EngineAnswer<Found?>) {
        newestValid { result in
            switch result {
            case .failure(let error): answer(.failure(error))
            case .success(nil): answer(.success(nil))
            case .success(let newest?):
                follow(ChannelChain(before: newest.record), newest, answer)
            }
        }
    }

    private func follow(
        _ chain: ChannelChain, _ newest: Found, _ answer: @escaping EngineAnswer<Found?>
    ) {
        engine.read(channel, from: chain.seen + 1, limit: Self.limit) { result in
            do throws(ClusterError) {
                var (chain, newest) = (chain, newest)
                let records = try result.get()
                for found in records {
                    let record = try ChannelRecord(found.bytes, of: channel)
                    if try chain.apply(record, at: found.place) == .valid { newest = (record, found.place) }
                }
                if records.isEmpty {
                    answer(.success(newest))
                } else {
                    follow(chain, newest, answer)
                }
            } catch {
                answer(.failure(error))
            }
        }
    }
}

/// A walk along a chain that gathers messages from a number on.
struct ChannelWalk: Sendable {
    private(set) var chain: ChannelChain
    let wanted: ChannelReader.Wanted
    private(set) var history: ChannelHistory
    private(set) var isDone = false
    private var (messages, bytes) = (0, 0)

    /// Begins behind the valid record that another was written behind, which may be void itself.
    init(_ record: ChannelRecord, _ wanted: ChannelReader.Wanted) {
        chain = ChannelChain(before: record)
        self.wanted = wanted
        history = ChannelHistory(position: ChannelPosition(next: wanted.next, epoch: wanted.epoch ?? 0))
    }

    mutating func take(_ record: ChannelRecord, at place: UInt64) throws(ClusterError) {
        guard try chain.apply(record, at: place) == .valid else { return }
        let epoch = record.epoch
        if let expected = wanted.epoch, record.range.contains(wanted.sequence), epoch != expected {
            throw ClusterError(
                .otherHistory, expected: "the record that had message \(wanted.sequence)", got: "another")
        }
        if record.range.upperBound == wanted.next {
            history.position = ChannelPosition(next: wanted.next, epoch: epoch)
            history.place = place
        }
        for batch in record.batches where batch.range.upperBound > wanted.next {
            let (count, size) = (batch.batch.messages.count, batch.batch.byteCount)
            let fits = count <= wanted.limit.messagesMax - messages && size <= wanted.limit.bytesMax - bytes
            if !history.batches.isEmpty && !fits {
                isDone = true
                return
            }
            messages += count
            bytes += size
            history.batches.append(batch)
            history.epochs.append(epoch)
            history.position = ChannelPosition(next: batch.range.upperBound, epoch: epoch)
            history.place = batch.range.upperBound == record.range.upperBound ? place : nil
        }
    }
}

extension ChannelRecord {
    /// The entries as batches of a store.
    public var batches: [StoredBatch] {
        var number = first
        return entries.map { entry in
            var batch = MessageBatch(entry.messages)
            batch.term = term
            batch.identity = entry.identity
            defer { number = number + entry.messages.count }
            return StoredBatch(first: number, batch: batch)
        }
    }
}
