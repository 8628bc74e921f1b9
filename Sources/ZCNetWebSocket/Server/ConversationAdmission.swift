import ZCNet

/// Who may begin a conversation: the limits that all loops of one server share.
///
/// Asked once per connection, handshake and end, from any loop; never per message, so a lock does. A server
/// without such limits has none of these.
final class ConversationAdmission: Sendable {
    private let limits: ServerLimits
    private let handshakesMax: Int?
    private let state = Locked(State())

    private struct State {
        var handshakes = 0
        var conversations = 0
        var perClient: [IPAddress: Int] = [:]
    }

    /// What asking comes to.
    enum Verdict: Equatable {
        case admitted
        case conversationsMax
        case perClientMax
    }

    /// Nil where there is nothing to count.
    ///
    /// - Parameter connectionsMax: the most connections, of which half may be without a conversation unless
    ///   the limits say otherwise.
    init?(_ limits: ServerLimits, _ connectionsMax: Int? = nil) {
        let share = connectionsMax.map { max($0 / 2, min($0, 64)) }
        handshakesMax = limits.handshakesMax ?? share
        self.limits = limits
        if handshakesMax == nil && !countsConversations { return nil }
    }

    /// Whether conversations take places; where they do not, nothing is kept for one.
    var countsConversations: Bool {
        limits.conversationsMax != nil || limits.conversationsPerClientMax != nil
    }

    /// Clients in the table, for tests of its bound.
    var clientCount: Int { state.withLock { $0.perClient.count } }

    /// Takes a place for a conversation; `client` is nil for one whose address nobody knows.
    func admit(_ client: IPAddress?) -> Verdict {
        state.withLock { state in
            if let most = limits.conversationsMax, state.conversations >= most { return .conversationsMax }
            if let most = limits.conversationsPerClientMax, let client = client?.countedNetwork {
                let count = state.perClient[client, default: 0]
                if count >= most { return .perClientMax }
                state.perClient[client] = count + 1
            }
            state.conversations += 1
            return .admitted
        }
    }

    /// Gives a place back.
    func leave(_ client: IPAddress?) {
        state.withLock { state in
            state.conversations -= 1
            guard limits.conversationsPerClientMax != nil, let client = client?.countedNetwork else { return }
            // Clients without conversations are forgotten, so the table never outgrows the conversations.
            let count = state.perClient[client, default: 0]
            state.perClient[client] = count > 1 ? count - 1 : nil
        }
    }

    /// Counts a connection that has yet to say what it wants; false when there are too many.
    func beginHandshake() -> Bool {
        guard let most = handshakesMax else { return true }
        return state.withLock { state in
            if state.handshakes >= most { return false }
            state.handshakes += 1
            return true
        }
    }

    /// The connection has become a conversation, or has ended.
    func endHandshake() {
        if handshakesMax != nil { state.withLock { $0.handshakes -= 1 } }
    }
}
