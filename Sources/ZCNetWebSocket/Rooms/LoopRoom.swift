import Synchronization
import ZCNet

/// One room on one loop: its members, and what became of their messages.
///
/// **Threads.** `post` from any thread; `figures` and `memberCount` are read from any. All
/// else is used on the loop's thread only. A room is in its directory from before its first member to its
/// last, and holds no host: while there is a member, its connection's host is alive.
///
/// **Complexity.** Joining and leaving are O(1), delivery is O(members) without locks or allocations.
///
/// SAFETY: `Sendable` is unchecked because the members are touched on the loop's thread only.
final class LoopRoom: Membership, @unchecked Sendable {
    private let members: LoopMembers<Member>
    /// Where a connection stands in `members`.
    private var places: [ConnectionID: Int] = [:]
    /// Tells the directory of a member that is gone; without members the room is taken out of it.
    private let left: (LoopRoom, ConnectionID) -> Void

    // Written on the loop's thread only, once per delivery.
    private let delivered = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let closed = Atomic<Int>(0)

    /// A member.
    ///
    /// The conversation is good for as long as this exists: the connection's end takes its memberships with
    /// it before slot, session or core go.
    private struct Member {
        let conversation: Conversation
        /// The last publication before it joined, which it was sent as history, or missed.
        let since: UInt64
        /// Where the room stands among the connection's memberships.
        var ticket: Int
    }

    init(loop: EventLoop, left: @escaping (LoopRoom, ConnectionID) -> Void) {
        members = LoopMembers(on: loop)
        self.left = left
    }

    var loop: EventLoop { members.loop }

    // MARK: Members

    /// How many members there are. Any thread.
    var memberCount: Int { members.count }

    /// What the room counts by itself. Any thread.
    var figures: RoomCounts {
        var counts = RoomCounts()
        counts.members = memberCount
        counts.delivered = delivered.load(ordering: .relaxed)
        counts.refused = refused.load(ordering: .relaxed)
        counts.closed = closed.load(ordering: .relaxed)
        return counts
    }

    func contains(_ id: ConnectionID) -> Bool { places[id] != nil }

    /// Adds a member, for the publications behind one; false for one that is a member already.
    func add(_ conversation: Conversation, since: UInt64) -> Bool {
        let id = conversation.id
        if places[id] != nil { return false }
        let extra = conversation.session[].makeExtra()
        places[id] = members.add(
            Member(conversation: conversation, since: since, ticket: extra.memberships.count))
        extra.memberships.append(self)
        return true
    }

    /// Removes a member; false for one that is none.
    func remove(_ conversation: Conversation) -> Bool {
        let id = conversation.id
        guard let place = places[id], let extra = conversation.session[].extra else { return false }
        let ticket = members.row.all[place].ticket
        // The connection's last membership takes the place of the one that goes.
        let moved = extra.memberships.removeLast()
        if moved !== self {
            extra.memberships[ticket] = moved
            moved.setTicket(of: id, to: ticket)
        }
        drop(id)
        return true
    }

    func setTicket(of id: ConnectionID, to ticket: Int) {
        if let place = places[id] { members.change(at: place) { $0.ticket = ticket } }
    }

    /// Forgets a member whose memberships are taken care of.
    func drop(_ id: ConnectionID) {
        guard let place = places.removeValue(forKey: id) else { return }
        if let moved = members.remove(at: place) { places[moved.conversation.id] = place }
        left(self, id)
    }

    // MARK: Messages

    /// Has the loop send a message to every member but `except`; with a key other than 0 it may be replaced
    /// while it waits. Any thread.
    ///
    /// - Parameter number: which publication of the room it is; who joined behind it is not sent it again.
    func post(
        _ message: PreparedMessage, number: UInt64, except: ConnectionID?, key: UInt64
    ) -> EventLoop.PostResult {
        members.post { [self] in deliver(message, number, except: except, key: key, hasMore: $0) }
    }

    private func deliver(
        _ message: PreparedMessage, _ number: UInt64, except: ConnectionID?, key: UInt64, hasMore: Bool
    ) {
        let members = members.row.all
        if members.isEmpty { return }
        var outcome = (delivered: 0, refused: 0, closed: 0)
        for index in members.indices {
            let conversation = members[index].conversation
            if conversation.id == except || members[index].since >= number { continue }
            switch conversation.send(message, hasMore: hasMore, key: key) {
            case .sent, .queued: outcome.delivered += 1
            case .full, .tooLarge: outcome.refused += 1
            case .closed: outcome.closed += 1
            }
        }
        Self.add(outcome.delivered, to: delivered)
        Self.add(outcome.refused, to: refused)
        Self.add(outcome.closed, to: closed)
    }

    /// Only one thread writes: a load and a store do.
    private static func add(_ count: Int, to figure: borrowing Atomic<Int>) {
        if count > 0 { figure.store(figure.load(ordering: .relaxed) + count, ordering: .relaxed) }
    }
}

extension Conversation {
    /// Names the connection of the member.
    var id: ConnectionID { base.slot[].id }

    /// Whether the connection may become a member of a room: it has not begun to end.
    var mayJoin: Bool { !isOver && base.takesAnswers }

    /// Sends a room's message; never within a callback.
    @inline(__always)
    fileprivate func send(
        _ message: PreparedMessage, hasMore: Bool, key: UInt64
    ) -> SendResult {
        let flags = session[].flags
        if !flags.isDisjoint(with: [.client, .closeSent, .failed]) {
            return key == 0 ? send(message) : send(message, key: key)
        }
        let isReplaceable = key != 0 && base.slot[].policy == .conflate
        let result =
            flags.contains(.deflate)
            ? base.sendShared(
                isReplaceable ? replaceableFrame(of: message) : frame(of: message),
                hasMore: hasMore, key: key)
            : base.sendShared(message.frame, hasMore: hasMore, key: key)
        if result.isAccepted { base.countSentMessage() }
        return result
    }
}
