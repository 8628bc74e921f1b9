import ZCNet

/// Where every connection of a WebSocket server begins: reads HTTP requests, answers plain ones, and hands
/// the connection over to a route's handler when a handshake succeeds. One per loop.
struct HTTPEntry: ConnectionHandler {
    /// A route as this loop serves it. An object, as a request hands on which one it is for several times.
    final class Route {
        /// Nil for every path that nothing else serves.
        let path: RoutePattern?
        let subprotocols: [String]
        let policy: UpgradePolicy
        let installed: InstalledRoute

        init(
            path: RoutePattern?, subprotocols: [String], policy: UpgradePolicy, installed: InstalledRoute
        ) {
            self.path = path
            self.subprotocols = subprotocols
            self.policy = policy
            self.installed = installed
        }
    }

    let routes: [Route]
    let pages: [WebSocketRoutes.Page]
    let configuration: WebSocketServer.Configuration
    let services: LoopServices
    let figures: ServerFigures

    var metrics: WebSocketMetrics { services.metrics }

    /// Made per connection, and gone when it is handed over.
    func makeState() -> HTTPExchange { HTTPExchange(configuration.head) }

    func onOpen(_ peer: inout Connection<HTTPExchange>) {
        guard takesPlace(peer) else { return peer.abort() }
        peer.base.treatAsStranger()
        let exchange = peer.state
        exchange.peerAddress = peer.remoteAddress
        exchange.sourceAddress = exchange.peerAddress
        if configuration.proxyProtocol.isRequired(from: exchange.peerAddress) {
            exchange.phase = .preamble(ProxyPreamble())
        }
        arm(.request, peer)
    }

    func onClose(_ peer: inout Connection<HTTPExchange>, _ reason: CloseReason) {
        peer.state.endRunning()
        release(peer)
        peer.cancel(peer.state.timer)
    }

