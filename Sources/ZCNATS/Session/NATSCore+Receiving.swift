import ZCNet

/// What servers say, operation by operation.
extension NATSCore {
    /// Takes received bytes apart, and hands messages to their subscriptions. What is not whole stays unread.
    func receive(_ data: borrowing ReceivedChunk, _ base: ConnectionBase) {
        guard isCurrent(base) else { return }
        var position = 0
        var (messages, bytes) = (0, 0)
        do throws(NATSError) {
            while let frame = try NATSFrame.read(data.bytes, at: position, frameLimits) {
                if frame.kind == .message {
                    guard deliver(frame, data, base) else { break }
                    messages += 1
                    bytes += frame.payload.upperBound - frame.headers.lowerBound
                } else {
                    try control(frame, data.bytes, base)
                }
                position = frame.end
                if !base.takesMore || state[].phase == .securing { break }
            }
        } catch {
            fail(error, base)
        }
        figures.add(messages, to: .messagesIn)
        figures.add(bytes, to: .bytesIn)
        if !state[].graveyard.isEmpty { state[].graveyard = [] }
        if base.takesAnswers { base.leaveUnread(data.count - position) }
    }

    /// Hands a message to its subscription; false when it has to wait.
    @inline(__always)
    private func deliver(
        _ frame: NATSFrame, _ data: borrowing ReceivedChunk, _ base: ConnectionBase
    ) -> Bool {
        guard let found = state[].subscriptions.find(frame.sid) else {
            figures.add(1, to: .strays)
            return true
        }
        return found.with { subscription in
            let own = subscription.state.place
            if own[].isHeld { return holdBack(subscription, base) }
            own[].delivered &+= 1
            if let most = own[].messagesMax, own[].delivered >= most {
                if own[].delivered > most { return true }
                _ = forget(subscription)
            }
            subscription.handler(NATSMessage(frame, in: data), NATSConnection(self))
            return true
        }
    }

    /// What becomes of a message of a subscription that takes none now; whether it is done with.
    @inline(never)
    private func holdBack(_ subscription: NATSSubscription, _ base: ConnectionBase) -> Bool {
        if !subscription.state[].isReported {
            subscription.state[].isReported = true
            onEvent(.slowConsumer(subscription))
        }
        switch subscription.slowPolicy {
        case .pause:
            figures.add(1, to: .pauses)
            base.pauseReading()
            return false
        case .dropNewest:
            figures.add(1, to: .dropped)
            subscription.countDropped()
        case .close: end(subscription, after: nil)
        }
        return true
    }

    /// A subscription takes messages again.
    func resume(_ subscription: NATSSubscription) {
        subscription.state[].isHeld = false
        subscription.state[].isReported = false
        if subscription.slowPolicy == .pause { state[].connection?.resumeReading() }
    }

    // MARK: Everything else

    private func control(_ frame: NATSFrame, _ bytes: RawSpan, _ base: ConnectionBase) throws(NATSError) {
        let rest = bytes.extracting(frame.payload)
        switch frame.kind {
        case .message, .ok: break
        case .ping: say(SharedBytes("PONG\r\n").bytes, base)
        case .pong: pong(base)
        case .info: greeted(try NATSServerInfo(parsing: rest), base)
        case .error: serverError(rest.text, base)
        }
    }

    private func pong(_ base: ConnectionBase) {
        if state[].phase == .entering { return entered(base) }
        guard !state[].pongs.isEmpty else { return }
        state[].pingsOutstanding = 0
        state[].pongs.removeFirst()?(nil)
    }

    /// `-ERR`: what concerns one subject leaves the connection as it is, all else ends it, by the server.
    private func serverError(_ quoted: String, _ base: ConnectionBase) {
        let text =
            quoted.hasPrefix("'") && quoted.hasSuffix("'") ? String(quoted.dropFirst().dropLast()) : quoted
        let lower = text.lowercased()
        let isRight =
            lower.contains("authorization") || lower.contains("authentication")
            || lower.contains("permissions")
        let error = NATSError(isRight ? .authorization : .server, expected: "no error", got: text)
        figures.add(1, to: .serverErrors)
        if !lower.hasPrefix("permissions violation") { state[].failureFromServer = error }
        if state[].phase == .ready { onEvent(.serverError(error)) }
    }
}
