/// How far a connection's output has come with its peer.
package struct OutputProgress {
    /// How many bytes the peer has acknowledged; only differences mean something.
    package let acknowledged: Int64
    /// How many it has not, wherever they are.
    package let outstanding: Int
}

/// How far a peer had come with the output when somebody last looked.
package struct OutputMark {
    /// Nil before the first look.
    package private(set) var acknowledged: Int64?

    package init(acknowledged: Int64? = nil) { self.acknowledged = acknowledged }

    /// Looks once more: whether some output was acknowledged since the last look; nil at the first.
    package mutating func hasMoved(_ progress: OutputProgress) -> Bool? {
        defer { acknowledged = progress.acknowledged }
        return acknowledged.map { progress.acknowledged > $0 }
    }
}

/// Looks at how far output has come, one after the other, by which a peer that reads steadily is told from
/// one that stands still.
package struct OutputWatch {
    /// How many looks a standstill is found out by.
    package static let looksPerPatience = 8

    /// How far the peer had come at the last look.
    var mark: OutputMark
    /// When it was last seen to move, or the watch began.
    private var movedAt: MonotonicInstant

    package init(at now: MonotonicInstant, acknowledged: Int64? = nil) {
        movedAt = now
        mark = OutputMark(acknowledged: acknowledged)
    }

    /// Looks once more. Answers when to look again, or nil where the output has stood still for all of
    /// `patience`, or `limit` has come. A first look takes whatever is outstanding for a sign of life.
    package mutating func look(
        _ progress: OutputProgress, at now: MonotonicInstant, patience: Duration, limit: MonotonicInstant
    ) -> Duration? {
        if mark.hasMoved(progress) ?? (progress.outstanding > 0) { movedAt = now }
        let left = min(movedAt + patience, limit) - now
        if left <= .zero { return nil }
        return progress.outstanding == 0 ? left : min(left, patience / Self.looksPerPatience)
    }
}
