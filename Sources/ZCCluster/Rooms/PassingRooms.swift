public import ZCNet
public import ZCNetWebSocket

/// Rooms of WebSocket connections whose members may be on any node, and whose messages are stored nowhere:
/// for what is of no use later, such as who is typing, prices, places of players.
///
/// ```swift
/// let cursors = PassingRooms(node, whenMissed: .notice("{\"missed\":true}"))
///
/// struct Board: WebSocketHandler {
///     let cursors: PassingRooms
///
///     mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
///         cursors.join(board, peer)
///     }
///
///     mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
///         cursors.publish(message.payload.copy(), to: board)
///     }
/// }
/// ```
/// While a room has members here, the node listens to it once; a message crosses the network once for each
/// such node, and is encoded once for its members. See ``ClusterRooms`` for rooms whose messages are kept.
///
/// **Order.** What one node publishes in a room is heard in that order by every member everywhere; what
/// several publish, in any. Nobody hears a message twice.
///
/// **Missing messages.** Where some were lost on the way, or the engine was away, `onGap` is told and the
/// members are as `whenMissed` says, before they hear what comes next; see ``PassingFeed`` for what cannot be
/// noticed. Who joins hears what is published once the servers know that this node listens.
///
/// **Threads.** Connections join and leave on their own loop; the rest is of any thread. **Cost.** Publishing
/// takes a post to the node's loop; a room's first member on a node a subscription.
public final class PassingRooms: Sendable {
    /// The node, which is kept by this.
    public let node: ClusterNode
    private let rooms: HeardRooms<PassingFeed>

    /// Rooms of a node. One for a node: two would each listen.
    ///
    /// - Parameters:
    ///   - whenMissed: what members are told where messages may be missing.
    ///   - onGap: told of it too, with the room, on the node's loop.
    public init(
        _ node: ClusterNode, as form: RoomForm = .text, whenMissed: RoomGapPolicy = .silent,
        onGap: @escaping @Sendable (ChannelName, ClusterError) -> Void = { _, _ in }
    ) {
        self.node = node
        rooms = HeardRooms(node, as: form, whenMissed: whenMissed, onGap: onGap) { node, room, rooms in
            node.listenPassing(to: room) { [weak rooms] event in
                switch event {
                case .message(let message): rooms?.deliver(message, room)
                case .gap:
                    rooms?.missed(
                        room, ClusterError(.recordsLost, expected: "every message", got: "perhaps not all"))
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

    /// Sends a message to all members on all nodes, the publisher's own connection included. Any thread.
    ///
    /// - Parameter refused: told, on the node's loop, where nobody will hear it; see
    ///   ``ClusterNode/pass(_:to:)``.
    public func publish(
        _ message: SharedBytes, to room: ChannelName,
        refused: @escaping @Sendable (ClusterError) -> Void = { _ in }
    ) {
        let isPosted = node.engine.perform { [node] in
            do throws(ClusterError) { try node.pass(message, to: room) } catch { refused(error) }
        }
        if !isPosted { refused(.ended) }
    }

    /// Rooms that are listened to; for tests. On the node's loop.
    var listeningCount: Int { rooms.listeningCount }
}
