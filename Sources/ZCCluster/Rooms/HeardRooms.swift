import ZCNet
public import ZCNetWebSocket

/// How what rooms of a cluster hear is sent to members.
public enum RoomForm: Hashable, Sendable {
    /// As text; what is published has to be UTF-8.
    case text
    /// As bytes, whatever they are.
    case binary
}

/// What members are told where their room may have missed something. The application is told in any case.
public enum RoomGapPolicy: Hashable, Sendable {
    /// Nothing: the application sees to it.
    case silent
    /// They are sent this, in the rooms' form, ahead of what comes next.
    case notice(SharedBytes)
    /// Their connections are closed, so that they come back and begin anew.
    case close(WebSocketCloseCode, reason: String)
}

/// A feed that a node keeps while a room has members there.
protocol RoomFeed: AnyObject, Sendable {
    func end()
    /// Members have come to a room that had none.
    func tellAgain()
}

extension ChannelFeed: RoomFeed {
    func tellAgain() {}
}
extension PassingFeed: RoomFeed {
    func tellAgain() {}
}
extension LatestFeed: RoomFeed {}

extension ClusterNode {
    /// As `append`, with one message, from any thread.
    func post(
        _ message: SharedBytes, to room: ChannelName, identity: BatchIdentity?,
        answer: @escaping EngineAnswer<Range<MessageSequence>>
    ) {
        let isPosted = engine.perform { [self] in
            append([message], to: room, identity: identity, answer: answer)
        }
        if !isPosted { answer(.failure(.ended)) }
    }
}

/// The rooms of a node that have members there, each with its feed: what rooms of all kinds have in common.
///
/// **Threads.** The node's loop, but for joining and leaving, which are of the connection's.
final class HeardRooms<Feed: RoomFeed>: Sendable {
    private struct State: ~Copyable {
        var feeds: [ChannelName: Feed] = [:]
        /// Connections that come back to a room: what the room hears meanwhile is kept for them.
        var returns: [ChannelName: [RoomReturn]] = [:]
        var isSweeping = false
    }

    /// Begins to listen for a room.
    typealias Opening = @Sendable (_ node: ClusterNode, _ room: ChannelName, _ rooms: HeardRooms) -> Feed

    let node: ClusterNode
    let local: Rooms<String>
    private let form: RoomForm
    private let policy: RoomGapPolicy
    private let onGap: @Sendable (ChannelName, ClusterError) -> Void
    private let open: Opening
    private let state = OwnedCell(State())

    init(
        _ node: ClusterNode, as form: RoomForm, keeping history: RoomHistoryLimits = .none,
        whenMissed policy: RoomGapPolicy = .silent,
        onGap: @escaping @Sendable (ChannelName, ClusterError) -> Void, open: @escaping Opening
    ) {
        self.node = node
        local = Rooms<String>(history: history)
        self.form = form
        self.policy = policy
        self.onGap = onGap
        self.open = open
    }

    func join<State>(_ room: ChannelName, _ peer: borrowing WebSocketConnection<State>) -> Bool {
        guard local.join(room.description, peer) else { return false }
        node.engine.perform { [self] in listen(room) }
        return true
    }

    func leave<State>(_ room: ChannelName, _ peer: borrowing WebSocketConnection<State>) -> Bool {
        local.leave(room.description, peer)
    }

    // MARK: On the node's loop

    private func listen(_ room: ChannelName) {
        if let feed = state[].feeds[room] {
            // Nobody who is here has heard anything.
            if local.counts(room.description).published == 0 { feed.tellAgain() }
            return
        }
        state[].feeds[room] = open(node, room, self)
        sweepLater()
    }

    /// - Parameter position: behind the message, where it has one.
    func deliver(_ message: SharedBytes, _ room: ChannelName, behind position: ChannelPosition? = nil) {
        guard let prepared = prepare(message) else {
            return onGap(room, ClusterError(.corrupt, expected: "UTF-8", got: "other bytes"))
        }
        if let position { for one in state[].returns[room] ?? [] { one.hold(prepared, position) } }
        local.publish(prepared, to: room.description)
    }

    /// Listens to a room for one that comes back to it.
    func expect(_ one: RoomReturn, in room: ChannelName) {
        listen(room)
        state[].returns[room, default: []].append(one)
    }

    /// One has come back, or will not.
    func settle(_ one: RoomReturn, in room: ChannelName) {
        state[].returns[room]?.removeAll { $0 === one }
        if state[].returns[room]?.isEmpty == true { state[].returns[room] = nil }
    }

    /// What listens to a room, while somebody is in it.
    func feed(of room: ChannelName) -> Feed? { state[].feeds[room] }

    func prepare(_ message: SharedBytes) -> PreparedMessage? {
        switch form {
        case .text: message.bytes.validText.map { PreparedMessage(text: $0) }
        case .binary: PreparedMessage(binary: message.bytes)
        }
    }

    /// Something is, or may be, missing from here on.
    func missed(_ room: ChannelName, _ error: ClusterError) {
        onGap(room, error)
        switch policy {
        case .silent: break
        case .notice(let notice):
            if let notice = prepare(notice) { local.publish(notice, to: room.description) }
        case .close(let code, let reason): local.closeMembers(of: room.description, code, reason: reason)
        }
    }

    /// A room's feed has ended: it begins anew some time later, if there are members then.
    func ended(_ room: ChannelName, _ error: ClusterError) {
        state[].feeds[room] = nil
        missed(room, error)
        if isEmpty(room) { return }
        node.engine.schedule(after: roomSweepInterval) { [weak self] in self?.listen(room) }
    }

    private func isEmpty(_ room: ChannelName) -> Bool {
        state[].returns[room] == nil && local.counts(room.description).members == 0
    }

    /// Ends listening to rooms without members here, for as long as there are any.
    private func sweepLater() {
        if state[].isSweeping { return }
        state[].isSweeping = true
        node.engine.schedule(after: roomSweepInterval) { [weak self] in
            guard let self else { return }
            state[].isSweeping = false
            let empty = state[].feeds.keys.filter { isEmpty($0) }
            for room in empty { state[].feeds.removeValue(forKey: room)?.end() }
            if !state[].feeds.isEmpty { sweepLater() }
        }
    }

    /// Rooms that are listened to; for tests.
    var listeningCount: Int { state[].feeds.count }
}

/// How often rooms are looked for that have no members on a node any more.
let roomSweepInterval = Duration.seconds(5)
