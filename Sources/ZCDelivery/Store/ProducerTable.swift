/// The last batch of each producer, for as many producers as the table may hold: when it is full, the one
/// that was silent for longest is forgotten, once nothing is to be taken back any more.
///
/// O(1) per batch, amortised. One thread at a time.
struct ProducerTable {
    struct Last: Hashable {
        let number: UInt64
        let range: Range<MessageSequence>
    }

    private let producersMax: Int
    private var lasts: [UInt64: Last] = [:]
    /// Identities in the order of their coming, from `oldest` on; those that are not their producer's last
    /// any more mean nothing.
    private var order: [BatchIdentity] = []
    private var oldest = 0

    init(producersMax: Int) { self.producersMax = producersMax }

    var count: Int { lasts.count }

    subscript(producer: UInt64) -> Last? { lasts[producer] }

    /// Notes a producer's batch; what was known of it before comes back. Forgets nobody, so that it can be
    /// restored: see ``forgetSilent()``.
    @discardableResult
    mutating func record(_ identity: BatchIdentity, _ range: Range<MessageSequence>) -> Last? {
        let previous = lasts.updateValue(
            Last(number: identity.number, range: range), forKey: identity.producer)
        order.append(identity)
        return previous
    }

    /// Takes the last record of a producer back.
    mutating func restore(_ producer: UInt64, to previous: Last?) { lasts[producer] = previous }

    /// Forgets whom there is no room for.
    mutating func forgetSilent() {
        while lasts.count > producersMax, oldest < order.count {
            let identity = order[oldest]
            oldest += 1
            if lasts[identity.producer]?.number == identity.number { lasts[identity.producer] = nil }
        }
        // Why: what no longer means anything goes when it is most of the list, so the list stays bounded.
        guard order.count > 2 * producersMax + 64 else { return }
        order = order[oldest...].filter { lasts[$0.producer]?.number == $0.number }
        oldest = 0
    }
}
