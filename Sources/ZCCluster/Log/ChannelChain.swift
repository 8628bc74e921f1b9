/// Where a channel's chain ends, and what continuing it takes: a pure function of the records, in the order
/// of their places. See `Docs/Cluster.md`, The argument.
struct ChannelChain: Hashable {
    /// How many records have one digest. Why 32: it is read on opening, and may have 80 KiB.
    static let digestSpacing = 32

    /// Place of the newest valid record; 0 for none.
    private(set) var tail: UInt64 = 0
    /// Place of the newest record that was looked at, valid or void: what the engine compares with.
    private(set) var seen: UInt64 = 0
    /// The next message's number.
    private(set) var next = MessageSequence.first
    /// The term of the newest valid record.
    private(set) var term: UInt64 = 0
    /// Place of the newest record with a digest; 0 for none.
    private(set) var digestPlace: UInt64 = 0
    private var recordsSinceDigest = 0
    private var publishers = PublisherTable()
    /// Whether all publishers are known: not of a chain that is only read on from somewhere.
    private var knowsPublishers = true

    /// What a record is to the chain.
    enum Link: Hashable {
        /// The chain goes on with it.
        case valid
        /// Another one was written behind the same record before it: it means nothing.
        case void
    }

    /// The chain of a channel without records.
    init() {}

    /// The chain just before a record, which may be void: what it was written behind is valid, and its term
    /// is not looked at.
    init(before record: ChannelRecord) {
        tail = record.behind
        seen = record.behind
        next = record.first
        digestPlace = record.digestPlace
        publishers = record.digest
        knowsPublishers = record.digestPlace == 0
    }

    /// Whether the chain can be continued, and not only read.
    var isComplete: Bool { knowsPublishers }

    /// Goes on with the record at the next place of the channel.
    mutating func apply(_ record: ChannelRecord, at place: UInt64) throws(ClusterError) -> Link {
        if record.behind < tail {
            seen = max(seen, place)
            return .void
        }
        guard record.behind == tail, place > tail else {
            throw ClusterError(
                .recordsLost, expected: "a record behind place \(tail)",
                got: "one at \(place) behind \(record.behind)")
        }
        guard record.first == next, record.term >= term else {
            throw ClusterError(
                .corrupt, expected: "message \(next) of term \(term) or later",
                got: "\(record.first) of term \(record.term)")
        }
        if record.digestPlace == 0 {
            guard !knowsPublishers || record.digest == publishers else {
                throw ClusterError(.corrupt, expected: "the digest of what came before", got: "another")
            }
            publishers = record.digest
            knowsPublishers = true
            digestPlace = place
            recordsSinceDigest = 0
        }
        recordsSinceDigest += 1
        var number = record.first
        for entry in record.entries {
            let range = number..<number + entry.messages.count
            if let identity = entry.identity, knowsPublishers { publishers.record(identity, range) }
            number = range.upperBound
        }
        tail = place
        seen = place
        next = number
        term = record.term
        return .valid
    }

    /// What becomes of entries that a leader is to store.
    struct Composition {
        /// What is to be appended; nil where nothing is new.
        var record: ChannelRecord?
        /// What each entry is answered once the record is valid, in their order; at once where it is known.
        var outcomes: [Outcome] = []
    }

    enum Outcome: Hashable {
        /// It is part of the record, with these numbers.
        case stored(Range<MessageSequence>)
        /// It was stored before, or cannot be; true where that is so only if the record becomes valid.
        case answered(Result<Range<MessageSequence>, ClusterError>, withRecord: Bool)
    }

    /// Makes the record that continues the chain with entries, those left out that are there already.
    func compose(_ entries: [ChannelEntry], term: UInt64, author: BatchIdentity) -> Composition {
        precondition(knowsPublishers && term >= self.term, "a chain that this writer may not continue")
        var result = Composition()
        var (preview, number) = (PublisherTable.Preview(of: publishers), next)
        var new: [ChannelEntry] = []
        new.reserveCapacity(entries.count)
        result.outcomes.reserveCapacity(entries.count)
        for entry in entries {
            let range = number..<number + entry.messages.count
            if let identity = entry.identity {
                switch preview.rule(identity, range) {
                case .repeated(let range):
                    let isOfRecord = range.lowerBound >= next
                    result.outcomes.append(.answered(.success(range), withRecord: isOfRecord))
                    continue
                case .stale(let oldest):
                    let error = ClusterError(
                        .stale, expected: "number \(oldest) or later", got: "\(identity.number)")
                    result.outcomes.append(.answered(.failure(error), withRecord: false))
                    continue
                case .new: break
                }
            }
            result.outcomes.append(.stored(range))
            new.append(entry)
            number = range.upperBound
        }
        if new.isEmpty { return result }
        // A new leader writes a digest, so that whoever follows it has little to read.
        let hasDigest =
            digestPlace == 0 || term > self.term || recordsSinceDigest >= Self.digestSpacing
        result.record = ChannelRecord(
            behind: tail, first: next, term: term, author: author, digestPlace: hasDigest ? 0 : digestPlace,
            digest: hasDigest ? publishers : PublisherTable(), entries: new)
        return result
    }

    /// Bytes that a digest would take now.
    var digestBytes: Int { publishers.byteCount }
}
