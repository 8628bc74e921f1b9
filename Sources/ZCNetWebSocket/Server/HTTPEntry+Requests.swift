import ZCNet

/// From a request's head to its answer.
extension HTTPEntry {
    enum Outcome {
        case isAnswered
        case isHandedOver
    }

    /// Looks at what is said about a body before anything else; answers, or waits for the body's end.
    func take(_ head: HTTPRequestHead, _ peer: borrowing Connection<HTTPExchange>) -> Outcome {
        // RFC 9110 10.1.1: an expectation in HTTP/1.0 is none.
        let expectation = head.minorVersion == 1 ? head.headers["Expect"] : nil
        let asksToContinue = expectation.map { HTTPCharacters.isSame($0, "100-continue") } ?? false
        if let expectation, !asksToContinue {
            let got = HTTPCharacters.quoted(expectation)
            return refuse(head, 417, "expected 100-continue in Expect, got \(got)", peer)
        }
        guard head.hasBody, !asksForConversation(head) else { return serve(head, peer) }
        let bytesMax = configuration.requests.bodyBytesMax
        if head.headers.contains("Transfer-Encoding") {
            return refuse(head, 411, "expected a Content-Length, got a body of unknown length", peer)
        }
        let bytes = head.contentLength ?? 0
        if bytes > bytesMax {
            return refuse(head, 413, "expected a body of at most \(bytesMax) bytes, got \(bytes)", peer)
        }
        if asksToContinue {
            // A client that is told the end at once may send its body or not, so the connection ends, too.
            guard page(for: head)?.methods.contains(head.method) == true else {
                return serve(head, peer, isLast: true)
            }
            peer.send("HTTP/1.1 100 Continue\r\n\r\n")
        }
        peer.state.phase = .body(of: head, bytesLeft: bytes)
        return .isAnswered
    }

    private func refuse(
        _ head: HTTPRequestHead, _ status: Int, _ text: String, _ peer: borrowing Connection<HTTPExchange>
    ) -> Outcome {
        respond(HTTPResponse(status: status, text: text + "\n"), to: head, peer, isLast: true)
        return .isAnswered
    }

    /// Answers a request whose body, if it has one, is dealt with.
    ///
    /// - Parameter isLast: whether the connection ends with the answer in any case.
    func serve(
        _ head: HTTPRequestHead, _ peer: borrowing Connection<HTTPExchange>, isLast: Bool = false
    ) -> Outcome {
        let asks = asksForConversation(head)
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
        case .refused(let response): respond(response, to: head, peer, isLast: head.hasBody)
        case .offered(let request): return decide(request, on: route, peer)
        }
        return .isAnswered
    }

    private func page(for head: HTTPRequestHead) -> WebSocketRoutes.Page? {
        pages.first { $0.path == head.path }
    }

    /// RFC 9110 7.8: a wish for any other protocol may be passed over.
    private func asksForConversation(_ head: HTTPRequestHead) -> Bool {
        head.headers.list(of: "Upgrade", contains: "websocket")
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
        let isKept = mayGoOn && head?.keepsAlive == true
        let bytes = response.serialized(isHead: head?.method == "HEAD", keepsAlive: isKept)
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
