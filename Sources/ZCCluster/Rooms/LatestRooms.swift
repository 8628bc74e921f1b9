public import ZCNet
public import ZCNetWebSocket

/// Rooms of WebSocket connections whose members may be on any node, and in which a message takes the place of
/// those before it: who joins hears the newest at once, and everybody each that is newer.
///
/// ```swift
/// let prices = LatestRooms(node)
///
/// struct Ticker: WebSocketHandler {
///     let prices: LatestRooms
///
///     mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
///         prices.join(gold, peer)
///     }
/// }
///
/// prices.publish("1912.40", to: gold)
/// ```
/// Messages are stored as those of ``ClusterRooms`` are. Where some were missed, or stored together, members
/// hear the newest of them alone; see ``LatestFeed``. A member may hear the newest a second time where it
/// joins while others do.
///
/// **Limits.** The newest messages of rooms that have members here take `bytesMax` at most; who joins a room
/// whose newest did not fit hears the next one.
///
/// **Threads.** Connections join and leave on their own loop; the rest is of any thread.
public final class LatestRooms: Sendable {
    /// The node, which is kept by this.
    public let node: ClusterNode
    private let rooms: HeardRooms<LatestFeed>

    /// Rooms of a node. One for a node: two would each listen.
    ///
    /// - Parameters:
    ///   - bytesMax: what the newest messages of all rooms may take here. Why 256 MiB: a quarter of a million
    ///     rooms with a kilobyte each.
    ///   - onGap: told, on the node's loop, where a room's log cannot be read.
    public init(
        _ node: ClusterNode, as form: RoomForm = .text, bytesMax: Int = 256 << 20,
        onGap: @escaping @Sendable (ChannelName, ClusterError) -> Void = { _, _ in }
    ) {
        self.node = node
        // A message of a room's has the room of all, as there is one of each.
        let kept = RoomHistoryLimits(messagesMax: 1, roomBytesMax: bytesMax, bytesMax: bytesMax)
        rooms = HeardRooms(
            node, as: form, keeping: kept, onGap: onGap
        ) { node, room, rooms in
            node.listenLatest(to: room) { [weak rooms] event in
                switch event {
                case .nothing: break
                case .value(let message, _): rooms?.deliver(message, room)
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

    /// Stores a message, which takes the place of the one before; `answer` comes once, on the node's loop.
    /// Any thread.
    ///
    /// - Parameter identity: by which it is known when it comes again.
    public func publish(
        _ message: SharedBytes, to room: ChannelName, identity: BatchIdentity? = nil,
        answer: @escaping EngineAnswer<Range<MessageSequence>> = { _ in }
    ) { node.post(message, to: room, identity: identity, answer: answer) }

    /// Rooms that are listened to; for tests. On the node's loop.
    var listeningCount: Int { rooms.listeningCount }
}
