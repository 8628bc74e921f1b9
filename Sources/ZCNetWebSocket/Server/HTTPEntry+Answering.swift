import ZCNet

/// Answers that take their time: bodies that are waited for, and the tasks that requests are answered by.
extension HTTPEntry {
    /// How much of a body has to come before the time for it begins anew: a slow line may take long, and who
    /// trickles may not.
    private static let progressBytes = 16 << 10

    // MARK: Bodies

    /// Prepares for the body of a request whose page was found.
    func expectBody(
        for page: WebSocketRoutes.Page, _ parameters: [String: String], of head: HTTPRequestHead,
        _ peer: borrowing Connection<HTTPExchange>
    ) {
        switch page.content {
        case .handler(_, let bytesMax):
            peer.state.keepBody(bytesMax ?? configuration.requests.bodyBytesMax, peer.base.budget)
        case .reader(let handler, _):
            var head = head
            head.parameters = parameters
            begin(handler, head, peer, hasBody: true)
        default: break
        }
    }

    /// Takes a piece of a body, and answers its request once it is whole.
    func readBody(
        _ bytes: RawSpan, of head: HTTPRequestHead, _ reader: BodyReader,
        _ peer: borrowing Connection<HTTPExchange>
    ) -> Step {
        let exchange = peer.state
        let upload = exchange.running?.upload
        var body = reader
        var count = 0
        do throws(HTTPError) {
            while count < bytes.byteCount && !body.isComplete {
                let end = upload.map { min(bytes.byteCount, count + $0.room) } ?? bytes.byteCount
                if end == count { break }
                let piece = try body.next(bytes.extracting(count..<end))
                if piece.isContent { try exchange.keep(bytes.extracting(count..<(count + piece.count))) }
                count += piece.count
            }
        } catch {
            upload?.failure = error
            _ = refuse(head, error, peer)
            return .took(bytes.byteCount)
        }
        exchange.phase = .body(of: head, body)
        if body.isComplete {
            exchange.beginHead()
            if upload == nil { return serve(head, peer) == .isHandedOver ? .handedOver(count) : .took(count) }
        }
        if let upload { return passOn(count, upload, isComplete: body.isComplete, peer) }
        if exchange.contentBytes >= Self.progressBytes { arm(.request, peer) }
        return .took(count)
    }

    /// Tells a task that reads a body what has come of it, and has the client wait while the task does.
    private func passOn(
        _ count: Int, _ upload: HTTPUpload, isComplete: Bool, _ peer: borrowing Connection<HTTPExchange>
    ) -> Step {
        let exchange = peer.state
        if isComplete {
            upload.isComplete = true
            exchange.isWaiting = true
            arm(.answer, peer)
        } else if exchange.contentBytes >= Self.progressBytes {
            arm(.request, peer)
        }
        // The task goes on here and now, and may be done with all of it.
        exchange.running?.link.wake(.reader)
        guard exchange.running?.upload === upload else { return .took(count) }
        if isComplete {
            peer.pauseReading()
        } else if count == 0 && upload.isFull {
            upload.isPaused = true
            arm(.answer, peer)
            peer.pauseReading()
            return .incomplete
        }
        return .took(count)
    }

    /// A task has read some of a body: the books, and the client, are told.
    private func tookSome(_ running: RunningAnswer) {
        guard let upload = running.upload, !running.link.isOver else { return }
        running.link.base.withState { base, place in
            let peer = Connection<HTTPExchange>(base: base, place)
            let exchange = peer.state
            guard exchange.running === running, exchange.settle(base.budget) else { return }
            if upload.isPaused && upload.room >= HTTPUpload.queuedBytesMax / 2 {
                upload.isPaused = false
                arm(.request, peer)
                peer.resumeReading()
            }
        }
    }

    // MARK: Tasks

