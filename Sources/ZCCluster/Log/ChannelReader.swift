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

    /// Messages from a number on, oldest first, at most as the limit says but at least one entry; nothing
    /// where the number is the next to be given.
    package func read(
        from sequence: MessageSequence, limit: ReadLimit,
        answer: @escaping EngineAnswer<[StoredBatch]>
    ) {
        newestValid { result in
            switch result {
            case .failure(let error): answer(.failure(error))
            case .success(nil):
                guard sequence == .first else {
                    return answer(.failure(Self.missing(sequence, .first, .first)))
                }
                answer(.success([]))
            case .success(let newest?):
                if newest.record.first <= sequence {
                    return walk(ChannelWalk(newest.record, sequence, limit), answer)
                }
                oldest(sequence, limit, newest, answer)
            }
        }
    }

    private func oldest(
        _ sequence: MessageSequence, _ limit: ReadLimit, _ newest: Found,
        _ answer: @escaping EngineAnswer<[StoredBatch]>
    ) {
        engine.read(channel, from: 1, limit: ReadLimit(messagesMax: 1, bytesMax: 1)) { result in
            do throws(ClusterError) {
                guard let found = try result.get().first else {
                    throw ClusterError(.recordsLost, expected: "records", got: "none")
                }
                let record = try ChannelRecord(found.bytes, of: channel)
                guard record.first <= sequence else {
                    throw Self.missing(sequence, record.first, newest.record.range.upperBound)
                }
                search(sequence, limit, (record, found.place), newest.place, answer)
            } catch {
                answer(.failure(error))
            }
        }
    }

    static func missing(
        _ sequence: MessageSequence, _ first: MessageSequence, _ next: MessageSequence
    ) -> ClusterError {
        ClusterError(.notFound, expected: "\(first)...\(next)", got: "\(sequence)")
    }

    /// Halves the places between a record that begins at the number or before it, and one that does not.
    private func search(
        _ sequence: MessageSequence, _ limit: ReadLimit, _ low: Found, _ high: UInt64,
        _ answer: @escaping EngineAnswer<[StoredBatch]>
    ) {
        let middle = low.place + (high - low.place) / 2
        if low.record.range.contains(sequence) || middle == low.place {
            return walk(ChannelWalk(low.record, sequence, limit), answer)
        }
        engine.read(channel, from: middle, limit: ReadLimit(messagesMax: 1, bytesMax: 1)) { result in
            do throws(ClusterError) {
                guard let found = try result.get().first, found.place < high else {
                    return search(sequence, limit, low, middle, answer)
                }
                let record = try ChannelRecord(found.bytes, of: channel)
                if record.first <= sequence {
                    search(sequence, limit, (record, found.place), high, answer)
                } else {
                    search(sequence, limit, low, middle, answer)
                }
            } catch {
                answer(.failure(error))
            }
        }
    }

    /// Follows the chain until there is enough, or no more.
    private func walk(_ walk: ChannelWalk, _ answer: @escaping EngineAnswer<[StoredBatch]>) {
        engine.read(channel, from: walk.chain.seen + 1, limit: Self.limit) { result in
            do throws(ClusterError) {
                var walk = walk
                let records = try result.get()
                for found in records where !walk.isDone {
                    try walk.take(try ChannelRecord(found.bytes, of: channel), at: found.place)
                }
                if !records.isEmpty && !walk.isDone { return self.walk(walk, answer) }
                guard walk.sequence <= walk.chain.next else {
                    throw Self.missing(walk.sequence, .first, walk.chain.next)
                }
                answer(.success(walk.batches))
            } catch {
                answer(.failure(error))
            }
        }
    }

    /// The next number of the channel, and the term of its newest record.
    func end(_ answer: @escaping EngineAnswer<(next: MessageSequence, term: UInt64)>) {
        newestValid { result in
            switch result {
            case .failure(let error): answer(.failure(error))
            case .success(nil): answer(.success((.first, 0)))
            case .success(let newest?): follow(ChannelChain(before: newest.record), answer)
            }
        }
    }

    private func follow(
        _ chain: ChannelChain, _ answer: @escaping EngineAnswer<(next: MessageSequence, term: UInt64)>
    ) {
        engine.read(channel, from: chain.seen + 1, limit: Self.limit) { result in
            do throws(ClusterError) {
                var chain = chain
                let records = try result.get()
                for found in records {
                    _ = try chain.apply(try ChannelRecord(found.bytes, of: channel), at: found.place)
                }
                if records.isEmpty {
                    answer(.success((chain.next, chain.term)))
                } else {
                    follow(chain, answer)
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
    let sequence: MessageSequence
    private let limit: ReadLimit
    private(set) var batches: [StoredBatch] = []
    private(set) var isDone = false
    private var (messages, bytes) = (0, 0)

    /// Begins behind the valid record that another was written behind, which may be void itself.
    init(_ record: ChannelRecord, _ sequence: MessageSequence, _ limit: ReadLimit) {
        chain = ChannelChain(before: record)
        self.sequence = sequence
        self.limit = limit
    }

    mutating func take(_ record: ChannelRecord, at place: UInt64) throws(ClusterError) {
        guard try chain.apply(record, at: place) == .valid else { return }
        for batch in record.batches where batch.range.upperBound > sequence {
            let (count, size) = (batch.batch.messages.count, batch.batch.byteCount)
            let fits = count <= limit.messagesMax - messages && size <= limit.bytesMax - bytes
            if !batches.isEmpty && !fits {
                isDone = true
                return
            }
            messages += count
            bytes += size
            batches.append(batch)
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
