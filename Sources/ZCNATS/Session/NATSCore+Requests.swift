import ZCNet

/// Requests, whose answers all come to one subscription: the last word of the subject says whose it is.
extension NATSCore {
    /// Sends a request, and waits until `onReply` wants no more, or until the time is over.
    ///
    /// - Returns: nil when it was not sent; `onFailure` was told.
    @discardableResult
    func request(
        _ subject: RawSpan, headers: RawSpan, _ payload: RawSpan, timeout: Duration, _ waiting: NATSWaiting
    ) -> RequestID? {
        if state[].phase == .closed || state[].phase == .idle && !state[].hasConnected {
            waiting.onFailure(
                NATSError(.away, expected: "a client that is connected", got: "one that is not"))
            return nil
        }
        guard state[].requests.count < options.requestsMax else {
            waiting.onFailure(
                NATSError(
                    .full, expected: "at most \(options.requestsMax) requests at a time", got: "one more"))
            return nil
        }
        openInbox()
        let id = state[].requests.add(waiting)
        figures.set(.requests, to: state[].requests.count)
        let reply = state[].inbox + Array(String(id.rawValue).utf8)
        let result = reply.withBytes { publish(subject, reply: $0, headers: headers, payload) }
        guard result.isAccepted else {
            finish(id, with: error(of: result, payload.byteCount + headers.byteCount))
            return nil
        }
        extend(id, by: timeout)
        return id
    }

    /// Gives a request so much time from now on.
    func extend(_ id: RequestID, by timeout: Duration) {
        let timer = schedule(after: timeout) { core in
            core.figures.add(1, to: .timeouts)
            core.finish(id, with: NATSError(.timedOut, expected: "an answer within \(timeout)", got: "none"))
        }
        cancel(state[].requests.setTimer(timer, of: id))
    }

    /// Why a publication was not taken.
    func error(of result: SendResult, _ byteCount: Int) -> NATSError {
        switch result {
        case .tooLarge:
            NATSError(
                .payload, expected: "at most \(state[].info.payloadBytesMax) bytes", got: "\(byteCount)")
        case .full: NATSError(.full, expected: "room for what is to be sent", got: "\(byteCount) bytes more")
        default: NATSError(.closed, expected: "an open client", got: "one that was closed")
        }
    }

    /// Ends a request without an answer.
    func finish(_ id: RequestID, with error: NATSError?) {
        guard let (waiting, timer) = state[].requests.remove(id) else { return }
        figures.set(.requests, to: state[].requests.count)
        cancel(timer)
        if let error { waiting.onFailure(error) }
    }

    /// A subject that nobody else has, for answers: 131 bits drawn at random.
    func makeInbox() -> String {
        let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        var generator = state[].generator
        let name = (0..<22).map { _ in letters[Int.random(in: 0..<62, using: &generator)] }
        state[].generator = generator
        return "\(options.inboxPrefix).\(String(decoding: name, as: UTF8.self))"
    }

    private func openInbox() {
        if !state[].inbox.isEmpty { return }
        let prefix = Array(makeInbox().utf8) + [UInt8(ascii: ".")]
        state[].inbox = prefix
        guard let pattern = try? NATSPattern(String(decoding: prefix, as: UTF8.self) + "*") else { return }
        let count = prefix.count
        let subscription = NATSSubscription(pattern, queue: nil, .dropNewest, messagesMax: nil, core: self) {
            [unowned self] message, connection in answered(message, connection, prefixBytes: count)
        }
        begin(subscription)
        state[].inboxSID = subscription.state[].sid
    }

    private func answered(
        _ message: borrowing NATSMessage, _ connection: borrowing NATSConnection, prefixBytes: Int
    ) {
        var number = 0
        let subject = message.subjectBytes
        guard subject.byteCount > prefixBytes, subject.byteCount - prefixBytes < 19 else { return }
        for place in prefixBytes..<subject.byteCount {
            let digit = subject.byte(at: place) &- 48
            guard digit < 10 else { return }
            number = number * 10 + Int(digit)
        }
        let id = RequestID(rawValue: number)
        guard let waiting = state[].requests.find(id) else {
            return figures.add(1, to: .strays)
        }
        if message.payload.isEmpty, message.status == 503 {
            return finish(
                id, with: NATSError(.noResponders, expected: "somebody who answers", got: "nobody"))
        }
        if !waiting.onReply(message, connection) { finish(id, with: nil) }
    }
}
