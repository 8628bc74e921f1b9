import ZCNet

/// Sending, and what else a link asks of its connection.
extension WebSocketLinkCore {
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

    /// Sends a message in any case: waits until it is accepted, and then until there is room for another,
    /// where the attempt that came before has not done for both.
    @usableFromInline
    nonisolated(nonsending) func goOn(
        _ attempted: SendResult, _ message: OwnedMessage, within limit: Duration?
    ) async throws {
        try await link.waitForRoom(isAccepted: attempted.isAccepted, within: limit) {
            try attempt(message.isText, message.bytes.bytes).isAccepted
        }
    }

    /// Whether who has sent waits for its peer; see `LinkCore.mustWait`.
    @usableFromInline
    var mustWait: Bool { link.mustWait }

    /// Tries to send; throws where that will never succeed.
    @usableFromInline
    func attempt(_ isText: Bool, _ bytes: RawSpan) throws -> SendResult {
        try link.attempt(bytes.byteCount, end: { closeReason.map { "\($0)" } }) {
            trySend(isText: isText, bytes)
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
