import ZCNet

/// Where every connection of a WebSocket server begins: reads HTTP requests, answers plain ones, and hands
/// the connection over to a route's handler when a handshake succeeds. One per loop.
struct HTTPEntry: ConnectionHandler {
    /// A route as this loop serves it.
    struct Route {
        let path: String?
        let subprotocols: [String]
        let policy: UpgradePolicy
        let installed: InstalledRoute
    }

    let routes: [Route]
    let pages: [WebSocketRoutes.Page]
    let configuration: WebSocketServer.Configuration

    /// Made per connection, and gone when it is handed over.
    func makeState() -> HTTPExchange { HTTPExchange(configuration.head) }

    private static var timeoutTag: ConnectionTimerTag { ConnectionTimerTag(library: 202) }

    func onOpen(_ peer: borrowing Connection<HTTPExchange>) {
        peer.state.timer = peer.schedule(after: configuration.handshakeTimeout, tag: Self.timeoutTag)
    }

    func onTimer(_ tag: ConnectionTimerTag, of peer: borrowing Connection<HTTPExchange>) {
        respond(HTTPResponse(status: 408, text: "a whole request was expected in time\n"), to: nil, peer)
        peer.close(.timeout(.handshake))
    }

    func onClose(_ peer: borrowing Connection<HTTPExchange>, _ reason: CloseReason) {
        peer.cancel(peer.state.timer)
    }

    func onData(_ data: borrowing ReceivedChunk, from peer: borrowing Connection<HTTPExchange>) {
        let exchange = peer.state
        var start = 0
        // Requests that follow each other at once, as browsers and load balancers send them.
        while start < data.count && !exchange.isWaiting {
            let rest = data.extracting(start..<data.count)
            switch exchange.read(rest.bytes) {
            // A parser of requests reads no response.
            case .incomplete, .response:
                return peer.leaveUnread(data.count - start)
            case .refused(let error):
                respond(HTTPResponse(error), to: nil, peer)
                return peer.close(.protocolError(ProtocolRule(error.description)))
            case .request(let head, let count):
                start += count
                if serve(head, peer) == .isHandedOver {
                    let following = data.extracting(start..<data.count)
                    return peer.base.deliverRest(following)
                }
                if !peer.base.takesMore { break }
            }
            if !peer.base.takesMore { break }
        }
        // A handshake that waits for its decision keeps what the client sent behind it.
        if start < data.count { peer.leaveUnread(data.count - start) }
    }

    enum Outcome {
        case isAnswered
        case isHandedOver
    }

    private func serve(_ head: HTTPRequestHead, _ peer: borrowing Connection<HTTPExchange>) -> Outcome {
        if let page = pages.first(where: { $0.path == head.path }), !head.wantsUpgrade {
            answer(head, with: page, peer)
            return .isAnswered
        }
        guard
            let route = routes.first(where: { $0.path == head.path })
                ?? routes.first(where: { $0.path == nil })
        else {
            respond(HTTPResponse(status: 404, text: "nothing is here\n"), to: head, peer)
            return .isAnswered
        }
        switch ServerHandshake.check(head, origins: configuration.origins) {
        case .notUpgrade:
            respond(ServerHandshake.upgradeRequired, to: head, peer)
        case .refused(let response):
            respond(response, to: head, peer)
        case .offered(let request):
            return decide(request, on: route, peer)
        }
        return .isAnswered
    }

    private func answer(
        _ head: HTTPRequestHead, with page: WebSocketRoutes.Page, _ peer: borrowing Connection<HTTPExchange>
    ) {
        guard page.methods.contains(head.method) else {
            var response = HTTPResponse(
                status: 405, text: "expected \(page.methods.joined(separator: " or "))\n")
            response.headers.set("Allow", to: page.methods.joined(separator: ", "))
            return respond(response, to: head, peer)
        }
        respond(page.respond(head), to: head, peer)
    }

    /// Sends a response; the connection ends behind it unless both sides keep it.
    func respond(
        _ response: HTTPResponse, to head: HTTPRequestHead?, _ peer: borrowing Connection<HTTPExchange>
    ) {
        let isKept = head.map { $0.keepsAlive && !$0.hasBody } ?? false
        let bytes = response.serialized(isHead: head?.method == "HEAD", keepsAlive: isKept)
        peer.send(bytes.span)
        if !isKept { peer.close() }
    }
}
