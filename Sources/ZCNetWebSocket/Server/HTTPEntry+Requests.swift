import ZCNet

/// Answering a request whose head was read.
extension HTTPEntry {
    enum Outcome {
        case isAnswered
        case isHandedOver
    }

    /// Answers, or waits for the body's end first. Where that is was settled with the head: what is done here
    /// moves no boundary between requests, but may end the connection.
    func take(_ head: HTTPRequestHead, _ peer: borrowing Connection<HTTPExchange>) -> Outcome {
        // RFC 9110 10.1.1: an expectation in HTTP/1.0 is none.
        let expectations = head.minorVersion == 1 ? head.headers.tokens(of: "Expect") : []
        if let other = expectations.first(where: { !HTTPCharacters.isSame($0, "100-continue") }) {
            let got = HTTPCharacters.quoted(other)
            return refuse(head, HTTPError(417, expected: "100-continue in Expect", got: got), peer)
        }
        guard head.hasBody else { return serve(head, peer) }
        // RFC 6455 4.1: the handshake is a GET without a body. A proxy that expects an upgrade may take for
        // frames, and pass on unseen, what is a body here, or the other way round.
        if ServerHandshake.asksForConversation(head) {
            let error = HTTPError(400, expected: "an upgrade without a body (RFC 6455 4.1)", got: "one with")
            return refuse(head, error, peer)
        }
        let body: BodyReader
        do throws(HTTPError) {
            body = try BodyReader(
                head.framing, contentBytesMax: configuration.requests.bodyBytesMax,
                extraBytesMax: configuration.head.bytesMax)
        } catch {
            return refuse(head, error, peer)
        }
        if !expectations.isEmpty {
            // A client that is told the end at once may send its body or not, so the connection ends, too.
            guard page(for: head)?.methods.contains(head.method) == true else {
                return serve(head, peer, isLast: true)
            }
            peer.send("HTTP/1.1 100 Continue\r\n\r\n")
        }
        peer.state.phase = .body(of: head, body)
        return .isAnswered
    }

    /// Says what is wrong with a request that began well, and ends the connection: where the next one would
    /// begin is not known, or not to be waited for.
    func refuse(
        _ head: HTTPRequestHead, _ error: HTTPError, _ peer: borrowing Connection<HTTPExchange>
    ) -> Outcome {
        let isBroken = error.status == 400
        let cause = isBroken ? CloseCause.protocolError(ProtocolRule(error.description)) : .local
        respond(HTTPResponse(error), to: head, peer, isLast: true, cause: cause)
        return .isAnswered
    }

    /// Answers a request whose body, if it has one, is dealt with.
    ///
    /// - Parameter isLast: whether the connection ends with the answer in any case.
    func serve(
        _ head: HTTPRequestHead, _ peer: borrowing Connection<HTTPExchange>, isLast: Bool = false
    ) -> Outcome {
        let asks = ServerHandshake.asksForConversation(head)
        let route =
            routes.first(where: { $0.path == head.path }) ?? routes.first(where: { $0.path == nil })
        if let page = page(for: head), !asks || route == nil {
            respond(answer(head, with: page), to: head, peer, isLast: isLast)
            return .isAnswered
        }
        guard let route else {
            let response = HTTPResponse(status: 404, text: "nothing is here\n")
            respond(response, to: head, peer, isLast: isLast)
            return .isAnswered
        }
        switch ServerHandshake.check(head, origins: configuration.origins) {
        case .notUpgrade:
            let isReading = head.method == "GET" || head.method == "HEAD"
            let response = isReading ? ServerHandshake.upgradeRequired : Self.methodNotAllowed(["GET"])
            respond(response, to: head, peer, isLast: isLast)
        case .refused(let response): respond(response, to: head, peer, isLast: isLast)
        case .refusedOrigin(let response):
            metrics.add(1, to: .refusedOrigins)
            turnedAway(peer, .origins)
            respond(response, to: head, peer, isLast: isLast)
        case .offered(let request): return decide(request, on: route, peer)
        }
        return .isAnswered
    }

    private func page(for head: HTTPRequestHead) -> WebSocketRoutes.Page? {
        pages.first { $0.path == head.path }
    }

    private func answer(_ head: HTTPRequestHead, with page: WebSocketRoutes.Page) -> HTTPResponse {
        guard page.methods.contains(head.method) else { return Self.methodNotAllowed(page.methods) }
        return switch page.content {
        case .made(let respond): respond(head)
        case .fixed(let response): response
        case .metrics: figures.prometheus()
        case .varz: figures.json()
        }
    }

    /// RFC 9110 15.5.6: with the methods that would do.
    private static func methodNotAllowed(_ methods: [String]) -> HTTPResponse {
        var response = HTTPResponse(status: 405, text: "expected \(methods.joined(separator: " or "))\n")
        response.headers.set("Allow", to: methods.joined(separator: ", "))
        return response
    }

    /// Sends a response. The connection ends behind it unless both sides keep it.
    ///
    /// Behind a request for an upgrade or a tunnel it always ends, whoever refused it and why: a proxy that
    /// does not wait for the 101 passes on what its client sends next without a look, and here that would be
    /// requests which nobody has checked. A client that wants to try again connects anew.
    ///
    /// - Parameters:
    ///   - head: the request; nil for one that could not be read, which ends the connection.
    ///   - isLast: whether the connection ends in any case.
    ///   - cause: why it ends, if it does.
    func respond(
        _ response: HTTPResponse, to head: HTTPRequestHead?, _ peer: borrowing Connection<HTTPExchange>,
        isLast: Bool = false, cause: CloseCause = .local
    ) {
        let exchange = peer.state
        exchange.answeredCount += 1
        metrics.recordResponse(response.status)
        let mayGoOn = !isLast && exchange.answeredCount < configuration.requests.requestsMax
        let isKept = mayGoOn && head?.keepsAlive == true && head?.mayBeginTunnel == false
        let method = head?.method ?? exchange.method
        exchange.letGo(isLast: !isKept)
        let bytes = response.serialized(
            isHead: method == "HEAD", keepsAlive: isKept, date: services.date(peer))
        guard peer.send(bytes.span).isAccepted else { return peer.close(.overflow) }
        guard isKept else { return peer.close(cause) }
        // A client that asks and asks without reading is not read from either, not even what is here.
        if peer.queuedBytes >= configuration.tcp.connection.outboundHighWatermarkBytes {
            exchange.isPressed = true
            peer.pauseReading()
        }
    }

    func onWritable(_ peer: inout Connection<HTTPExchange>) {
        guard peer.state.isPressed else { return }
        peer.state.isPressed = false
        if !peer.state.isWaiting { peer.resumeReading() }
    }
}
