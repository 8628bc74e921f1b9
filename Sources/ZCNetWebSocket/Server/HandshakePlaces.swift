import ZCNet

/// A connection without a conversation, as other loops know it.
struct PendingHandshake: Sendable {
    let remote: RemoteConnection
    let exchange: LoopBound<HTTPExchange>
}

/// Who has a place among the connections without a conversation, and in which order they came. One thread at
/// a time.
///
/// O(1), on average.
struct HandshakePlaces {
    /// Everybody who has a place, and whether it may be taken away.
    private var isMovable: [ConnectionID: Bool] = [:]
    private var row = ArrivalRow<PendingHandshake>()

    var count: Int { isMovable.count }

    /// How long the row is, for tests of its bound.
    var rowCount: Int { row.placeCount }

    /// Gives a place, behind all others.
    mutating func enter(_ handshake: PendingHandshake) {
        if row.isOvergrown(staying: count) {
            let movable = isMovable
            row.clear { movable[$0.remote.id] != true }
        }
        isMovable[handshake.remote.id] = true
        row.append(handshake)
    }

    /// Gives a place back; one that was taken away before is nobody's loss.
    mutating func leave(_ id: ConnectionID) { isMovable[id] = nil }

    /// Lets a connection keep its place until it leaves.
    mutating func hold(_ id: ConnectionID) { if isMovable[id] != nil { isMovable[id] = false } }

    /// Takes the place of the one that came first away; nil where all are held.
    mutating func takeOldest() -> PendingHandshake? {
        while let oldest = row.takeFirst() {
            guard isMovable[oldest.remote.id] == true else { continue }
            isMovable[oldest.remote.id] = nil
            return oldest
        }
        return nil
    }
}
