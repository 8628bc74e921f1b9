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
/// them. What was published before somebody joined is read by `node.read`, by number.
///
/// **Order.** Members hear a room's messages in the order of their numbers, whoever published them where.
///
/// **Missing messages.** A message that was missed on the way is read from the log before the next is
/// handed on. Where the log does not have it, `onGap` is told, and the room goes on with what is new.
///
/// **Threads.** Connections join and leave on their own loop; the rest is of any thread. **Cost.** Joining
/// takes a post to the node's loop; a channel's first member on a node a request to the engine.
public final class ClusterRooms: Sendable {
    /// How messages are sent to members.
    public enum Form: Hashable, Sendable {
        /// As text; what is stored has to be UTF-8.
        case text
        /// As bytes, whatever they are.
        case binary
    }

    private struct State: ~Copyable {
        var feeds: [ChannelName: ChannelFeed] = [:]
        var isSweeping = false
    }

    /// The node, which is kept by this.
    public let node: ClusterNode
    /// The members that are connected to this node.
    public let local: Rooms<String>
    private let form: Form
    private let onGap: @Sendable (ChannelName, ClusterError) -> Void
    /// The node's loop's own.
    private let state = OwnedCell(State())

    /// How often rooms are looked for that have no members here any more.
    static let sweepInterval = Duration.seconds(5)

    /// Rooms of a node. One for a node: two would each listen.
    ///
    /// - Parameter onGap: told, on the node's loop, of messages that members of a room here will not get.
    public init(
        _ node: ClusterNode, as form: Form = .text,
        onGap: @escaping @Sendable (ChannelName, ClusterError) -> Void = { _, _ in }
    ) {
        self.node = node
        self.form = form
        self.onGap = onGap
        local = Rooms<String>()
    }

    /// Makes a connection a member. False when it is one already, or has begun to end.
    @discardableResult
    public func join<State>(_ room: ChannelName, _ peer: borrowing WebSocketConnection<State>) -> Bool {
        guard local.join(room.description, peer) else { return false }
        node.engine.perform { [self] in listen(room) }
        return true
    }

    /// Ends a connection's membership. False when it was no member.
    @discardableResult
    public func leave<State>(_ room: ChannelName, _ peer: borrowing WebSocketConnection<State>) -> Bool {
        local.leave(room.description, peer)
    }

    /// Stores a message, which all members hear then, the publisher's own connection included; `answer` comes
    /// once, on the node's loop. Any thread.
    ///
    /// - Parameter identity: by which it is known when it comes again.
    public func publish(
        _ message: SharedBytes, to room: ChannelName, identity: BatchIdentity? = nil,
        answer: @escaping EngineAnswer<Range<MessageSequence>> = { _ in }
    ) {
        let isPosted = node.engine.perform { [node] in
            node.append([message], to: room, identity: identity, answer: answer)
        }
        if !isPosted { answer(.failure(.ended)) }
    }

    // MARK: On the node's loop

    private func listen(_ room: ChannelName) {
        guard state[].feeds[room] == nil else { return }
        state[].feeds[room] = node.listen(to: room) { [weak self] event in self?.take(event, room) }
        sweepLater()
    }

    private func take(_ event: ChannelFeed.Event, _ room: ChannelName) {
        switch event {
        case .begun: break
        case .messages(let batch):
            for message in batch.batch.messages { deliver(message, room) }
        case .ended(let error):
            state[].feeds[room] = nil
            onGap(room, error)
            if local.counts(room.description).members > 0 {
                node.engine.schedule(after: Self.sweepInterval) { [weak self] in self?.listen(room) }
            }
        }
    }

    private func deliver(_ message: SharedBytes, _ room: ChannelName) {
        switch form {
        case .text:
            guard let text = message.bytes.validText else {
                return onGap(room, ClusterError(.corrupt, expected: "UTF-8", got: "other bytes"))
            }
            local.publish(text, to: room.description)
        case .binary: local.publish(binary: message.bytes, to: room.description)
        }
    }

    /// Ends listening to rooms without members here, for as long as there are any.
    private func sweepLater() {
        if state[].isSweeping { return }
        state[].isSweeping = true
        node.engine.schedule(after: Self.sweepInterval) { [weak self] in
            guard let self else { return }
            state[].isSweeping = false
            let empty = state[].feeds.keys.filter { local.counts($0.description).members == 0 }
            for room in empty { state[].feeds.removeValue(forKey: room)?.end() }
            if !state[].feeds.isEmpty { sweepLater() }
        }
    }

    /// Rooms whose channels are listened to; for tests. On the node's loop.
    var listeningCount: Int { state[].feeds.count }
}
