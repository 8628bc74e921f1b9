import ZCNet

/// Sending, and what else a link asks of its connection.
extension WebSocketLinkCore {
    /// Whether a message is there; waits for one. False when nothing more comes.
    nonisolated(nonsending) func nextMessage(_ limit: Duration?) async throws -> Bool {
        link.enter()
        if link.isCancelled { throw CancellationError() }
        switch poll() {
        case .message: return true
        case .ended:
            try checkEnd()
            return false
        case .nothing: break
        }
        let deadline = link.deadline(limit)
        while true {
            try await waitForMessage(deadline)
            switch poll() {
            case .message: return true
            case .ended:
                try checkEnd()
                return false
            case .nothing: break
            }
        }
    }

    // MARK: Sending

    /// Sends a message now or not at all.
    func trySend(isText: Bool, _ bytes: RawSpan) -> SendResult {
        link.enter()
        if link.isOver || link.hasEnded { return .closed }
        return conversation.send(isText: isText, bytes)
    }

    /// Sends a prepared message now or not at all.
    func trySend(_ message: PreparedMessage) -> SendResult {
        link.enter()
        if link.isOver || link.hasEnded { return .closed }
        return conversation.send(message)
    }

    /// Tries to send; throws where that will never succeed.
    func attempt(_ isText: Bool, _ bytes: RawSpan) throws -> SendResult {
        if link.isCancelled { throw CancellationError() }
        let result = trySend(isText: isText, bytes)
        switch result {
        case .sent, .queued, .full: return result
        case .tooLarge:
            throw LinkError(
                .tooLarge, expected: "a message that may wait as a whole", got: "\(bytes.byteCount) bytes")
        case .closed: throw LinkError.closed(closeReason.map { "\($0)" } ?? "one that is closing")
        }
    }

    // MARK: Beside it

    /// Runs `body` with the conversation, while it is there.
    func withOpen<Result>(_ body: (Conversation) -> Result) -> Result? {
        link.enter()
        return link.isOver || link.hasEnded ? nil : body(conversation)
    }

    /// How the conversation ended.
    var closeReason: WebSocketCloseReason? { state[].end }

    func close(_ code: WebSocketCloseCode, _ reason: String) {
        link.enter()
        if !link.isOver { conversation.close(code, reason, cause: .local) }
    }
}
