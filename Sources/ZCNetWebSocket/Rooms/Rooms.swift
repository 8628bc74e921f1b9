public import ZCNet

/// Rooms of WebSocket connections: whoever is in one hears what is published to it.
///
/// ```swift
/// let rooms = Rooms<String>()
///
/// struct Chat: WebSocketHandler {
///     let rooms: Rooms<String>
///
///     mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
///         rooms.join("lobby", peer)
///     }
///
///     mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
///         rooms.publish(message, to: "lobby", except: peer.id)
///     }
/// }
/// let server = try WebSocketServer(on: "127.0.0.1:9001") { Chat(rooms: rooms) }
/// ```
/// A room is there while it has members. A connection may be in any number of rooms and leaves them all when
/// it ends, before its handler's `onClose`. The members may belong to several servers and clients.
///
/// **Publishing.** The frame is encoded once. Each loop that has members is posted one message, its own
/// loop included, and sends the frame to them by reference. A member's limits and overflow policy apply as
/// to any message; what became of the messages is counted, see ``counts(_:)``.
///
/// **Order.** What one thread publishes arrives in that order at every member, within a room and over all
/// rooms, and in order with what that thread sends through ``RemoteWebSocket``. Members on one loop hear all
/// publications in the same order. Only `peer.send` waits for no post: what a handler sends with it leaves
/// ahead of what the same callback publishes, whichever it does first.
///
/// **Who hears it.** Whoever is a member when the loop comes to the message, which is soon after `publish`
/// returns: a handler that publishes and then has its peer leave has published to the others. Who
/// leaves and comes back meanwhile may miss it.
///
/// **Threads.** Any thread may publish and count. A connection joins and leaves on its own loop, through the
/// handle lent to its handler, or from anywhere by ``RemoteWebSocket``.
///
/// **Cost.** A publication takes one short lock, to look up the room's loops, and one for each of these, and
/// allocates the frame and a message per loop; a member costs its system call, and neither a lock nor an
/// allocation. What is published while a loop is busy, one behind the other, is put together once and sent to
/// each member by one call.
///
/// **Ownership.** Neither members nor messages keep the value alive, and the value keeps no connection
/// alive; a room without members takes no memory.
public final class Rooms<Key: Hashable & Sendable>: Sendable {
    private let directory: RoomDirectory<Key>
    /// For tests of who keeps what.
    var innards: AnyObject { directory }

    /// A directory without any rooms yet.
    ///
    /// ```swift
    /// let rooms = Rooms<String>(history: RoomHistoryLimits(messagesMax: 50))
    /// ```
    /// - Parameters:
    ///   - history: what of each room is kept for those who join later. A joiner is sent it in the act of
    ///     joining: it hears every publication once, either then or afterwards.
    ///   - presence: told of each member that joins with a name, or leaves, once it has; on that member's
    ///     loop, so it must not take long. The changes of one member come in order, those of several loops in
    ///     any.
    public init(
        history: RoomHistoryLimits = .none, presence: (@Sendable (RoomPresence<Key>) -> Void)? = nil
    ) {
        directory = RoomDirectory(history, presence)
    }

    // MARK: On a connection's loop

    /// Makes a connection a member of a room.
    ///
    /// O(1), and O(history). False when it is one already, or has begun to end.
    ///
    /// - Parameter name: what the member is called, for ``members(of:)`` and presence; nil is nobody's
    ///   business.
    @discardableResult
    public func join<State>(
        _ key: Key, _ peer: borrowing WebSocketConnection<State>, as name: String? = nil
    ) -> Bool {
        join(key, peer.conversation, as: name)
    }

    /// Ends a connection's membership. O(1). False when it was no member.
    @discardableResult
    public func leave<State>(_ key: Key, _ peer: borrowing WebSocketConnection<State>) -> Bool {
        leave(key, peer.conversation)
    }

    /// Whether a connection is a member. O(1).
    public func isMember<State>(of key: Key, _ peer: borrowing WebSocketConnection<State>) -> Bool {
        directory.find(key, on: peer.conversation.base.loop)?.contains(peer.id) ?? false
    }

    func join(_ key: Key, _ conversation: Conversation, as name: String? = nil) -> Bool {
        guard conversation.mayJoin else { return false }
        let entrance = directory.open(key, on: conversation.base.loop)
        guard entrance.room.add(conversation, since: entrance.told) else { return false }
        for message in entrance.history { _ = conversation.send(message) }
        if let name { directory.enter(key, conversation.id, as: name) }
        return true
    }

    func leave(_ key: Key, _ conversation: Conversation) -> Bool {
        directory.find(key, on: conversation.base.loop)?.remove(conversation) ?? false
    }

    // MARK: From any thread

    /// Has a connection join a room, in order with what this thread posts to its loop.
    ///
    /// `full` when too many messages wait there: then it does not join.
    @discardableResult
    public func join(
        _ key: Key, _ remote: RemoteWebSocket, as name: String? = nil
    ) -> EventLoop.PostResult {
        remote.perform { [self] in _ = join(key, $0, as: name) }
    }

    /// Has a connection leave a room, in order with what this thread posts to its loop. Never refused for a
    /// full mailbox.
    @discardableResult
    public func leave(_ key: Key, _ remote: RemoteWebSocket) -> EventLoop.PostResult {
        remote.perform(isControl: true) { [self] in _ = leave(key, $0) }
    }

