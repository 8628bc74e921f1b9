import ZCNet

/// The upgrade: admission, the application's decision, and the handover to the route's handler.
extension HTTPEntry {
    /// Takes a place for the conversation, and asks the route's policy, now or later.
    ///
    /// Why in this order: a crowd that is turned away for a limit must not cost a decision each.
    func decide(
        _ request: UpgradeRequest, on route: Route, _ peer: borrowing Connection<HTTPExchange>
    ) -> Outcome {
        if let refusal = takePlace(for: request, peer) {
            respond(refusal, to: request.head, peer)
            return .isAnswered
        }
        switch route.policy {
        case .open: return conclude(.accept(), request, route, peer)
        case .decide(let decide): return conclude(decide(request), request, route, peer)
        case .later(let ask):
            peer.state.isWaiting = true
            services.handshakes?.hold(peer.id)
            peer.pauseReading()
            ask(request, promise(request, route, peer))
            return .isAnswered
        }
    }

    /// Nil when there is room for a conversation, whose place the connection has then.
    private func takePlace(
        for request: UpgradeRequest, _ peer: borrowing Connection<HTTPExchange>
    ) -> HTTPResponse? {
        let limits = configuration.limits
        if let most = limits.queuedBytesMax, peer.base.loopQueuedBytes >= most {
            metrics.add(1, to: .refusedQueuedBytes)
            turnedAway(peer, .queuedBytesMax)
            return limits.unavailable("too much output is waiting")
        }
        guard let admission = services.admission else { return nil }
        let client = request.remoteAddress.ipAddress
        switch admission.admit(client) {
        case .admitted:
            peer.state.place = HTTPExchange.Place(client: client)
            return nil
        case .conversationsMax:
            metrics.add(1, to: .refusedConversationsMax)
            turnedAway(peer, .conversationsMax)
            return limits.unavailable("as many are connected as can be served")
        case .perClientMax:
            metrics.add(1, to: .refusedPerClient)
            turnedAway(peer, .conversationsPerClientMax)
            return limits.unavailable("as many are connected from this address as may be")
        }
    }

    /// What the decision made elsewhere is answered with.
    private func promise(
        _ request: UpgradeRequest, _ route: Route, _ peer: borrowing Connection<HTTPExchange>
    ) -> UpgradePromise {
        let bound = LoopBound((entry: self, route: route))
        let entryRole = peer.base.slot[].role
        return UpgradePromise(remote: peer.remote, loop: peer.base.loop) { base, place, decision in
            // A second answer finds the connection handed over, or on its way out: there is one decision for
            // each connection, as a rejection ends it.
            guard base.slot[].role == entryRole, base.takesAnswers else { return }
            let peer = Connection<HTTPExchange>(base: base, place)
            guard peer.state.isWaiting else { return }
            peer.state.isWaiting = false
            // Before the handler is called, which may pause for reasons of its own.
            if !peer.state.isPressed { peer.resumeReading() }
            _ = bound.value.entry.conclude(decision, request, bound.value.route, peer)
        }
    }

    /// Lets the client in and hands the connection over, or turns it away.
    private func conclude(
        _ decision: UpgradeDecision, _ request: UpgradeRequest, _ route: Route,
        _ peer: borrowing Connection<HTTPExchange>
    ) -> Outcome {
        switch decision {
        case .reject(let response):
            release(peer, place: true)
            respond(response, to: request.head, peer)
            return .isAnswered
        case .accept(let asked, let headers, let context):
            let subprotocol = asked ?? request.firstSubprotocol(of: route.subprotocols)
            var extensions: String?
            var agreement: DeflateAgreement?
            #if Deflate
            let agreed = route.installed.core.agree(on: request.extensions)
            (extensions, agreement) = (agreed?.response, agreed?.agreement)
            #endif
            let answer: [UInt8]
            do throws(HandshakeError) {
                answer = try ServerHandshake.accept(
                    request, subprotocol: subprotocol, extensions: extensions, headers: headers,
                    date: services.date(peer))
            } catch {
                // The application decided what the client cannot agree to.
                release(peer, place: true)
                let response = HTTPResponse(status: 500, text: "the handshake could not be answered\n")
                respond(response, to: request.head, peer)
                return .isAnswered
            }
            guard peer.send(answer.span).isAccepted else {
                // A conversation whose client was never told of it would be none.
                release(peer, place: true)
                peer.state.letGo(isLast: true)
                peer.close(.overflow)
                return .isAnswered
            }
            let upgrade = WebSocketUpgrade(
                request: request, subprotocol: subprotocol, isCompressed: extensions != nil, context: context)
            handOver(to: route, peer, upgrade, agreement)
            return .isHandedOver
        }
    }

    /// The connection becomes the route's; what it holds of the server's limits goes along.
    private func handOver(
        to route: Route, _ peer: borrowing Connection<HTTPExchange>, _ upgrade: WebSocketUpgrade,
        _ agreement: DeflateAgreement?
    ) {
        let exchange = peer.state
        metrics.add(1, to: .upgrades)
        peer.cancel(exchange.timer)
        if let place = exchange.place {
            services.begin(peer.id, place.client)
            exchange.place = nil
        }
        release(peer)
        route.installed.core.handOver(peer.base, to: route.installed.role, upgrade, agreement)
    }
}
