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
        var handshakes = HandshakePlaces()
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

    /// How many connections are without a conversation, for tests of the bound.
    var handshakeCount: Int { state.withLock { $0.handshakes.count } }

    /// What becomes of a connection that has yet to say what it wants.
    enum HandshakeVerdict {
        case admitted
        /// Another one has lost its place to it, and is to be ended.
        case admittedInPlaceOf(PendingHandshake)
        /// There are too many, and none of them can be ended.
        case refused
    }

    /// Gives a connection that has yet to say what it wants a place: where there is none, that of the one
    /// that came first.
    func beginHandshake(_ handshake: PendingHandshake) -> HandshakeVerdict {
        guard let most = handshakesMax else { return .admitted }
        return state.withLock { state in
            let isFull = state.handshakes.count >= most
            guard let oldest = isFull ? state.handshakes.takeOldest() : nil else {
                if isFull { return .refused }
                state.handshakes.enter(handshake)
                return .admitted
            }
            state.handshakes.enter(handshake)
            return .admittedInPlaceOf(oldest)
        }
    }

    /// Takes a place back that the connection has lost, where another can lose its own instead: the next
    /// oldest one. Nil when there is none.
    func passOn(_ handshake: PendingHandshake) -> PendingHandshake? {
        state.withLock { state in
            guard let next = state.handshakes.takeOldest() else { return nil }
            state.handshakes.enter(handshake)
            return next
        }
    }

    /// The application decides about the connection: it keeps its place until then.
    func holdHandshake(_ id: ConnectionID) {
        if handshakesMax != nil { state.withLock { $0.handshakes.hold(id) } }
    }

    /// The connection has become a conversation, or has ended.
    func endHandshake(_ id: ConnectionID) {
        if handshakesMax != nil { state.withLock { $0.handshakes.leave(id) } }
    }
}
