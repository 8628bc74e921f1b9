import ZCNet

/// What a node tells when messages may have been missed, as its engine was away.
protocol ClusterFeed: AnyObject, Sendable {
    /// On the engine's loop.
    func mayHaveMissed()
}

/// The feeds of a node, which does not keep them. The engine's loop.
final class FeedTable: Sendable {
    private struct Entry {
        weak var feed: (any ClusterFeed)?
    }

    private let entries = OwnedCell<[Entry]>([])
    /// How many entries there may be before those of feeds that are gone are looked for.
    private let sweepAt = OwnedCell<Int>(64)

    func add(_ feed: any ClusterFeed) {
        if entries[].count >= sweepAt[] {
            entries[].removeAll { $0.feed == nil }
            sweepAt[] = 2 * entries[].count + 64
        }
        entries[].append(Entry(feed: feed))
    }

    /// Tells all of them.
    func mayHaveMissed() {
        for entry in entries[] { entry.feed?.mayHaveMissed() }
    }
}
