public import ZCNet
public import ZCNetWebSocket

/// Rooms of WebSocket connections whose members may be on any node: what is published is stored in the room's
/// channel, and heard by every member everywhere, once and in order.
///
/// ```swift
/// let rooms = ClusterRooms(node)
///
/// struct Chat: WebSocketHandler {
///     let rooms: ClusterRooms
///
///     mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
///         rooms.join(lobby, peer)
///     }
///
///     mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
///         rooms.publish(message.payload.copy(), to: lobby) { result in … }
///     }
/// }
/// ```
/// While a room has members here, the node listens to its channel once; a message is encoded once for all of
/// them. What was published before somebody joined is read by `node.read`, by number. With a
/// ``RoomNumbering`` members are told the position behind each message, and come back with it:
/// `join(_:_:behind:messagesMax:answer:)` sends them what they have missed, and then what is new. See
/// ``PassingRooms`` for rooms whose messages nobody keeps.
///
/// **Order.** Members hear a room's messages in the order of their numbers, whoever published them where.
///
/// **Missing messages.** A message that was missed on the way is read from the log before the next is
/// handed on. Where the log does not have it, `onGap` is told, members are as `whenMissed` says, and the room
/// goes on with what is new.
///
/// **Threads.** Connections join and leave on their own loop; the rest is of any thread. **Cost.** Joining
/// takes a post to the node's loop; a channel's first member on a node a request to the engine.
public final class ClusterRooms: Sendable {
    /// The node, which is kept by this.
    public let node: ClusterNode
    let rooms: HeardRooms<ChannelFeed>
    let form: RoomForm
    let numbering: RoomNumbering

    /// Rooms of a node. One for a node: two would each listen.
    ///
    /// - Parameters:
    ///   - numbering: whether and how members are told the position behind each message.
    ///   - whenMissed: what members of a room here are told of messages that they will not get.
    ///   - onGap: told of it too, with the room, on the node's loop.
    public init(
        _ node: ClusterNode, as form: RoomForm = .text, numbering: RoomNumbering = .none,
        whenMissed: RoomGapPolicy = .silent,
        onGap: @escaping @Sendable (ChannelName, ClusterError) -> Void = { _, _ in }
    ) {
        self.node = node
        self.form = form
        self.numbering = numbering
        rooms = HeardRooms(node, as: form, whenMissed: whenMissed, onGap: onGap) { node, room, rooms in
            node.listen(to: room) { [weak rooms] event in
                switch event {
                case .begun: break
                case .messages(let batch):
                    guard let rooms else { return }
                    let epoch = rooms.feed(of: room)?.position?.epoch ?? 0
                    for (offset, message) in batch.batch.messages.enumerated() {
                        let position = ChannelPosition(
                            next: batch.range.lowerBound + (offset + 1), epoch: epoch)
                        rooms.deliver(
                            numbering.mark(message, position, form), room, behind: position)
                    }
                case .ended(let error): rooms?.ended(room, error)
                }
            }
        }
    }

    /// The members that are connected to this node.
    public var local: Rooms<String> { rooms.local }

    /// Makes a connection a member. False when it is one already, or has begun to end.
    @discardableResult
    public func join<State>(_ room: ChannelName, _ peer: borrowing WebSocketConnection<State>) -> Bool {
        rooms.join(room, peer)
    }

    /// Ends a connection's membership. False when it was no member.
    @discardableResult
    public func leave<State>(_ room: ChannelName, _ peer: borrowing WebSocketConnection<State>) -> Bool {
        rooms.leave(room, peer)
    }

    /// Stores a message, which all members hear then, the publisher's own connection included; `answer` comes
    /// once, on the node's loop. Any thread.
    ///
    /// - Parameter identity: by which it is known when it comes again.
    public func publish(
        _ message: SharedBytes, to room: ChannelName, identity: BatchIdentity? = nil,
        answer: @escaping EngineAnswer<Range<MessageSequence>> = { _ in }
    ) { node.post(message, to: room, identity: identity, answer: answer) }

    /// Rooms whose channels are listened to; for tests. On the node's loop.
    var listeningCount: Int { rooms.listeningCount }
}
