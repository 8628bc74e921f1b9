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
        let expectations = head.minorVersion == 1 ? head.headers.tokens(of: .expect) : []
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
        let match = find(head)
        let body: BodyReader
        do throws(HTTPError) {
            body = try BodyReader(
                head.framing, contentBytesMax: match.bodyBytesMax ?? configuration.requests.bodyBytesMax,
                extraBytesMax: configuration.head.bytesMax)
        } catch {
            return refuse(head, error, peer)
        }
        if !expectations.isEmpty {
            // A client that is told the end at once may send its body or not, so the connection ends, too.
            guard case .page = match else { return serve(head, peer, isLast: true) }
            peer.send("HTTP/1.1 100 Continue\r\n\r\n")
        }
        peer.state.phase = .body(of: head, body)
        if case .page(let page, let parameters) = match {
            expectBody(for: page, parameters, of: head, peer)
        }
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
        let found = find(head)
        let conversation = asks || found.isNone ? route(for: head) : nil
        if conversation == nil {
            switch found {
            case .page(let page, let parameters):
                var head = head
                head.parameters = parameters
                answer(head, with: page, peer, isLast: isLast)
                return .isAnswered
            case .others(let methods):
                respond(Self.methodNotAllowed(methods), to: head, peer, isLast: isLast)
                return .isAnswered
            case .none: break
            }
        }
        guard let (route, parameters) = conversation else {
            let response = HTTPResponse(status: 404, text: "nothing is here\n")
            respond(response, to: head, peer, isLast: isLast)
            return .isAnswered
        }
        var asked = head
        asked.parameters = parameters
        switch ServerHandshake.check(asked, origins: configuration.origins) {
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

    /// What a request for a plain answer finds at its path.
    enum Found {
        case page(WebSocketRoutes.Page, parameters: [String: String])
        /// Answers to other methods only.
        case others([String])
        case none

        var isNone: Bool { if case .none = self { true } else { false } }

        /// The longest body that is wanted; nil leaves it to the server's limit.
        var bodyBytesMax: Int? {
            guard case .page(let page, _) = self else { return nil }
            return switch page.content {
            case .handler(_, let bytesMax): bytesMax
            case .reader(_, let bytesMax): bytesMax
            default: nil
            }
        }
    }

    private func find(_ head: HTTPRequestHead) -> Found {
        var methods: [String] = []
        for page in pages {
            guard let parameters = page.path.match(head) else { continue }
            if page.methods.contains(head.method) { return .page(page, parameters: parameters) }
            methods += page.methods.filter { !methods.contains($0) }
        }
        return methods.isEmpty ? .none : .others(methods)
    }

    /// The route of a conversation; that for every path comes last.
    private func route(for head: HTTPRequestHead) -> (Route, [String: String])? {
        for route in routes {
            if let parameters = route.path?.match(head) { return (route, parameters) }
        }
        return routes.first { $0.path == nil }.map { ($0, [:]) }
    }

    private func answer(
        _ head: HTTPRequestHead, with page: WebSocketRoutes.Page, _ peer: borrowing Connection<HTTPExchange>,
        isLast: Bool
    ) {
        let response: HTTPResponse
        switch page.content {
        case .made(let make): response = make(head)
        case .fixed(let fixed): response = fixed
        case .metrics: response = figures.prometheus()
        case .varz: response = figures.json()
        case .folder(let folder): response = folder.answer(head)
        case .handler(let handler, _): return begin(handler, head, peer, isLast: isLast)
        // One without a body: there is nothing to wait for.
        case .reader(let handler, _): return begin(handler, head, peer, hasBody: false)
        }
        respond(response, to: head, peer, isLast: isLast)
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
        exchange.endRunning()
        exchange.answeredCount += 1
        metrics.recordResponse(response.status)
        let mayGoOn = !isLast && exchange.answeredCount < configuration.requests.requestsMax
        // RFC 9112 6.1: HTTP/1.0 has no chunks, so that only the connection's end can end a stream.
        let isChunked = head?.minorVersion == 1
        let isEndless = !isChunked && response.source.map { $0.byteCount == nil } == true
        let isKept =
            mayGoOn && !isEndless && head?.keepsAlive == true && head?.mayBeginTunnel == false
        let method = head?.method ?? exchange.method
        exchange.letGo(isLast: !isKept)
        let bytes = response.serialized(
            isHead: method == "HEAD", keepsAlive: isKept, date: services.date(peer), isChunked: isChunked)
        guard peer.send(bytes.span).isAccepted else { return peer.close(.overflow) }
        if response.source != nil, response.hasContent(for: method) {
            let rest = StreamRest(isChunked: isChunked, isKept: isKept, cause: cause)
            return send(response, rest, peer)
        }
        goOn(peer, isKept: isKept, cause: cause)
    }

    /// Behind a whole answer: the connection ends, or reads the next request.
    func goOn(_ peer: borrowing Connection<HTTPExchange>, isKept: Bool, cause: CloseCause) {
        guard isKept else { return peer.close(cause) }
        // A client that asks and asks without reading is not read from either, not even what is here.
        if peer.queuedBytes >= configuration.tcp.connection.outboundHighWatermarkBytes {
            peer.state.isPressed = true
            peer.pauseReading()
        }
    }

    func onWritable(_ peer: inout Connection<HTTPExchange>) {
        if let running = peer.state.running { running.link.wake(.writer) }
        guard peer.state.isPressed else { return }
        if peer.state.isSendingFile && peer.base.oweWritable() { return }
        peer.state.isSendingFile = false
        peer.state.isPressed = false
        if !peer.state.isWaiting { peer.resumeReading() }
    }
}
