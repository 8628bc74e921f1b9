import ZCNet

/// Which loops have members of which room. Any thread.
///
/// One short lock: taken once per join, leave and publication, and never per member.
final class RoomDirectory<Key: Hashable & Sendable>: Sendable {
    /// A room that has members. Under the lock.
    private final class Entry {
        /// One for each loop that has members.
        var rooms: [LoopRoom] = []
        /// What is counted here, and by loops that have no members any more.
        var counts = RoomCounts()
        /// The last publication's number.
        var number: UInt64 = 0
        var history = RoomHistory()
        /// What those members are called that have joined with a name.
        var names: [ConnectionID: String] = [:]
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// What rooms counted that are empty now.
        var past = RoomCounts()
        /// What the histories of all rooms hold.
        var historyBytes = 0
    }

    private let state = Locked<State>(State())
    private let limits: RoomHistoryLimits
    /// Told of members with names that come and go, on their loops.
    private let presence: (@Sendable (RoomPresence<Key>) -> Void)?

    init(_ limits: RoomHistoryLimits, _ presence: (@Sendable (RoomPresence<Key>) -> Void)?) {
        self.limits = limits
        self.presence = presence
    }

    /// Where a member that joins now stands among the publications.
    struct Entrance: Sendable {
        let room: LoopRoom
        /// The last publication that it is not sent any more, as the history had it; 0 where rooms keep none:
        /// what waits for the loop then is for whoever has joined meanwhile.
        let told: UInt64
        let history: [PreparedMessage]
    }

    /// The room on a loop, made if need be, and what was published there before; called on that loop, which
    /// adds a member to it then. What is published from now on is posted to the room.
    func open(_ key: Key, on loop: EventLoop) -> Entrance {
        state.withLock { state in
            let entry = state.entries[key] ?? Entry()
            if entry.rooms.isEmpty { state.entries[key] = entry }
            let room: LoopRoom
            if let found = entry.rooms.first(where: { $0.loop === loop }) {
                room = found
            } else {
                room = LoopRoom(loop: loop) { [self] room, id in left(key, room, id) }
                entry.rooms.append(room)
            }
            let told = limits.messagesMax > 0 ? entry.number : 0
            return Entrance(room: room, told: told, history: entry.history.messages)
        }
    }

    // MARK: Who is there

    /// A member has joined with a name.
    func enter(_ key: Key, _ id: ConnectionID, as name: String) {
        let count = state.withLock { state -> Int? in
            guard let entry = state.entries[key] else { return nil }
            entry.names[id] = name
            return entry.names.count
        }
        guard let count else { return }
        presence?(RoomPresence(room: key, id: id, name: name, hasJoined: true, count: count))
    }

    /// The names of those that have joined with one.
    func names(_ key: Key) -> [ConnectionID: String] { state.withLock { $0.entries[key]?.names ?? [:] } }

    /// A member is gone from its room on a loop, which is forgotten without members.
    private func left(_ key: Key, _ room: LoopRoom, _ id: ConnectionID) {
        let parted = state.withLock { state -> (name: String, count: Int)? in
            guard let entry = state.entries[key] else { return nil }
            let name = entry.names.removeValue(forKey: id)
            return name.map { ($0, entry.names.count) }
        }
        if room.memberCount == 0 { close(key, room) }
        guard let parted else { return }
        presence?(RoomPresence(room: key, id: id, name: parted.name, hasJoined: false, count: parted.count))
    }

    /// The room on a loop, if that has members of it.
    func find(_ key: Key, on loop: EventLoop) -> LoopRoom? {
        state.withLock { $0.entries[key]?.rooms.first { $0.loop === loop } }
    }

    /// A room on all loops that have members of it.
    func rooms(_ key: Key) -> [LoopRoom] { state.withLock { $0.entries[key]?.rooms ?? [] } }

    /// Forgets the room on a loop, whose last member has left; keeps what it counted.
    private func close(_ key: Key, _ room: LoopRoom) {
        state.withLock { state in
            guard let entry = state.entries[key] else { return }
            entry.rooms.removeAll { $0 === room }
            entry.counts += room.figures
            if entry.rooms.isEmpty {
                state.past += entry.counts
                state.historyBytes -= entry.history.bytes
                state.entries[key] = nil
            }
        }
    }

    /// The loops to publish a message to, and its number; counts the publication, and keeps it where there is
    /// a history. The message is made where somebody hears it.
    func route(
        _ key: Key, _ make: () -> PreparedMessage
    ) -> (rooms: [LoopRoom], number: UInt64, message: PreparedMessage)? {
        // Encoding takes longer than the lock is to be held.
        let kept = limits.messagesMax > 0 ? make() : nil
        return advance(key, keeping: kept).map { ($0.rooms, $0.number, kept ?? make()) }
    }

    private func advance(
        _ key: Key, keeping message: PreparedMessage?
    ) -> (rooms: [LoopRoom], number: UInt64)? {
        state.withLock { state in
            guard let entry = state.entries[key] else {
                state.past.published += 1
                return nil
            }
            entry.counts.published += 1
            entry.number += 1
            if let message {
                state.historyBytes -= entry.history.bytes
                entry.history.append(message, limits, othersBytes: state.historyBytes)
                state.historyBytes += entry.history.bytes
            }
            return (entry.rooms, entry.number)
        }
    }

    /// Counts members that a publication did not reach.
    func didNotReach(_ count: Int, of key: Key) {
        state.withLock { state in
            if let entry = state.entries[key] {
                entry.counts.unreached += count
            } else {
                state.past.unreached += count
            }
        }
    }

    var keys: [Key] { state.withLock { Array($0.entries.keys) } }

    func counts(_ key: Key) -> RoomCounts {
        state.withLock { state in state.entries[key].map(Self.sum) ?? RoomCounts() }
    }

    /// Of all rooms, also of those that are empty now.
    var counts: RoomCounts {
        state.withLock { state in
            state.entries.values.reduce(into: state.past) { $0 += Self.sum($1) }
        }
    }

    private static func sum(_ entry: Entry) -> RoomCounts {
        var counts = entry.counts
        counts.rooms = 1
        for room in entry.rooms { counts += room.figures }
        return counts
    }
}
