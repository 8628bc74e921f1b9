import ZCNet

/// Receiving: what the task pulls, what the loop calls a body for, and what waits for a busy task.
extension WebSocketLinkCore {
    /// What is there for the task.
    enum Found {
        /// A message, which `message` shows until `done`.
        case message
        /// Nothing yet, but more may come.
        case nothing
        /// Nothing, and nothing more will come.
        case ended
    }

    /// Looks for the next message: of those that wait, then of what the running callback was lent.
    func poll() -> Found {
        if link.hasEnded { return .ended }
        if let message = state[].queue.takeFirst() { return taken(message) }
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
        if state[].isHeld {
            state[].isHeld = false
            conversation.base.resumeReading()
        }
        return .nothing
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

    /// The message that `poll` has found. Valid until `done`.
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
    func takeMessage() -> OwnedMessage {
        defer { done() }
        return state[].current.owned ?? message.retain()
    }

    /// The task has looked at the message.
    func done() {
        if let step = state[].current.step, step.isGathered { conversation.releaseGathered(step) }
        state[].current.step = nil
        if state[].current.owned != nil { state[].current.owned = nil }
    }

    /// Waits for a message, or for whatever ends the wait.
    nonisolated(nonsending) func waitForMessage(_ deadline: MonotonicInstant?) async throws {
        try link.checkCancellation()
        await link.wait(.reader, until: deadline)
        if link.isCancelled { throw CancellationError() }
        // What has come in the last moment is still there for the next.
        if link.isLate(.reader) && !hasMessages {
            throw LinkError(.timedOut, expected: "a message in time", got: "none")
        }
    }

    private var hasMessages: Bool {
        !state[].queue.isEmpty || state[].hasInboundEnded || state[].leaving != nil
    }

    /// Throws unless the inbound side ended in good order: with the peer's close frame, or with this side's.
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

    /// Calls `body` for message after message: for those that are there at once, and then, while the task
    /// sleeps, by the loop, as it calls a handler.
    nonisolated(nonsending) func forEach(
        _ body: @escaping (LinkMessage) throws -> LinkStep
    ) async throws {
        link.enter()
        try link.checkCancellation()
        state[].body = Body(call: body)
        defer { state[].body = nil }
        if !runBody() {
            await link.wait(.reader, until: nil)
        }
        if let error = state[].bodyError {
            state[].bodyError = nil
            throw error
        }
        if link.isCancelled { throw CancellationError() }
        if state[].hasInboundEnded { try checkEnd() }
    }

    /// Calls the body while there is something; whether it is done for, and if so wakes its task.
    @discardableResult
    func runBody() -> Bool {
        if isBodyWanted() { return false }
        link.wake(.reader)
        return true
    }

    /// Calls the body while there is something; whether it wants more of what is not there yet.
    ///
    /// Why apart: where it wants no more it must be gone before its task goes on, which checks that nobody
    /// has kept it.
    private func isBodyWanted() -> Bool {
        // Taken out meanwhile, so that nobody retains it.
        guard let body = state[].body.take() else { return true }
        while true {
            switch poll() {
            case .message:
                do {
                    let step = try body.call(message)
                    done()
                    if step == .stop { return false }
                } catch {
                    done()
                    state[].bodyError = error
                    return false
                }
            case .nothing:
                state[].body = consume body
                return true
            case .ended: return false
            }
        }
    }

    // MARK: A busy task

    /// Takes what the task has not: messages are kept for it, everything else is dealt with. After its scope
    /// has ended messages are dropped.
    func readAhead() {
        while state[].chunk != nil {
            if state[].queuedBytes >= books.queueBytesMax { return holdBack() }
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
        if state[].isHeld || state[].hasInboundEnded { return }
        state[].isHeld = true
        conversation.base.pauseReading()
    }

    /// Below this a copy costs less than the chunk that would stay alive.
    private static let copiedBytesMax = 4096

    private func keep(_ step: FrameStep) {
        books.open(conversation.base)
        let bytes = step.bytes
        let chunk = step.isGathered ? LentChunk.nothing : state[].chunk ?? .nothing
        let isCopied = bytes.byteCount < Self.copiedBytesMax || !chunk.isRetainable
        let kept = isCopied ? SharedBytes(copying: bytes) : chunk.retain(bytes)
        if isCopied { _ = conversation.base.mayQueue(kept.chargedBytes) }
        let message = OwnedMessage(isText: step.kind == .text, bytes: kept)
        state[].queue.append(message)
        charge(message.heldBytes)
    }

    private func taken(_ message: OwnedMessage) -> Found {
        charge(-message.heldBytes)
        state[].current.owned = message
        return .message
    }

    private func charge(_ bytes: Int) {
        state[].queuedBytes += bytes
        books.add(bytes)
    }

    /// Nobody will receive what waits.
    func dropQueue() {
        charge(-state[].queuedBytes)
        state[].queue.removeAll()
        state[].body = nil
    }
}

extension OwnedMessage {
    /// The memory that it takes while it waits. Why not its bytes alone: a message may have none, and its
    /// place in the line would be free.
    fileprivate var heldBytes: Int { ArrivalRow<OwnedMessage>.bytesPerPlace + max(count, bytes.chargedBytes) }
}
