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

/// How a loop comes to its end: what its connections have received already is handled first, then they are
/// closed in good order, and at the deadline in any order.
///
/// A state machine of its own: told of turns, it answers what the host is to do.
struct Shutdown {
    /// How far the shutdown has come.
    private enum Phase {
        case none
        /// Listeners are closed; what has been received already is still being handled.
        case handlingReceived(turnsLeft: Int)
        /// Connections are on their way out, but for `pressed` ones whose blocked output kept them from
        /// being read; they are looked at again by an idle turn, or after so many.
        case closing(pressed: Int, turnsLeft: Int)
    }

    /// What the host is to do in a turn.
    enum Step {
        case nothing
        /// Another turn must come for the shutdown to go on.
        case turnAgain
        /// Closes those that blocked output does not keep from being read, and says how many it does.
        case closeUnpressed
        /// Ends whoever is left: the deadline has passed.
        case abort
    }

    /// How many turns are granted to peers that do not stop sending.
    static let turnsMax = 64

    private var phase = Phase.none
    /// When everybody must be gone.
    private(set) var deadline = MonotonicInstant.zero

    /// Whether the loop has been asked to end.
    var hasBegun: Bool { if case .none = phase { false } else { true } }

    /// The loop is asked to end, perhaps once more and sooner; whether for the first time.
    mutating func begin(by deadline: MonotonicInstant) -> Bool {
        self.deadline = deadline
        if hasBegun { return false }
        phase = .handlingReceived(turnsLeft: Self.turnsMax)
        return true
    }

    /// A turn is over. It was idle where nothing was due in it.
    mutating func turnEnded(at now: MonotonicInstant, wasIdle: Bool) -> Step {
        switch phase {
        case .none: return .nothing
        case .handlingReceived(let turns):
            // The turn of the request began before it, and so says nothing about what has come since.
            let isFirst = turns == Self.turnsMax
            guard (!wasIdle || isFirst) && turns > 0 && now < deadline else { return .closeUnpressed }
            phase = .handlingReceived(turnsLeft: turns - 1)
            return .turnAgain
        case .closing(let pressed, let turns):
            if now >= deadline { return .abort }
            if pressed == 0 { return .nothing }
            if wasIdle || turns == 0 { return .closeUnpressed }
            phase = .closing(pressed: pressed, turnsLeft: turns - 1)
            return .turnAgain
        }
    }

    /// All are on their way out but `pressed` ones.
    mutating func didClose(pressed: Int) { phase = .closing(pressed: pressed, turnsLeft: Self.turnsMax) }
}
