import ZCNet

/// What the routes of one server share on one loop: its figures, and the places that its conversations have.
/// Loop thread only, but for the figures, which any thread may read.
@usableFromInline
package final class LoopServices {
    let metrics: WebSocketMetrics
    let admission: ConversationAdmission?
    let handshakes: HandshakeAdmission?
    private var date = HTTPDate()
    /// What requests take whose tasks have them, also after their clients have left.
    private var requests: QueueMemory.Account?
    /// The clients of this loop's conversations, where places are counted; ended ones are forgotten.
    private var clients: [ConnectionID: IPAddress?] = [:]

    init(
        metrics: WebSocketMetrics = WebSocketMetrics(), admission: ConversationAdmission? = nil,
        handshakes: HandshakeAdmission? = nil
    ) {
        self.metrics = metrics
        self.admission = admission
        self.handshakes = handshakes
    }

    /// The `Date` of a response that leaves now.
    func date(_ peer: borrowing Connection<HTTPExchange>) -> String {
        date.text(at: peer.base.now) { peer.base.wallTime }
    }

    /// Has a request of so many bytes in the loop's books until nobody has it any more; nil where there is no
    /// memory for it.
    func hold(_ bytes: Int, _ peer: borrowing Connection<HTTPExchange>) -> RequestHold? {
        guard peer.base.mayQueue(bytes) else { return nil }
        if let requests { return RequestHold(requests, bytes) }
        let account = QueueMemory.Account(peer.base.queues)
        peer.base.addQueueAudit { account.bytes }
        requests = account
        return RequestHold(account, bytes)
    }

    /// A conversation that was admitted begins.
    func begin(_ id: ConnectionID, _ client: IPAddress?) {
        if admission != nil { clients[id] = .some(client) }
    }

    /// A conversation has ended; its place is free.
    func end(_ id: ConnectionID) {
        guard let admission, let client = clients.removeValue(forKey: id) else { return }
        admission.leave(client)
    }
}

extension WebSocketCore {
    /// For conversations of a server, which counts them.
    @usableFromInline
    convenience init(_ options: WebSocketOptions, _ services: LoopServices) {
        self.init(options, services.metrics) { services.end($0) }
    }
}

@available(*, unavailable)
extension LoopServices: Sendable {}

/// Where all figures of a server can be read, from any thread. Holds the figures and not the loops, so that
/// a loop that serves them does not keep its own group alive.
struct ServerFigures: Sendable {
    let loops: [LoopMetrics]
    let webSocket: [WebSocketMetrics]

    init(_ group: EventLoopGroup) {
        loops = group.loops.map(\.metrics)
        webSocket = group.loops.map { _ in WebSocketMetrics() }
    }

    func webSocketSnapshot() -> WebSocketSnapshot {
        let all = webSocket.map { $0.snapshot() }
        return all.dropFirst().reduce(all[0]) { $0.merged(with: $1) }
    }

    private func loopSnapshot() -> MetricsSnapshot { MetricsSnapshot(loops: loops.map { $0.snapshot() }) }

    /// For Prometheus: its content type names the format's version.
    func prometheus() -> HTTPResponse {
        let text = loopSnapshot().prometheusText() + webSocketSnapshot().prometheusText()
        return Self.fresh(
            HTTPResponse(status: 200, text: text, type: "text/plain; version=0.0.4; charset=utf-8"))
    }

    /// One object: the loops' figures, and the server's under `webSocket`.
    func json() -> HTTPResponse {
        let text = loopSnapshot().json().dropLast() + ",\"webSocket\":" + webSocketSnapshot().json() + "}\n"
        return Self.fresh(HTTPResponse(status: 200, text: String(text), type: "application/json"))
    }

    /// Figures of a moment are nothing to keep.
    private static func fresh(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.headers.set("Cache-Control", to: "no-store")
        return response
    }
}

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