    /// Sends a prepared message to every member of a room but `except`, an id of the members' own loops (two
    /// groups of loops may have the same).
    ///
    /// The answer is `posted` when every loop that has members will send it, of which an empty room has
    /// none; `full` when too many messages wait at one of them; and `stopped` when one has ended. The members
    /// there are counted as `unreached`.
    ///
    /// - Parameter conflatingKey: where a member's overflow policy is `conflate`, the message takes the place
    ///   of a waiting one of the same key, so that a slow member gets the latest of each. Not 0.
    @discardableResult
    public func publish(
        _ message: PreparedMessage, to key: Key, except: ConnectionID? = nil, conflatingKey: UInt64? = nil
    ) -> EventLoop.PostResult {
        post(to: key, except, conflatingKey) { message }
    }

    /// Sends text to every member of a room but `except`; the answer is as for a prepared message.
    ///
    /// See ``publish(_:to:except:conflatingKey:)-(PreparedMessage,_,_,_)``.
    @discardableResult
    public func publish(
        _ text: String, to key: Key, except: ConnectionID? = nil, conflatingKey: UInt64? = nil
    ) -> EventLoop.PostResult {
        post(to: key, except, conflatingKey) { PreparedMessage(text: text) }
    }

    /// Sends a binary message to every member of a room but `except`; the answer is as for a prepared
    /// message.
    ///
    /// See ``publish(_:to:except:conflatingKey:)-(PreparedMessage,_,_,_)``.
    @discardableResult
    public func publish(
        binary bytes: RawSpan, to key: Key, except: ConnectionID? = nil, conflatingKey: UInt64? = nil
    ) -> EventLoop.PostResult {
        post(to: key, except, conflatingKey) { PreparedMessage(binary: bytes) }
    }

    /// Sends a binary message to every member of a room but `except`; the answer is as for a prepared
    /// message.
    @discardableResult
    public func publish(
        binary bytes: some Collection<UInt8>, to key: Key, except: ConnectionID? = nil,
        conflatingKey: UInt64? = nil
    ) -> EventLoop.PostResult {
        post(to: key, except, conflatingKey) { PreparedMessage(binary: bytes) }
    }

    /// Passes a message that was received on to every member of a room but `except`; the answer is as for a
    /// prepared message.
    ///
    /// See ``publish(_:to:except:conflatingKey:)-(PreparedMessage,_,_,_)``.
    @discardableResult
    public func publish(
        _ message: borrowing WebSocketMessage, to key: Key, except: ConnectionID? = nil,
        conflatingKey: UInt64? = nil
    ) -> EventLoop.PostResult {
        post(to: key, except, conflatingKey) { PreparedMessage(message) }
    }

    private func post(
        to key: Key, _ except: ConnectionID?, _ conflatingKey: UInt64?, _ make: () -> PreparedMessage
    ) -> EventLoop.PostResult {
        precondition(conflatingKey != 0, "key 0 means none")
        guard let route = directory.route(key, make) else { return .posted }
        var result = EventLoop.PostResult.posted
        for room in route.rooms {
            let posted = room.post(
                route.message, number: route.number, except: except, key: conflatingKey ?? 0)
            if posted == .posted { continue }
            directory.didNotReach(room.memberCount, of: key)
            // A full loop is worth telling before one that is gone.
            if result != .full { result = posted }
        }
        return result
    }

    /// Closes the connections of all members, behind what this thread has published to them before. Any
    /// thread; in order with what it posts to their loops.
    ///
    /// - Precondition: `code` may be sent.
    public func closeMembers(
        of key: Key, _ code: WebSocketCloseCode = .goingAway, reason: String = ""
    ) {
        precondition(code.isSendable, "\(code) may not be sent in a close frame")
        for room in directory.rooms(key) { room.close(code, reason) }
    }

    // MARK: Who is there

    /// The members that have joined with a name, on all loops: who has joined when this is called, and not
    /// left. Any thread. O(members), in no order.
    public func members(of key: Key) -> [ConnectionID: String] { directory.names(key) }

    // MARK: Counting

    /// What a room has and what became of its messages since it came to be. Any thread.
    ///
    /// What was posted and not yet sent is not counted yet. A room without members counts nothing: with its
    /// last member its figures pass over to ``counts``.
    public func counts(_ key: Key) -> RoomCounts { directory.counts(key) }

    /// The figures of all rooms together, from the beginning. O(rooms).
    public var counts: RoomCounts { directory.counts }

    /// The rooms that have members. O(rooms), in no order.
    public var keys: [Key] { directory.keys }
}

/// What became of a room's messages: a snapshot, taken by ``Rooms/counts(_:)``.
///
/// Every member that a publication was meant for is counted once, in `delivered`, `refused`, `closed` or
/// `unreached`; whom a publication excepts is not counted.
public struct RoomCounts: Hashable, Sendable {
    /// Rooms that have members; 1 or 0 for a single one.
    public internal(set) var rooms = 0
    /// Members now; who is in several rooms counts in each.
    public internal(set) var members = 0
    /// Publications, those to empty rooms included.
    public internal(set) var published = 0
    /// Messages that a member's connection took.
    public internal(set) var delivered = 0
    /// Messages that were refused because a member's output was at its limit; what follows is that
    /// connection's overflow policy.
    public internal(set) var refused = 0
    /// Messages to members that were on their way out.
    public internal(set) var closed = 0
    /// Messages to the members of loops whose mailboxes were full or that had ended.
    public internal(set) var unreached = 0

    init() {}

    /// The sums of both.
    static func += (left: inout RoomCounts, right: RoomCounts) {
        left.rooms += right.rooms
        left.members += right.members
        left.published += right.published
        left.delivered += right.delivered
        left.refused += right.refused
        left.closed += right.closed
        left.unreached += right.unreached
    }
}
