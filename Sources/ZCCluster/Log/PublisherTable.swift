/// Which messages of a channel's publishers are in its chain already: what makes publishing again harmless.
///
/// Of each publisher the newest ``recentMax`` entries are known with their numbers, of a channel the newest
/// ``publishersMax`` publishers. A function of the chain alone, so that every leader's table is the same.
/// O(1) per entry, but O(publishers) where one has to be forgotten.
struct PublisherTable: Hashable {
    /// Why 256: a group's active members; what lies further back is answered by who asks again at once.
    static let publishersMax = 256
    /// Why 16: what one publisher may have under way at a time, so that all of it can be asked for again.
    static let recentMax = 16
    /// The most bytes of a table in a record.
    static let byteCountMax = publishersMax * (12 + 20 * recentMax)

    /// An entry of the chain.
    struct Stored: Hashable {
        let number: UInt64
        let range: Range<MessageSequence>
    }

    /// What is to be done with an entry.
    enum Ruling: Hashable {
        /// It has these numbers already.
        case repeated(Range<MessageSequence>)
        /// Its number lies before the known ones: if it was stored, then once.
        case stale(oldest: UInt64)
        /// It is to be stored.
        case new
    }

    /// By publisher, the entries with growing numbers.
    private(set) var recents: [UInt64: [Stored]] = [:]

    func rule(_ identity: BatchIdentity) -> Ruling {
        Self.rule(identity, recents[identity.producer] ?? [])
    }

    private static func rule(_ identity: BatchIdentity, _ known: [Stored]) -> Ruling {
        guard let last = known.last, identity.number <= last.number else { return .new }
        if let stored = known.last(where: { $0.number == identity.number }) { return .repeated(stored.range) }
        return .stale(oldest: known.first?.number ?? 0)
    }

    private static func record(
        _ identity: BatchIdentity, _ range: Range<MessageSequence>, _ known: inout [Stored]
    ) {
        if known.count == recentMax { known.removeFirst() }
        known.append(Stored(number: identity.number, range: range))
    }

    /// What a table would rule on the entries of one record in turn, each that is new taken in: a copy of
    /// what is known of their publishers alone.
    struct Preview {
        private let table: PublisherTable
        private var touched: [UInt64: [Stored]] = [:]

        init(of table: PublisherTable) { self.table = table }

        /// Rules on an entry, which gets a range where it is new.
        mutating func rule(_ identity: BatchIdentity, _ range: Range<MessageSequence>) -> Ruling {
            let producer = identity.producer
            var known = touched.removeValue(forKey: producer) ?? table.recents[producer] ?? []
            let ruling = PublisherTable.rule(identity, known)
            if ruling == .new { PublisherTable.record(identity, range, &known) }
            touched[producer] = known
            return ruling
        }
    }

    mutating func record(_ identity: BatchIdentity, _ range: Range<MessageSequence>) {
        Self.record(identity, range, &recents[identity.producer, default: []])
        if recents.count > Self.publishersMax, let silent = bySilence.first { recents[silent] = nil }
    }

    /// Publishers, the one that was silent for longest in front.
    private var bySilence: [UInt64] {
        recents.keys.sorted { last($0) < last($1) }
    }

    private func last(_ producer: UInt64) -> UInt64 {
        recents[producer]?.last?.range.lowerBound.rawValue ?? 0
    }

    // MARK: As a digest

    /// Bytes that the table takes in a record.
    var byteCount: Int { recents.values.reduce(0) { $0 + 12 + 20 * $1.count } }

    func append(to buffer: inout WriteBuffer) throws(WriteBufferError) {
        for producer in bySilence {
            let known = recents[producer] ?? []
            try buffer.append(producer, .littleEndian)
            try buffer.append(UInt32(known.count), .littleEndian)
            for stored in known {
                try buffer.append(stored.number, .littleEndian)
                try buffer.append(stored.range.lowerBound.rawValue, .littleEndian)
                let count = stored.range.upperBound.rawValue - stored.range.lowerBound.rawValue
                try buffer.append(UInt32(count), .littleEndian)
            }
        }
    }

    /// Reads so many publishers.
    init(_ count: Int, from reader: inout RecordReader) throws(ClusterError) {
        guard count <= Self.publishersMax else {
            throw ClusterError(
                .corrupt, expected: "at most \(Self.publishersMax) publishers", got: "\(count)")
        }
        for _ in 0..<count {
            let producer = try reader.integer(UInt64.self)
            let entries = try reader.integer(UInt32.self)
            guard (1...UInt32(Self.recentMax)).contains(entries) else {
                throw ClusterError(
                    .corrupt, expected: "1 to \(Self.recentMax) entries of a publisher", got: "\(entries)")
            }
            var known: [Stored] = []
            for _ in 0..<entries {
                let number = try reader.integer(UInt64.self)
                let first = MessageSequence(rawValue: try reader.integer(UInt64.self))
                let count = try reader.integer(UInt32.self)
                known.append(Stored(number: number, range: first..<first + Int(count)))
            }
            recents[producer] = known
        }
    }

    init() {}
}
