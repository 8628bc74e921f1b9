#if TLS
import ZCNet

/// Who goes on with a handshake when: one step per turn of the loop, as each takes longer than a turn should.
///
/// Handshakes under way go first: they hold some 40 KiB each, and end with their next step.
struct HandshakePacer {
    private var lastTurn: MonotonicInstant?
    private var underWay = Line()
    private var new = Line()

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
                }
            }
            return ids[first]
        }
    }

    var isEmpty: Bool { underWay.isEmpty && new.isEmpty }

    /// Whether a step may be taken at once: nobody waits, and none was taken in this turn.
    mutating func takesStep(at turn: MonotonicInstant) -> Bool {
        guard isEmpty, lastTurn != turn else { return false }
        lastTurn = turn
        return true
    }

    /// Has a connection wait; true where nobody did before.
    mutating func append(_ id: ConnectionID, isUnderWay: Bool) -> Bool {
        let wasEmpty = isEmpty
        if isUnderWay { underWay.ids.append(id) } else { new.ids.append(id) }
        return wasEmpty
    }

    /// Whose turn it is.
    mutating func popFirst(at turn: MonotonicInstant) -> ConnectionID? {
        lastTurn = turn
        return underWay.popFirst() ?? new.popFirst()
    }
}
#endif
