import IMProtocol
import Synchronization
import ZCCluster
import ZCSBEServer

/// What belongs to one user, in a channel of its own: which conversations there are, and how far each was
/// read. So a user finds both again on any device and any node, like any other messages.
///
/// Nobody waits for it. What is lost with a node is said again: a conversation by its next message, and a
/// marker by the next one. Any thread.
final class Journal: Sendable {
    /// What was written lately, so that it is not for every message.
    private let listed = Mutex<Set<String>>([])
    private let node: ClusterNode

    /// How much of that is remembered. What is written again is stored once, as its identity says.
    private static let listedMax = 10_000

    init(_ node: ClusterNode) { self.node = node }

    /// A conversation of two is in both users' lists.
    func lists(_ talk: Conversation) {
        guard case .direct(let one, let other) = talk else { return }
        for user in [one, other] { lists(talk, for: user) }
    }

    /// A conversation is in a user's list.
    func lists(_ talk: Conversation, for user: String) {
        let key = "\(user) \(talk.channel)"
        let isNew = listed.withLock { listed in
            if listed.count >= Self.listedMax { listed.removeAll() }
            return listed.insert(key).inserted
        }
        if case .own = talk { return }
        guard isNew,
            let message = try? IM.bytes(
                of: IM.Joined.self, { message in try message.data(.channel, talk.channel).finish() })
        else { return }
        // The conversation itself is who publishes: the same is known again.
        let producer = Login(user: talk.channel, device: 0).producer
        append(message, to: user, BatchIdentity(producer: producer, number: 1)) { [weak self] isStored in
            if !isStored { _ = self?.listed.withLock { $0.remove(key) } }
        }
    }

    /// A user has read a conversation so far.
    func marks(_ user: String, _ talk: Conversation, readTo next: UInt64) {
        let message = try? IM.bytes(of: IM.Marker.self) { message in
            message.next = next
            return try message.data(.channel, talk.channel).finish()
        }
        if let message { append(message, to: user, nil) { _ in } }
    }

    private func append(
        _ message: SharedBytes, to user: String, _ identity: BatchIdentity?,
        _ done: @escaping @Sendable (Bool) -> Void
    ) {
        guard let channel = try? ChannelName(Conversation.own(user).channel) else { return }
        let node = node
        node.engine.perform {
            node.append([message], to: channel, identity: identity) { result in
                if case .success = result { done(true) } else { done(false) }
            }
        }
    }
}
