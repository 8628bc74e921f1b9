import ZCNet

/// What the routes of one server share on one loop: its figures, and the places that its conversations have.
/// Loop thread only, but for the figures, which any thread may read.
@usableFromInline
package final class LoopServices {
    let metrics: WebSocketMetrics
    let admission: ConversationAdmission?
    let handshakes: HandshakeAdmission?
    private var date = HTTPDate()
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
