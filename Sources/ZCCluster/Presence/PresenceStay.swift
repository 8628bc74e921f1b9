import ZCNet
public import ZCNetWebSocket

/// Somebody who is in a channel, as the whole cluster sees it.
public struct PresenceMember: Hashable, Sendable {
    /// What somebody is called.
    public let name: String
    /// The node that says so; of several one.
    public let node: String
    /// What is said of them, such as a status.
    public let note: SharedBytes

    init(_ name: String, _ holding: PresenceIndex.Holding) {
        self.name = name
        node = holding.node.name
        note = holding.note
    }
}

/// What whoever watches a channel is told, in order. Somebody who is there several times joins and leaves
/// once.
public enum PresenceEvent: Hashable, Sendable {
    /// Who is there when the watch begins. First, and once.
    case here([PresenceMember])
    /// Somebody has come who was not there before.
    case joined(PresenceMember)
    /// Something else is said of somebody who is there.
    case changed(PresenceMember)
    /// Somebody has gone, or their node has.
    case left(PresenceMember)
}

/// What happens where somebody comes whose name is there already.
public enum PresencePolicy: Hashable, Sendable {
    /// Both are there, as one with two devices.
    case beside
    /// Who comes takes the place of who was there, on whichever node.
    case replacing
}

/// Why a stay has ended that its application has not.
public enum PresenceEnd: Error, Hashable, Sendable, CustomStringConvertible {
    /// Somebody came with the same name, on this node.
    case replaced(node: String)
    /// It was refused, or the node has ended.
    case failed(ClusterError)

    /// A line for a log, and for who is told why.
    public var description: String {
        switch self {
        case .replaced(let node): "replaced by one at \(node)"
        case .failed(let error): "\(error)"
        }
    }

    /// What a WebSocket client is told: 4001 where it was replaced, so that it does not come back by itself;
    /// 1013 where it may.
    public var closeCode: WebSocketCloseCode {
        if case .replaced = self { WebSocketCloseCode(rawValue: 4001) } else { .tryAgainLater }
    }
}

/// Somebody's being in a channel, for as long as this is kept, and not longer than until ``leave()``.
///
/// **Ownership.** Keep it with the connection that it is for, and it ends with it. It keeps the presence.
/// **Threads.** Any.
public final class PresenceStay: Sendable {
    /// On the presence's loop.
    struct State: ~Copyable {
        /// The entry's number, once there is one.
        var number: UInt64?
        var isOver = false
    }

    private let presence: ClusterPresence
    let state = OwnedCell(State())

    init(_ presence: ClusterPresence) { self.presence = presence }

    deinit { presence.leaveSoon(state) }

    /// Ends the stay before its time; soon.
    public func leave() { presence.leaveSoon(state) }

    /// Says something else of the one who stays. What is too long is passed over.
    public func update(_ note: SharedBytes) { presence.updateSoon(state, note) }
}

/// A watch over a channel, for as long as it is kept.
public final class PresenceWatch: Sendable {
    private let presence: ClusterPresence
    let channel: ChannelName
    let number: Int

    init(_ presence: ClusterPresence, _ channel: ChannelName, number: Int) {
        self.presence = presence
        self.channel = channel
        self.number = number
    }

    deinit { end() }

    /// Ends it. Any thread; soon.
    public func end() {
        let (presence, channel, number) = (presence, channel, number)
        presence.node.engine.perform { presence.unwatch(channel, number) }
    }
}

extension ClusterPresence {
    /// Enters the user of a connection, of whom there is one in the cluster: where they log in again, at this
    /// node or another, this connection is closed with ``PresenceEnd/closeCode`` and the reason. The stay is
    /// to be kept in the connection's state, and ends with it.
    public func login<State>(
        _ user: String, to channel: ChannelName, _ peer: borrowing WebSocketConnection<State>,
        note: SharedBytes = SharedBytes()
    ) -> PresenceStay {
        let remote = peer.remote
        return enter(channel, as: user, note: note, .replacing) { end in
            remote.close(end.closeCode, reason: String(end.description.prefix(100)))
        }
    }
}
