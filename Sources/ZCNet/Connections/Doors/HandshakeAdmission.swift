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
