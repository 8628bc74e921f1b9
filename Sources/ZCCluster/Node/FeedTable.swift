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

/// When a feed looks into the log again after a failure, and whether it does.
struct LookAgain {
    private var failures = 0

    /// How often a log that ends before what it had is looked at again: a server that has just become the
    /// stream's leader may not know all of it yet.
    private static let failuresMax = 8

    /// Whether a log that seems to have lost something may be one that is not all known yet.
    var mayPass: Bool { failures < Self.failuresMax }

    /// Whether what a look failed with may be gone the next time.
    func mayPass(_ error: ClusterError) -> Bool {
        error.isTemporary || (error.code == .recordsLost && mayPass)
    }

    /// A look has succeeded.
    mutating func succeeded() { failures = 0 }

    /// A look has failed: how long to wait for the next.
    mutating func delay(from first: Duration) -> Duration {
        defer { failures += 1 }
        return first * (1 << min(failures, 6))
    }
}
