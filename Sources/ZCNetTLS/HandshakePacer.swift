#if TLS
import ZCNet

/// Who goes on with a handshake when: one step per turn of the loop, as each takes longer than a turn should,
/// and only so many under way at a time.
///
/// Handshakes under way go first: they hold some 45 KiB each, and end with their next step.
struct HandshakePacer {
    private let underWayMax: Int
    private var lastTurn: MonotonicInstant?
    private var underWay = Line()
    private var new = Line()
    /// How many have begun and not come to an end.
    private(set) var underWayCount = 0
    /// Whether the loop has been asked for a turn that goes on with those that wait.
    var isTurnRequested = false

    init(underWayMax: Int) { self.underWayMax = underWayMax }

    /// A queue that does not move what it holds.
    private struct Line {
        var ids: [ConnectionID] = []
        var first = 0

        var isEmpty: Bool { first == ids.count }

        mutating func popFirst() -> ConnectionID? {
            if isEmpty { return nil }
            defer {
                first += 1
                if first == ids.count {
                    ids.removeAll(keepingCapacity: ids.capacity <= 1024)
                    first = 0
                } else if first >= 1024 && first * 2 > ids.count {
                    ids.removeFirst(first)
                    first = 0
                }
            }
            return ids[first]
        }
    }

    private var hasRoom: Bool { underWayCount < underWayMax }

    /// Whether anybody waits who might go on.
    var isReady: Bool { !underWay.isEmpty || (hasRoom && !new.isEmpty) }

    /// Whether anybody waits.
    var isEmpty: Bool { underWay.isEmpty && new.isEmpty }

    /// How many entries the lines hold, for tests.
    var heldCount: Int { underWay.ids.count + new.ids.count }

    /// Whether a step may be taken at once: nobody waits in front, none was taken in this turn, and for one
    /// that begins there is room.
    mutating func takesStep(at turn: MonotonicInstant, isUnderWay: Bool) -> Bool {
        guard underWay.isEmpty, isUnderWay || (new.isEmpty && hasRoom), lastTurn != turn else { return false }
        lastTurn = turn
        return true
    }

    /// Has a connection wait.
    mutating func append(_ id: ConnectionID, isUnderWay: Bool) {
        if isUnderWay { underWay.ids.append(id) } else { new.ids.append(id) }
    }

    /// Whose turn it is, and whether it begins with it.
    mutating func popFirst() -> (id: ConnectionID, isNew: Bool)? {
        if let id = underWay.popFirst() { return (id, false) }
        if hasRoom, let id = new.popFirst() { return (id, true) }
        return nil
    }

    /// The turn's step is somebody's who waited.
    mutating func gaveStep(at turn: MonotonicInstant) { lastTurn = turn }

    /// A handshake has begun, or is to with the step that was given to it.
    mutating func began() { underWayCount += 1 }

    /// One that had begun is over, however.
    mutating func ended() { underWayCount -= 1 }
}
#endif
