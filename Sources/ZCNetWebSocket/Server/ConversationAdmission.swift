import ZCNet

/// Who may begin a conversation: the limits that all loops of one server share.
///
/// Asked once per handshake and end, from any loop; never per message, so a lock does. A server
/// without such limits has none of these.
final class ConversationAdmission: Sendable {
    private let limits: ServerLimits
    private let state = Locked(State())

    private struct State {
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
    init?(_ limits: ServerLimits) {
        self.limits = limits
        if limits.conversationsMax == nil && limits.conversationsPerClientMax == nil { return nil }
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
}
