import ZCNet
internal import ZCDelivery

/// What a store has promised, in plain values, and whether what is found keeps it.
package struct StoreLedger {
    struct Entry: Equatable {
        var batch: MessageBatch
        var range: Range<MessageSequence>
        /// The file and the bytes of the group that it was committed in.
        var path: String
        var place: Range<Int>
    }

    /// What is there for certain, from the log's very first batch on: acknowledged, or found by an opening.
    private(set) var entries: [Entry] = []
    /// What may be there besides: the first of these, from none to all.
    private(set) var maybe: [Entry] = []
    /// The first number that can be read lies in here.
    private var first = MessageSequence.first...MessageSequence.first
    /// What the log was like before something was taken back. A disk that lied may show it again.
    private var earlier: [[Entry]] = []

    /// A group was handed over, and it is not known what became of it.
    mutating func begin(
        _ batches: [(MessageBatch, Range<MessageSequence>)], in path: String, at place: Range<Int>
    ) {
        maybe = batches.map { Entry(batch: $0.0, range: $0.1, path: path, place: place) }
    }

    /// The group was acknowledged.
    mutating func acknowledge() {
        entries += maybe
        maybe = []
    }

    /// The group was refused.
    mutating func refuse() { maybe = [] }

    /// Batches from one on are being taken back.
    mutating func beginTruncating(at index: Int) {
        earlier.append(entries)
        maybe = Array(entries[index...])
        entries.removeSubrange(index...)
    }

    mutating func beginReleasing(before sequence: MessageSequence) {
        first = first.lowerBound...max(first.lowerBound, sequence)
    }

    mutating func released(before sequence: MessageSequence) { first = sequence...sequence }

    /// The entries that can be read.
    var readable: ArraySlice<Entry> { entries.drop { $0.range.lowerBound < first.upperBound } }

    /// Compares with what an opening found, which is certain from then on.
    ///
    /// - Parameter damage: bytes that decayed together with all that could tell; what was in them, and all
    ///   behind, may be missing.
    mutating func settle(
        _ found: [StoredBatch], _ extent: StoreExtent, but damage: (path: String, bytes: Range<Int>)?
    ) throws(StoreViolation) {
        let known = entries + maybe
        guard first.contains(extent.range.lowerBound) else {
            throw StoreViolation("begins with \(extent.range.lowerBound), expected \(first)")
        }
        let released = known.prefix { $0.range.lowerBound < extent.range.lowerBound }.count
        try Self.compare(found, known[released...], extent)
        let least = entries.prefix { entry in
            damage.map { $0.path != entry.path || $0.bytes.lowerBound >= entry.place.upperBound } ?? true
        }.count
        guard released + found.count >= least else {
            throw StoreViolation("\(entries.count) batches promised, \(released + found.count) found")
        }
        take(known, released + found.count, extent)
    }

    /// Compares with what was found on a disk that lied: some state that the log was once in.
    mutating func settle(lied found: [StoredBatch], _ extent: StoreExtent) throws(StoreViolation) {
        for known in earlier + [entries + maybe] {
            let released = known.prefix { $0.range.lowerBound < extent.range.lowerBound }.count
            do throws(StoreViolation) {
                try Self.compare(found, known[released...], extent)
                take(known, released + found.count, extent)
                return
            } catch {
                continue
            }
        }
        throw StoreViolation("what was found is no state that the log was ever in")
    }

    /// Whether some group of a file lies behind an offset, and says that what is before it was durable.
    func hasGroup(in path: String, behind offset: Int) -> Bool {
        entries.contains { $0.path == path && $0.place.lowerBound >= offset }
    }

    private mutating func take(_ known: [Entry], _ count: Int, _ extent: StoreExtent) {
        entries = Array(known.prefix(count))
        maybe = []
        first = extent.range.lowerBound...extent.range.lowerBound
    }

    /// Whether all that was found is what was stored, number by number.
    private static func compare(
        _ found: [StoredBatch], _ known: ArraySlice<Entry>, _ extent: StoreExtent
    ) throws(StoreViolation) {
        guard found.count <= known.count else {
            throw StoreViolation("\(found.count) batches found, \(known.count) ever stored")
        }
        var next = extent.range.lowerBound
        for (stored, entry) in zip(found, known) {
            var batch = stored.batch
            batch.position = nil
            guard stored.range.lowerBound == next, stored.range == entry.range, batch == entry.batch else {
                throw StoreViolation(
                    "found \(stored.range) where \(entry.range) was stored, or with other bytes")
            }
            next = stored.range.upperBound
        }
        guard extent.next == next, extent.term >= found.last?.batch.term ?? 0 else {
            throw StoreViolation("the next number is \(extent.next), expected \(next)")
        }
    }
}