    /// Has a task answer a request, all of which is there.
    func begin(
        _ handler: @escaping HTTPHandler, _ head: HTTPRequestHead,
        _ peer: borrowing Connection<HTTPExchange>, isLast: Bool
    ) {
        let exchange = peer.state
        let body = exchange.takeBody()
        guard let hold = hold(body.chargedBytes, peer) else { return }
        let request = HTTPRequest(head, body: body, hold: hold)
        exchange.isWaiting = true
        arm(.answer, peer)
        let running = RunningAnswer(peer.base)
        start(running, head, peer, isLast: isLast) { _ in try await handler(request) }
        if exchange.running === running { peer.pauseReading() }
    }

    /// Has a task answer a request whose body it reads while it comes.
    func begin(
        _ handler: @escaping HTTPBodyHandler, _ head: HTTPRequestHead,
        _ peer: borrowing Connection<HTTPExchange>, hasBody: Bool
    ) {
        guard let hold = hold(0, peer) else { return }
        let request = HTTPRequest(head, body: SharedBytes(), hold: hold)
        let upload = HTTPUpload()
        upload.isComplete = !hasBody
        peer.state.isWaiting = !hasBody
        arm(hasBody ? .request : .answer, peer)
        let running = RunningAnswer(peer.base, upload: upload)
        let entry = LoopBound(self)
        start(running, head, peer, isLast: false) { bound in
            let reader = HTTPBodyReader(bound.value) { entry.value.tookSome(bound.value) }
            return try await handler(request, reader)
        }
        if peer.state.running === running && !hasBody { peer.pauseReading() }
    }

    /// Has what a request takes in the loop's books; where there is no memory for it, the client is told.
    private func hold(_ bodyBytes: Int, _ peer: borrowing Connection<HTTPExchange>) -> RequestHold? {
        let bytes = bodyBytes + peer.state.passOnKept() + RequestHold.taskBytes
        if let hold = services.hold(bytes, peer) { return hold }
        let response = configuration.limits.unavailable("memory is short")
        respond(response, to: nil, peer, isLast: true, cause: .overflow)
        return nil
    }

    private func start(
        _ running: RunningAnswer, _ head: HTTPRequestHead, _ peer: borrowing Connection<HTTPExchange>,
        isLast: Bool, _ make: @escaping @Sendable (LoopBound<RunningAnswer>) async throws -> HTTPResponse
    ) {
        peer.state.running = running
        let entry = LoopBound(self)
        let bound = LoopBound(running)
        running.task = running.link.lane.begin(running.link, isAwaited: true) {
            let response = await Self.response { try await make(bound) }
            entry.value.didAnswer(bound.value, with: response, to: head, isLast: isLast)
        }
    }

    /// What a task comes to, its errors included.
    private static func response(
        _ make: @Sendable () async throws -> HTTPResponse
    ) async -> HTTPResponse {
        do {
            return try await make()
        } catch let response as HTTPResponse {
            return response
        } catch let error as HTTPError where (400...599).contains(error.status) {
            return HTTPResponse(error)
        } catch {
            // What is wrong within a service is nothing for its clients.
            return HTTPResponse(status: 500, text: "the request could not be answered\n")
        }
    }

    /// Sends what a task has made, unless its connection is over or was answered already.
    private func didAnswer(
        _ running: RunningAnswer, with response: HTTPResponse, to head: HTTPRequestHead, isLast: Bool
    ) {
        if running.link.isOver { return }
        running.link.base.withState { base, place in
            let peer = Connection<HTTPExchange>(base: base, place)
            let exchange = peer.state
            guard exchange.running === running, base.takesAnswers else { return }
            let isWhole = running.upload?.isComplete ?? true
            exchange.running = nil
            exchange.isWaiting = false
            running.upload?.drop()
            running.link.connectionEnded()
            respond(response, to: head, peer, isLast: isLast || !isWhole)
            resume(peer)
        }
    }

    /// Goes on reading behind an answer that somebody else than the connection's own callback has given.
    func resume(_ peer: borrowing Connection<HTTPExchange>) {
        let exchange = peer.state
        guard peer.base.takesAnswers, !exchange.isWaiting else { return }
        rearm(peer)
        settle(peer)
        if !exchange.isPressed { peer.resumeReading() }
    }
}
