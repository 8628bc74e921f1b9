import ZCNet

/// From a request to a conversation.
extension HTTPEntry {
    /// Asks the route's policy, now or later.
    func decide(
        _ request: UpgradeRequest, on route: Route, _ peer: borrowing Connection<HTTPExchange>
    ) -> Outcome {
        switch route.policy {
        case .open: return conclude(.accept(), request, route, peer)
        case .decide(let decide): return conclude(decide(request), request, route, peer)
        case .later(let ask):
            peer.state.isWaiting = true
            peer.pauseReading()
            ask(request, promise(request, route, peer))
            return .isAnswered
        }
    }

    /// What the decision made elsewhere is answered with.
    private func promise(
        _ request: UpgradeRequest, _ route: Route, _ peer: borrowing Connection<HTTPExchange>
    ) -> UpgradePromise {
        let lent = LoopLent((entry: self, route: route))
        let entryRole = peer.base.slot[].role
        return UpgradePromise(remote: peer.remote) { base, place, decision in
            // A second answer finds the connection handed over, or on its way out.
            guard base.slot[].role == entryRole, base.takesAnswers else { return }
            // SAFETY: the role is the entry's, so its state is what lies there.
            let peer = unsafe Connection<HTTPExchange>(base: base, place)
            guard peer.state.isWaiting else { return }
            peer.state.isWaiting = false
            _ = lent.value.entry.conclude(decision, request, lent.value.route, peer)
            base.withHost { $0.resumeReading(base.slot) }
        }
    }

    /// Lets the client in and hands the connection over, or turns it away.
    private func conclude(
        _ decision: UpgradeDecision, _ request: UpgradeRequest, _ route: Route,
        _ peer: borrowing Connection<HTTPExchange>
    ) -> Outcome {
        switch decision {
        case .reject(let response):
            respond(response, to: request.head, peer)
            return .isAnswered
        case .accept(let asked, let headers):
            let subprotocol = asked ?? request.firstSubprotocol(of: route.subprotocols)
            let core = route.installed.core
            var extensions: String?
            #if Deflate
            let agreed = core.agree(on: request.extensions)
            extensions = agreed?.response
            #endif
            let answer: [UInt8]
            do throws(HandshakeError) {
                answer = try ServerHandshake.accept(
                    request, subprotocol: subprotocol, extensions: extensions, headers: headers)
            } catch {
                // The application decided what the client cannot agree to.
                respond(
                    HTTPResponse(status: 500, text: "the handshake could not be answered\n"),
                    to: request.head, peer)
                return .isAnswered
            }
            #if Deflate
            core.pendingAgreement = agreed?.agreement
            #endif
            let exchange = peer.state
            peer.cancel(exchange.timer)
            peer.send(answer.span)
            core.pendingUpgrade = WebSocketUpgrade(
                request: request, subprotocol: subprotocol, clientAddress: peer.remoteAddress,
                isCompressed: extensions != nil)
            peer.base.withHost { $0.handOver(peer.base.slot, to: route.installed.role) }
            return .isHandedOver
        }
    }
}
