import ZCNet

/// What this node has for the leader of one channel, in order: a batch is under way, and the others wait,
/// so that what is asked for again cannot come behind what was said after it.
///
/// A value of the node's, on its loop.
struct ChannelOutbox {
    struct Waiting: Sendable {
        var entry: ChannelEntry
        let deadline: MonotonicInstant
        /// Whether an attempt had no answer.
        var mayBeStored = false
        /// Told once, with the numbers of the entry's messages.
        let answer: EngineAnswer<Range<MessageSequence>>
    }

    /// What waits behind the batch that is under way.
    private(set) var queue: [Waiting] = []
    /// The batch that is under way; empty for none.
    private(set) var flight: [Waiting] = []
    /// Names the batch that is under way, so that what comes late of an old one is known.
    private(set) var attempt: UInt64 = 0
    /// How often the batch that is to go was tried in vain.
    private(set) var failures = 0

    var isIdle: Bool { queue.isEmpty && flight.isEmpty }

    /// Whether somebody will send soon.
    private var isDue = false

    /// Puts an entry behind the others; true where nobody would send it, so that the caller has to see to it.
    mutating func add(_ waiting: Waiting) -> Bool {
        queue.append(waiting)
        guard flight.isEmpty && !isDue else { return false }
        isDue = true
        return true
    }

    /// Takes the next batch: as much as fits, and of one publisher no more than the channel's table keeps.
    ///
    /// - Parameter name: what no batch of the node was named before.
    mutating func begin(_ name: UInt64, bytesMax: Int) -> [ChannelEntry] {
        isDue = false
        guard flight.isEmpty else { return [] }
        var (bytes, count) = (0, 0)
        // So few are nobody's too many.
        let mayBeTooMany = queue.count > PublisherTable.recentMax
        var perPublisher: [UInt64: Int] = [:]
        for waiting in queue {
            bytes += waiting.entry.weight
            if count > 0 && (bytes > bytesMax || count == 1024) { break }
            if mayBeTooMany, let producer = waiting.entry.identity?.producer {
                perPublisher[producer, default: 0] += 1
                if perPublisher[producer] ?? 0 > PublisherTable.recentMax { break }
            }
            count += 1
        }
        flight = queue.takeFirst(count)
        attempt = name
        return flight.map(\.entry)
    }

    /// Who is to be told what of a batch, in order. What failed for a while goes to the front of the queue,
    /// where its time is not over. Where one of a publisher's is refused for good, so are those behind it: it
    /// could not come again once they are stored.
    mutating func finish(
        _ outcomes: [NodeMessage.Outcome], at now: MonotonicInstant
    ) -> [(Waiting, NodeMessage.Outcome)] {
        var (told, again): ([(Waiting, NodeMessage.Outcome)], [Waiting]) = ([], [])
        told.reserveCapacity(flight.count)
        var refused: Set<UInt64> = []
        for (var waiting, outcome) in zip(flight, outcomes) {
            guard case .failure(let error) = outcome else {
                told.append((waiting, outcome))
                continue
            }
            if error.code == .unknown { waiting.mayBeStored = true }
            let producer = waiting.entry.identity?.producer ?? 0
            if error.isTemporary && now < waiting.deadline && !refused.contains(producer) {
                again.append(waiting)
                continue
            }
            refused.insert(producer)
            told.append((waiting, .failure(Self.last(error, of: waiting))))
        }
        flight = []
        failures = again.isEmpty ? 0 : failures + 1
        if again.isEmpty && refused.isEmpty { return told }
        let behind = again + queue
        queue = behind.filter { !refused.contains($0.entry.identity?.producer ?? 0) }
        if queue.count == behind.count { return told }
        let error = ClusterError(
            .unavailable, expected: "the publisher's messages before it to be stored", got: "one refused")
        for waiting in behind where refused.contains(waiting.entry.identity?.producer ?? 0) {
            told.append((waiting, .failure(Self.last(error, of: waiting))))
        }
        return told
    }

    /// What is said of an entry in the end: where an attempt had no answer, only that.
    private static func last(_ error: ClusterError, of waiting: Waiting) -> ClusterError {
        guard waiting.mayBeStored, error.code != .unknown, error.code != .stale else { return error }
        return ClusterError(.unknown, expected: "an answer in time", got: "\(error)")
    }
}
