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
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// What rooms counted that are empty now.
        var past = RoomCounts()
    }

    private let state = Locked<State>(State())

    /// The room on a loop, made if need be; called on that loop, which adds a member to it then.
    func open(_ key: Key, on loop: EventLoop) -> LoopRoom {
        state.withLock { state in
            let entry = state.entries[key] ?? Entry()
            if entry.rooms.isEmpty { state.entries[key] = entry }
            if let room = entry.rooms.first(where: { $0.loop === loop }) { return room }
            let room = LoopRoom(loop: loop) { [self] in close(key, $0) }
            entry.rooms.append(room)
            return room
        }
    }

    /// The room on a loop, if that has members of it.
    func find(_ key: Key, on loop: EventLoop) -> LoopRoom? {
        state.withLock { $0.entries[key]?.rooms.first { $0.loop === loop } }
    }

    /// Forgets the room on a loop, whose last member has left; keeps what it counted.
    private func close(_ key: Key, _ room: LoopRoom) {
        state.withLock { state in
            guard let entry = state.entries[key] else { return }
            entry.rooms.removeAll { $0 === room }
            entry.counts += room.figures
            if entry.rooms.isEmpty {
                state.past += entry.counts
                state.entries[key] = nil
            }
        }
    }

    /// The loops to publish to; counts the publication.
    func route(_ key: Key) -> [LoopRoom] {
        state.withLock { state in
            guard let entry = state.entries[key] else {
                state.past.published += 1
                return []
            }
            entry.counts.published += 1
            return entry.rooms
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
