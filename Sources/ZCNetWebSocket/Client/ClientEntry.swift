import ZCNet

/// Where every connection of a WebSocket client begins: asks for the upgrade, reads the answer, and hands the
/// connection over to the application's handler when the server agrees. One per loop.
struct ClientEntry: ConnectionHandler {
    let installed: InstalledRoute
    let configuration: WebSocketClient.Configuration
    let watchers: LoopEndWatchers

    /// Made per connection, and gone when it is handed over.
    func makeState() -> ClientExchange { ClientExchange(configuration) }

    /// A connection is up for an attempt: the request goes out.
    static func begin(
        _ attempt: ClientAttempt, timeout: Duration, _ peer: borrowing Connection<ClientExchange>
    ) {
        guard attempt.connected(peer.remote) else { return peer.abort() }
        let exchange = peer.state
        exchange.begin(attempt)
        exchange.timer = peer.schedule(after: timeout, tag: .handshake)
        let request = attempt.handshake.requestBytes
        // Nobody would send it again, and the server would be waited for in vain.
        guard peer.send(request.span).isAccepted else { return peer.close(.overflow) }
    }

    func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<ClientExchange>) {
        if take(data, peer) { return }
        // Where there is no room for what is kept of the answer, the attempt fails.
        if !peer.state.settle(peer.base.budget) { end(peer, .overflow) }
    }

    /// Reads on; whether the connection is a handler's now.
    private func take(_ data: borrowing ReceivedChunk, _ peer: borrowing Connection<ClientExchange>) -> Bool {
        let exchange = peer.state
        var start = 0
        while start < data.count && peer.base.takesMore {
            let rest = data.extracting(start..<data.count)
            switch exchange.read(rest.bytes) {
            case .incomplete:
                peer.leaveUnread(data.count - start)
                return false
            case .read(let count):
                start += count
            case .switched(let head, let count):
                start += count
                return open(head, peer, data.extracting(start..<data.count))
            case .refused(let refusal):
                exchange.attempt?.fail(.refused(refusal))
                peer.close()
            case .malformed(let error):
                fail(HandshakeError(error), peer)
            }
        }
        return false
    }

    func onTimer(_ tag: ConnectionTimerTag, of peer: inout Connection<ClientExchange>) {
        // A server that was refusing is not silent, only slow to end its explanation.
        peer.state.attempt?.fail(peer.state.refusal.map { .refused($0) } ?? .timedOut)
        end(peer, .timeout(.handshake))
    }

    func onClose(_ peer: inout Connection<ClientExchange>, _ reason: CloseReason) {
        let exchange = peer.state
        peer.cancel(exchange.timer)
        if let refusal = exchange.bodyEnded() {
            exchange.attempt?.fail(.refused(refusal))
        } else {
            exchange.attempt?.fail(reason.cause == .shutdown ? .stopped : .closed(reason))
        }
    }

    func onStop(_ loop: borrowing LoopContext) { watchers.loopEnded(loop.index) }

    /// The server agrees: the connection becomes the handler's, and then the caller's. False where it does
    /// not, as the answer breaks a rule, or nobody waits for it any more.
    private func open(
        _ head: HTTPResponseHead, _ peer: borrowing Connection<ClientExchange>,
        _ following: borrowing ReceivedChunk
    ) -> Bool {
        let exchange = peer.state
        let core = installed.core
        guard let attempt = exchange.attempt else { return false }
        let agreement: ClientHandshake.Agreement
        var compression: DeflateAgreement?
        do throws(HandshakeError) {
            agreement = try attempt.handshake.check(head)
            #if Deflate
            compression = try core.agreement(from: agreement.extensions)
            #endif
        } catch {
            fail(error, peer)
            return false
        }
        guard let completion = attempt.settle() else {
            peer.abort()
            return false
        }
        peer.cancel(exchange.timer)
        var request = attempt.handshake.request
        let address = peer.localAddress ?? .unix(path: "")
        request.head.remoteAddress = address
        request.head.peerAddress = address
        request.head.security = peer.security
        let upgrade = WebSocketUpgrade(
            request: request, subprotocol: agreement.subprotocol, isCompressed: compression != nil,
            response: head)
        core.handOver(peer.base, to: installed.role, upgrade, compression)
        complete(peer.base, attempt, completion)
        peer.base.deliverRest(following)
        return true
    }

    private func complete(
        _ base: ConnectionBase, _ attempt: ClientAttempt, _ completion: ClientAttempt.Completion
    ) {
        let core = installed.core
        base.withState { base, place in
            // The connection is the adapter's now, whose state begins with a session.
            let session = place.beginning(with: WebSocketSession.self)
            session[].onEnd(attempt.onEnd)
            completion(.success(RemoteWebSocket(Conversation(base: base, session: session, core: core))))
        }
    }

    /// The server's answer breaks a rule: RFC 6455 4.1, _Fail the WebSocket Connection_.
    private func fail(_ error: HandshakeError, _ peer: borrowing Connection<ClientExchange>) {
        peer.state.attempt?.fail(.handshake(error))
        end(peer, .protocolError(ProtocolRule(error.description)))
    }

    /// Ends a connection on which nothing is left to lose.
    private func end(_ peer: borrowing Connection<ClientExchange>, _ cause: CloseCause) {
        peer.base.end(CloseReason(cause), isAbortive: true)
    }
}

extension WebSocketSession {
    /// Names who is told of the end, behind the handler.
    fileprivate mutating func onEnd(_ watcher: (@Sendable (WebSocketCloseReason) -> Void)?) {
        if let watcher { makeExtra().onEnd = watcher }
    }
}
