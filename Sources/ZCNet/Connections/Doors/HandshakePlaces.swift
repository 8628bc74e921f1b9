/// A connection without a conversation, as other loops know it.
struct PendingHandshake: Sendable {
    let remote: RemoteConnection
    /// What serves it: once it was handed over, it is not the handshake that was meant.
    let role: UInt16
}

/// Who has a place among the connections without a conversation, and in which order they came. One thread at
/// a time.
///
/// O(1), on average.
struct HandshakePlaces {
    private var places: [ConnectionID: Place] = [:]
    private var row = ArrivalRow<PendingHandshake>()

    private struct Place {
        /// A connection may come twice: as what it was first, and again as what it was handed over to.
        let role: UInt16
        /// Whether the place may be taken away.
        var isMovable = true
    }

    var count: Int { places.count }

    /// How long the row is, for tests of its bound.
    var rowCount: Int { row.placeCount }

    /// Gives a place, behind all others.
    mutating func enter(_ handshake: PendingHandshake) {
        if row.isOvergrown(staying: count) {
            let places = places
            row.clear { !Self.isMovable($0, places) }
        }
        places[handshake.remote.id] = Place(role: handshake.role)
        row.append(handshake)
    }

    /// Gives a place back; one that was taken away before is nobody's loss.
    mutating func leave(_ id: ConnectionID) { places[id] = nil }

    /// Lets a connection keep its place until it leaves.
    mutating func hold(_ id: ConnectionID) { places[id]?.isMovable = false }

    /// Takes the place of the one that came first away; nil where all are held.
    mutating func takeOldest() -> PendingHandshake? {
        while let oldest = row.takeFirst() {
            guard Self.isMovable(oldest, places) else { continue }
            places[oldest.remote.id] = nil
            return oldest
        }
        return nil
    }

    private static func isMovable(_ handshake: PendingHandshake, _ places: [ConnectionID: Place]) -> Bool {
        guard let place = places[handshake.remote.id] else { return false }
        return place.isMovable && place.role == handshake.role
    }
}