    func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<HTTPExchange>) {
        let exchange = peer.state
        if exchange.clock == .idle { arm(.request, peer) }
        let answeredBefore = exchange.answeredCount
        var start = 0
        // Requests that follow each other at once, as browsers and load balancers send them.
        while start < data.count && peer.base.takesMore && !exchange.isWaiting {
            switch step(data.extracting(start..<data.count).bytes, peer) {
            case .took(let count): start += count
            case .incomplete:
                peer.leaveUnread(data.count - start)
                return settle(peer)
            case .handedOver(let count):
                let following = data.extracting((start + count)..<data.count)
                return peer.base.deliverRest(following)
            }
        }
        // Who waits for a decision or an answer keeps what the client sent behind the request.
        if start < data.count {
            peer.leaveUnread(data.count - start)
            if exchange.isWaiting { peer.pauseReading() }
        }
        if exchange.answeredCount > answeredBefore { rearm(peer) }
        settle(peer)
    }

    /// Has the loop's books know what is held of requests now; who finds no room there is told to come again.
    func settle(_ peer: borrowing Connection<HTTPExchange>) {
        guard peer.base.takesAnswers else { return }
        if peer.state.heldBytes > 0 { peer.base.noteHolding() }
        if peer.state.settle(peer.base.budget) { return }
        peer.state.isWaiting = false
        release(peer, place: true)
        let response = configuration.limits.unavailable("memory is short")
        respond(response, to: nil, peer, isLast: true, cause: .overflow)
    }

    /// What a look at the next bytes comes to.
    enum Step {
        /// So many bytes are dealt with.
        case took(Int)
        /// The bytes are to come again, with more behind them.
        case incomplete
        /// The connection is a route's now, behind so many bytes.
        case handedOver(Int)
    }

    private func step(_ bytes: RawSpan, _ peer: borrowing Connection<HTTPExchange>) -> Step {
        let exchange = peer.state
        switch exchange.phase {
        case .preamble: return readPreamble(bytes, peer)
        case .body(let head, let body): return readBody(bytes, of: head, body, peer)
        case .head:
            switch exchange.read(bytes) {
            // A parser of requests reads no response.
            case .incomplete, .response: return .incomplete
            case .refused(let error):
                let rule = ProtocolRule(error.description)
                respond(HTTPResponse(error), to: nil, peer, cause: .protocolError(rule))
                return .took(bytes.byteCount)
            case .request(var head, let count):
                metrics.add(1, to: .requests)
                head.peerAddress = exchange.peerAddress
                head.security = peer.security
                head.remoteAddress =
                    configuration.forwarded?.clientSocketAddress(
                        of: head.headers, from: exchange.sourceAddress) ?? exchange.sourceAddress
                exchange.didRead(count, head)
                return take(head, peer) == .isHandedOver ? .handedOver(count) : .took(count)
            }
        }
    }

    /// Reads the header that a balancer owes. Without one nothing is known of the client, and a response
    /// would go to who knows whom: the connection just ends.
    private func readPreamble(_ bytes: RawSpan, _ peer: borrowing Connection<HTTPExchange>) -> Step {
        let exchange = peer.state
        guard case .preamble(var preamble) = exchange.phase else { return .incomplete }
        let outcome = preamble.parse(bytes)
        exchange.phase = .preamble(preamble)
        switch outcome {
        case .incomplete: return .incomplete
        case .local(let count):
            exchange.beginHead()
            return .took(count)
        case .proxied(let source, _, let count):
            exchange.sourceAddress = source
            exchange.beginHead()
            return .took(count)
        case .refused(let error):
            metrics.add(1, to: .proxyErrors)
            peer.close(.protocolError(ProtocolRule(error.description)))
            return .took(bytes.byteCount)
        }
    }

    // MARK: Time

    func arm(_ clock: HTTPExchange.Clock, _ peer: borrowing Connection<HTTPExchange>) {
        let exchange = peer.state
        exchange.clock = clock
        exchange.contentBytes = 0
        exchange.clockBegan = peer.base.turnBegan
        exchange.watch = OutputWatch(at: exchange.clockBegan)
        let time = time(of: clock)
        let isResting = clock == .idle
        schedule(after: isResting ? time / OutputWatch.looksPerPatience : min(time, firstLook), peer)
    }

    private func time(of clock: HTTPExchange.Clock) -> Duration {
        switch clock {
        case .request: configuration.handshakeTimeout
        case .idle, .stream: configuration.requests.keepAliveTimeout
        case .answer: configuration.requests.answerTimeout
        }
    }

    /// When a request that is not whole is looked at first, whose time is not up then: while all places of
    /// the server are taken, it has no longer.
    private var firstLook: Duration {
        configuration.tcp.connectionsMax == nil ? configuration.handshakeTimeout : ConnectionBase.crowdedTime
    }

    /// Whether the time of a request is not up yet. While all of the server's places are taken, it goes
    /// before.
    private func hasTimeLeft(_ peer: borrowing Connection<HTTPExchange>) -> Bool {
        let exchange = peer.state
        let left = time(of: exchange.clock) - (peer.base.turnBegan - exchange.clockBegan)
        if exchange.clock == .idle || left <= .zero { return false }
        schedule(after: min(left, firstLook), peer)
        return true
    }

    func schedule(after delay: Duration, _ peer: borrowing Connection<HTTPExchange>) {
        peer.cancel(peer.state.timer)
        peer.state.timer = peer.schedule(after: delay, tag: .handshake)
    }

    /// Whether the time of the clock is not over yet, because it counts from when the last answer has left,
    /// or the client was last seen to take some of it: a download is no rest, however slow, and who waits for
    /// its end may have begun the next request. For who trickles there is `drainTimeoutMax`, as behind a
    /// close. Looks again later, eight times in each such time while there is output, and once after a first
    /// look that finds none.
    private func outputExtendsTime(_ peer: borrowing Connection<HTTPExchange>) -> Bool {
        let exchange = peer.state
        let progress = peer.base.outputProgress
        let time = time(of: exchange.clock)
        let drainMax = max(time, configuration.tcp.connection.drainTimeoutMax)
        let next = exchange.watch.look(
            progress, at: peer.base.turnBegan, patience: time, limit: exchange.clockBegan + drainMax)
        guard let next else { return false }
        schedule(after: next, peer)
        return true
    }

    /// A request was answered: the next has its own time, beginning with its first byte.
    func rearm(_ peer: borrowing Connection<HTTPExchange>) {
        // Who waits for an answer has a clock for that.
        if peer.state.running != nil { return }
        if peer.base.takesAnswers { arm(peer.state.isBetweenRequests ? .idle : .request, peer) }
    }

    func onTimer(_ tag: ConnectionTimerTag, of peer: inout Connection<HTTPExchange>) {
        let exchange = peer.state
        if exchange.clock == .stream { return watchStream(peer) }
        if !exchange.isWaiting, exchange.running == nil, peer.base.turnOutWhereFull() {
            return metrics.add(1, to: .refusedHandshakesMax)
        }
        if hasTimeLeft(peer) { return }
        if exchange.clock == .answer, exchange.running != nil {
            let response = configuration.limits.unavailable("the answer took too long")
            return respond(response, to: nil, peer, cause: .timeout(.handshake))
        }
        if exchange.isWaiting {
            // Nobody decided in time: no fault of the client's, who may try again.
            exchange.isWaiting = false
            release(peer, place: true)
            let response = configuration.limits.unavailable("the decision took too long")
            return respond(response, to: nil, peer, cause: .timeout(.handshake))
        }
        if case .preamble = exchange.phase {
            metrics.add(1, to: .proxyErrors)
            return peer.close(.timeout(.handshake))
        }
        if outputExtendsTime(peer) { return }
        if exchange.clock == .idle { return peer.close(.timeout(.idle)) }
        let response = HTTPResponse(status: 408, text: "a whole request was expected in time\n")
        respond(response, to: nil, peer, cause: .timeout(.handshake))
    }

    // MARK: What is counted

    /// Tells the observer of somebody who met a limit.
    func turnedAway(_ peer: borrowing Connection<HTTPExchange>, _ limit: RejectionReason) {
        let address = peer.remoteAddress
        peer.base.turnedAway(address, limit)
    }

    /// Gives a new connection a place among those without a conversation; false when there is none.
    private func takesPlace(_ peer: borrowing Connection<HTTPExchange>) -> Bool {
        guard let entrance = services.handshakes?.enter(peer.base) else { return true }
        if entrance != .admitted { metrics.add(1, to: .refusedHandshakesMax) }
        return entrance != .refused
    }

    /// Gives back what the connection holds of the server's limits: its place among conversations, and
    /// unless only that is meant, its place among connections without one.
    func release(_ peer: borrowing Connection<HTTPExchange>, place isPlaceOnly: Bool = false) {
        let exchange = peer.state
        if let place = exchange.place {
            services.admission?.leave(place.client)
            exchange.place = nil
        }
        if isPlaceOnly { return }
        services.handshakes?.leave(peer.id)
        exchange.letGo(isLast: true)
    }
}
