import ZCNet

/// Receiving: what the task pulls, what the loop calls a body for, and what waits for a busy task.
extension WebSocketLinkCore {
    /// Looks for the next message: of those that wait, then of what the running callback was lent.
    @usableFromInline
    func poll() -> LinkFound {
        if link.hasEnded { return .ended }
        if state[].hasWaiting, let message = takeWaiting() {
            state[].current.owned = message
            return .message
        }
        if state[].leaving != nil { return .ended }
        while let step = nextStep() {
            switch step.kind {
            case .text, .binary:
                state[].messages += 1
                if conversation.isOver {
                    conversation.releaseGathered(step)
                } else {
                    state[].current.step = step
                    return .message
                }
            default: takeRare(step)
            }
        }
        if state[].hasInboundEnded { return .ended }
        if state[].inbox.isHeld {
            state[].inbox.isHeld = false
            conversation.base.resumeReading()
        }
        return .nothing
    }

    /// The first of the messages that wait.
    private func takeWaiting() -> OwnedMessage? {
        defer { state[].hasWaiting = !state[].inbox.isEmpty }
        return state[].inbox.popFirst(books)
    }

    /// The next frame of what was lent; nil when there is none, or none may be looked at.
    @inline(__always)
    private func nextStep() -> FrameStep? {
        guard let chunk = state[].chunk, !state[].hasInboundEnded, conversation.base.takesMore else {
            return nil
        }
        let isRationed = conversation.session[].flags.contains(.rationed)
        if isRationed && !conversation.mayLookAtNext() { return nil }
        // SAFETY: as in `WebSocketAdapter.onData`: the memory is the loop's, and nobody has retained any of
        // what lies behind the position.
        let step = conversation.withCore { core in
            unsafe conversation.session[].next(chunk.memory, at: &state[].position, core)
        }
        if step.kind == .incomplete { return nil }
        if isRationed && !conversation.mayTake(step) {
            conversation.releaseGathered(step)
            inboundEnded()
            return nil
        }
        return step
    }

    /// Takes everything that is no message.
    @inline(never)
    private func takeRare(_ step: FrameStep) {
        switch step.kind {
        case .ping: if !conversation.isOver { conversation.answerPing(step) }
        case .pong: break
        case .fragment: conversation.releaseGathered(step)
        case .close:
            conversation.peerClosed(step)
            inboundEnded()
        default:
            conversation.failFromSession()
            inboundEnded()
        }
    }

    // MARK: The message at hand

    /// Finds a message that is there already, for `message` and `done`; false where the task has to wait, or
    /// where no more comes.
    @usableFromInline
    func findAtHand() throws -> Bool {
        link.enter()
        if link.isCancelled { throw CancellationError() }
        return poll() == .message
    }

    /// Waits for a message that may be kept.
    @usableFromInline
    nonisolated(nonsending) func next(within limit: Duration?) async throws -> OwnedMessage? {
        guard try await nextMessage(limit) else { return nil }
        return takeMessage()
    }

    /// The message that `poll` has found. Valid until `done`.
    @usableFromInline
    var message: LinkMessage {
        @_lifetime(borrow self)
        get {
            // SAFETY: the bytes lie in the chunk that is lent, in what the session has gathered, or in what
            // `current` keeps; all of these stay until `done`, and the task that looks at them does not wait
            // meanwhile.
            if let owned = state[].current.owned {
                let bytes = unsafe _overrideLifetime(owned.bytes.bytes, borrowing: self)
                return LinkMessage(isText: owned.isText, bytes: bytes, lent: .nothing)
            }
            guard let step = state[].current.step else { preconditionFailure("no message is at hand") }
            let bytes = unsafe _overrideLifetime(step.bytes, borrowing: self)
            let chunk = step.isGathered ? LentChunk.nothing : state[].chunk ?? .nothing
            return LinkMessage(isText: step.kind == .text, bytes: bytes, lent: chunk)
        }
    }

    /// The message that `poll` has found, kept.
    @usableFromInline
    func takeMessage() -> OwnedMessage {
        defer { done() }
        return state[].current.owned ?? message.retain()
    }

    /// The task has looked at the message.
    @usableFromInline
    func done() {
        if let step = state[].current.step, step.isGathered { conversation.releaseGathered(step) }
        state[].current.step = nil
        if state[].current.owned != nil { state[].current.owned = nil }
    }

    @usableFromInline
    var hasInboundEnded: Bool { state[].hasInboundEnded }

    /// Throws unless the inbound side ended in good order: with the peer's close frame, or with this side's.
    @usableFromInline
    func checkEnd() throws {
        if let error = conversationError { throw error }
        guard let end = state[].end, !end.isClean, state[].leaving == nil else { return }
        if end.cause != .local { throw Self.lost(end) }
    }

    /// The rule that the peer broke.
    private var conversationError: WebSocketError? {
        link.isOver ? state[].endError : conversation.session[].extra?.error
    }

    // MARK: A synchronous body

    /// Calls `body` for message after message.
    nonisolated(nonsending) func forEach(
        _ body: @escaping (LinkMessage) throws -> LinkStep
    ) async throws {
        try await forEachMessage { [self] in try body(message) }
    }

    // MARK: A busy task

    /// Takes what the task has not: messages are kept for it, everything else is dealt with. After its scope
    /// has ended messages are dropped.
    func readAhead() {
        while state[].chunk != nil {
            if state[].inbox.isFull(books) { return holdBack() }
            guard let step = nextStep() else { return }
            guard step.kind == .text || step.kind == .binary else {
                takeRare(step)
                continue
            }
            state[].messages += 1
            if !link.hasEnded && !conversation.isOver && state[].leaving == nil { keep(step) }
            conversation.releaseGathered(step)
        }
    }

    /// The peer is not read from until the task has caught up.
    private func holdBack() {
        if state[].inbox.isHeld || state[].hasInboundEnded { return }
        state[].inbox.isHeld = true
        conversation.base.pauseReading()
    }

    private func keep(_ step: FrameStep) {
        let chunk = step.isGathered ? LentChunk.nothing : state[].chunk ?? .nothing
        let message = OwnedMessage(isText: step.kind == .text, bytes: link.keep(step.bytes, of: chunk))
        state[].inbox.append(message, of: self, books, conversation.base)
        state[].hasWaiting = true
    }

    /// Nobody will receive what waits.
    func dropQueue() {
        state[].inbox.removeAll(of: self, books)
        state[].hasWaiting = false
        link.body = nil
    }

    /// What the queue holds, counted anew.
    var auditedBytes: Int { state[].inbox.audited }
}

extension OwnedMessage: WaitingMessage {
    /// What it refers to, or the bytes that it shows where those are somebody else's memory.
    package var waitingBytes: Int { max(count, bytes.chargedBytes) }
}
