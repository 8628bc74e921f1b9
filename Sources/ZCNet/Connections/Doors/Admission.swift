/// Who may come in: the limits that all loops of one server share. IPv6 addresses are counted by the network
/// of 64 bits that one customer has, since all of its addresses are his.
///
/// Asked once per accepted and once per ended connection, from any loop; never per message, so a lock does.
@usableFromInline
package final class Admission: Sendable {
    private let connectionsMax: Int?
    private let perAddressMax: Int?
    /// Who has a place until its conversation begins, where a protocol counts those; what secures connections
    /// counts its handshakes among them.
    package let handshakes: HandshakeAdmission?
    private let state = Locked(State())

    private struct State {
        var count = 0
        var perAddress: [IPAddress: Int] = [:]
        /// Listeners that wait for room.
        var waiting: [@Sendable () -> Void] = []
    }

    enum Verdict: Equatable {
        /// The connection may come in; `isFull` says that nobody else may.
        case admitted(isFull: Bool)
        case tooMany
        case tooManyFromAddress
    }

    init(connectionsMax: Int?, perAddressMax: Int?, handshakes: HandshakeAdmission? = nil) {
        self.handshakes = handshakes
        self.connectionsMax = connectionsMax
        self.perAddressMax = perAddressMax
    }

    var count: Int { state.withLock { $0.count } }

    /// Whether all places are taken.
    var isFull: Bool { connectionsMax.map { count >= $0 } ?? false }

    func admit(_ peer: IPEndpoint) -> Verdict {
        state.withLock { state in
            if let connectionsMax, state.count >= connectionsMax { return .tooMany }
            if let perAddressMax, peer.isIP {
                let client = peer.address.countedNetwork
                let count = state.perAddress[client, default: 0]
                if count >= perAddressMax { return .tooManyFromAddress }
                state.perAddress[client] = count + 1
            }
            state.count += 1
            return .admitted(isFull: state.count == connectionsMax)
        }
    }

    func release(_ peer: IPEndpoint) {
        let waiting = state.withLock { state in
            state.count -= 1
            let client = peer.address.countedNetwork
            if perAddressMax != nil, peer.isIP, let count = state.perAddress[client] {
                // Addresses without connections are forgotten, so the table never outgrows the connections.
                state.perAddress[client] = count > 1 ? count - 1 : nil
            }
            if state.waiting.isEmpty { return [] as [@Sendable () -> Void] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for resume in waiting { resume() }
    }

    /// Calls `resume` once when there is room again; at once if there is room already.
    func whenRoom(_ resume: @escaping @Sendable () -> Void) {
        let hasRoom = state.withLock { state in
            if let connectionsMax, state.count >= connectionsMax {
                state.waiting.append(resume)
                return false
            }
            return true
        }
        if hasRoom { resume() }
    }
}

/// How many connections may be without a conversation: a limit that all loops of one server share.
///
/// Where all places are taken, the connection that came first goes: strangers who say nothing, or not all of
/// it, cannot keep out whoever comes behind them, who only needs a place for as long as its handshake takes.
///
/// Asked once when a connection is opened and once when its handshake is over, from any loop; never per
/// message, so a lock does. A server without the limit has none of these.
@usableFromInline
package final class HandshakeAdmission: Sendable {
    private let most: Int
    private let places = Locked(HandshakePlaces())

    /// Nil where there is no limit.
    ///
    /// - Parameters:
    ///   - handshakesMax: how many; nil is half of the connections, where those are more than 64.
    ///   - connectionsMax: the most connections.
    package init?(_ handshakesMax: Int?, ofConnections connectionsMax: Int?) {
        let share = connectionsMax.map { max($0 / 2, min($0, 64)) }
        guard let most = handshakesMax ?? share else { return nil }
        self.most = most
    }

    /// How many connections are without a conversation, for tests of the bound.
    package var count: Int { places.withLock { $0.count } }

    // MARK: Coming and going

    /// What asking for a place comes to.
    package enum Entrance: Sendable {
        case admitted
        /// The connection has a place, and the one that came first has lost its own.
        case admittedForAnother
        /// There are too many, and none of them can be ended. The observer was told.
        case refused
    }

    /// Gives a new connection a place: where there is none, that of the one that came first.
    package func enter(_ base: ConnectionBase) -> Entrance {
        switch begin(PendingHandshake(remote: base.remote, role: base.slot[].role)) {
        case .admitted: return .admitted
        case .admittedInPlaceOf(let oldest):
            end(oldest, passingOn: Self.passesMax)
            return .admittedForAnother
        case .refused:
            base.turnedAway(base.slot[].peer.socketAddress, .handshakesMax)
            return .refused
        }
    }

    /// The application decides about the connection: it keeps its place until then.
    package func hold(_ id: ConnectionID) { places.withLock { $0.hold(id) } }

    /// The connection has become a conversation, or has ended.
    package func leave(_ id: ConnectionID) { places.withLock { $0.leave(id) } }

    // MARK: Places

    enum Verdict {
        case admitted
        /// Another one has lost its place to it, and is to be ended.
        case admittedInPlaceOf(PendingHandshake)
        case refused
    }

    func begin(_ handshake: PendingHandshake) -> Verdict {
        places.withLock { places in
            let isFull = places.count >= most
            guard let oldest = isFull ? places.takeOldest() : nil else {
                if isFull { return .refused }
                places.enter(handshake)
                return .admitted
            }
            places.enter(handshake)
            return .admittedInPlaceOf(oldest)
        }
    }

    /// So many connections that are taking an answer are passed over for one that is not.
    private static let passesMax = 8

    /// Ends a connection that has lost its place, on its own loop; one that is taking an answer passes that
    /// on to the next, if there is one and not too many have done so.
    private func end(_ handshake: PendingHandshake, passingOn passesLeft: Int) {
        handshake.remote.perform(isControl: true) { [self] base, _ in
            // By now it may be a conversation, or over.
            guard base.isStranger, base.slot[].role == handshake.role, base.takesAnswers else { return }
            if passesLeft > 0, base.slot[].queuedBytes > 0, let next = passOn(handshake) {
                return end(next, passingOn: passesLeft - 1)
            }
            base.turnOut()
        }
    }

    /// Takes a place back that the connection has lost, where another can lose its own instead: the next
    /// oldest one. Nil when there is none.
    private func passOn(_ handshake: PendingHandshake) -> PendingHandshake? {
        places.withLock { places in
            guard let next = places.takeOldest() else { return nil }
            places.enter(handshake)
            return next
        }
    }
}

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
