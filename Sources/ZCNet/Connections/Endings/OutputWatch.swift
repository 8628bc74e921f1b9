/// How far a connection's output has come with its peer.
package struct OutputProgress {
    /// How many bytes the peer has acknowledged; only differences mean something.
    package let acknowledged: Int64
    /// How many it has not, wherever they are.
    package let outstanding: Int
}

/// Looks at how far output has come, one after the other, by which a peer that reads steadily is told from
/// one that stands still.
package struct OutputWatch {
    /// How many looks a standstill is found out by.
    package static let looksPerPatience = 8

    /// How far the peer had acknowledged the output at the last look; nil before the first.
    var acknowledged: Int64?
    /// When it was last seen to move, or the watch began.
    private var movedAt: MonotonicInstant

    package init(at now: MonotonicInstant, acknowledged: Int64? = nil) {
        movedAt = now
        self.acknowledged = acknowledged
    }

    /// Looks once more. Answers when to look again, or nil where the output has stood still for all of
    /// `patience`, or `limit` has come. A first look takes whatever is outstanding for a sign of life.
    package mutating func look(
        _ progress: OutputProgress, at now: MonotonicInstant, patience: Duration, limit: MonotonicInstant
    ) -> Duration? {
        let hasMoved = acknowledged.map { progress.acknowledged > $0 } ?? (progress.outstanding > 0)
        if hasMoved { movedAt = now }
        acknowledged = progress.acknowledged
        let left = min(movedAt + patience, limit) - now
        if left <= .zero { return nil }
        return progress.outstanding == 0 ? left : min(left, patience / Self.looksPerPatience)
    }
}
