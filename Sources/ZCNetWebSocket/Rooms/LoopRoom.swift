import Synchronization
import ZCNet

/// One room on one loop: its members, and what became of their messages.
///
/// **Threads.** `post` from any thread; `figures` and `memberCount` are read from any. All
/// else is used on the loop's thread only. A room is in its directory from before its first member to its
/// last, and holds no host: while there is a member, its connection's host is alive.
///
/// **Complexity.** Joining and leaving are O(1), delivery is O(members) without locks or allocations, but for
/// one of each where several publications are delivered together.
///
/// SAFETY: `Sendable` is unchecked because the members are touched on the loop's thread only.
final class LoopRoom: Membership, @unchecked Sendable {
    private let members: LoopMembers<Member>
    private let publications: LoopPublications<Publication>
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

    /// A message, and to whom.
    private struct Publication: Sendable {
        let message: PreparedMessage
        /// Which of the room's publications it is; who joined behind it is not sent it again.
        let number: UInt64
        let except: ConnectionID?
        /// Names what it may replace where a member wants that; 0 for none.
        let key: UInt64
    }

    init(loop: EventLoop, left: @escaping (LoopRoom, ConnectionID) -> Void) {
        members = LoopMembers(on: loop)
        publications = LoopPublications(to: loop)
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
    /// - Parameter number: see `Publication.number`.
    func post(
        _ message: PreparedMessage, number: UInt64, except: ConnectionID?, key: UInt64
    ) -> EventLoop.PostResult {
        let publication = Publication(message: message, number: number, except: except, key: key)
        return publications.post(publication) { [self] in deliver($0, hasMore: $1) }
    }

    /// Has the loop close the members' connections, behind what was posted to the room before. Any thread.
    func close(_ code: WebSocketCloseCode, _ reason: String) {
        _ = loop.enqueue(isControl: true) { [self] in
            // The row as it is now: whoever is closed leaves it.
            for member in members.row.all { member.conversation.close(code, reason, cause: .local) }
        }
    }

    /// Up to so many bytes of messages are put together for all members: a call of the kernel's for each.
    private static let togetherBytesMax = 64 << 10

    /// What became of messages.
    private struct Outcome {
        var delivered = 0
        var refused = 0
        var closed = 0

        mutating func add(_ result: SendResult, messages: Int = 1) {
            switch result {
            case .sent, .queued: delivered += messages
            case .full, .tooLarge: refused += messages
            case .closed: closed += messages
            }
        }
    }

    /// Sends publications to all members, in parts that can be put together.
    private func deliver(_ publications: [Publication], hasMore: Bool) {
        if members.row.all.isEmpty { return }
        var outcome = Outcome()
        var rest = publications[...]
        while !rest.isEmpty {
            var bytes = 0
            let part = rest.prefix { publication in
                bytes += publication.message.frame.count
                return bytes <= Self.togetherBytesMax
            }
            // One that is too long by itself goes by itself.
            let count = max(1, part.count)
            deliver(rest.prefix(count), hasMore: hasMore || count < rest.count, &outcome)
            rest = rest.dropFirst(count)
        }
        Self.add(outcome.delivered, to: delivered)
        Self.add(outcome.refused, to: refused)
        Self.add(outcome.closed, to: closed)
    }

    private func deliver(_ part: ArraySlice<Publication>, hasMore: Bool, _ outcome: inout Outcome) {
        let members = members.row.all
        let together = Self.together(part)
        let isKeyed = part.contains { $0.key != 0 }
        let excepted = part.compactMap(\.except)
        let first = part.reduce(UInt64.max) { min($0, $1.number) }
        for index in members.indices {
            let conversation = members[index].conversation
            let since = members[index].since
            if let together, since < first, conversation.takesTogether(together.count, isKeyed: isKeyed),
                excepted.isEmpty || !excepted.contains(conversation.id)
            {
                let result = conversation.send(together, messages: part.count, hasMore: hasMore)
                outcome.add(result, messages: part.count)
                continue
            }
            for index in part.indices
            where part[index].except != conversation.id && since < part[index].number {
                let (message, key) = (part[index].message, part[index].key)
                let isLast = index == part.endIndex - 1
                outcome.add(conversation.send(message, hasMore: hasMore || !isLast, key: key))
            }
        }
    }

    /// The frames of several messages, one behind the other; nil for a single one, or without memory.
    private static func together(_ part: ArraySlice<Publication>) -> SharedBytes? {
        guard part.count > 1 else { return nil }
        let bytes = part.reduce(0) { $0 + $1.message.frame.count }
        var buffer = WriteBuffer(limit: bytes)
        do throws(WriteBufferError) {
            try buffer.ensureRoom(for: bytes)
            for publication in part { try buffer.append(publication.message.frame) }
        } catch {
            return nil
        }
        return buffer.freeze()
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

    /// Whether the connection may be sent the frames of several messages as they are for everybody: it takes
    /// them uncompressed and unmasked, has room for all, and would replace none.
    @inline(__always)
    fileprivate func takesTogether(_ bytes: Int, isKeyed: Bool) -> Bool {
        session[].flags.isDisjoint(with: [.client, .closeSent, .failed, .deflate])
            && base.takesShared(bytes) && !(isKeyed && base.slot[].policy == .conflate)
    }

    /// Sends the frames of several of a room's messages; never within a callback.
    @inline(__always)
    fileprivate func send(_ frames: SharedBytes, messages: Int, hasMore: Bool) -> SendResult {
        let result = base.sendShared(frames, hasMore: hasMore)
        if result.isAccepted { base.count(.messagesOut, by: messages) }
        return result
    }

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
