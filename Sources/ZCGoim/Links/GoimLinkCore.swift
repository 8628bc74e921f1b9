import ZCNet
import ZCNetWebSocket

/// A goim connection and the task that has it, over either transport.
///
/// The session comes with one proto after the other, as it does to any handler. A task that waits is lent it
/// at once; for one that is busy it is kept, until `queueBytesMax`, and then the peer is not read from until
/// the task has caught up. Heartbeats, rooms and subscriptions are the session's, and go on meanwhile.
@usableFromInline
final class GoimLinkCore: LinkReceiver, InboxOwner {
    @usableFromInline let link: LinkCore
    let conversation: GoimConversation
    let remote: GoimRemote
    private let books: LinkBooks
    private let cell = OwnedCell(State())
    private let state: LoopOwned<State>

    private struct State: ~Copyable {
        /// What the running callback was lent and nobody has looked at.
        var lent: Lent?
        /// The message that the task is looking at: lent, or taken from those that waited.
        var current: Lent?
        var owned: GoimMessage?
        var inbox = LinkInbox<GoimMessage>()
        /// How the connection ended, and what ended the one underneath.
        var end: GoimCloseReason?
        var transportEnd: GoimCloseReason.Cause?
        /// Whether it was cut off, though the reason for its end may have been a good one.
        var wasCutOff = false
        /// Why this side is leaving, once somebody outside of the session wants it to.
        var leaving: CloseCause?
    }

    private struct Lent {
        let header: GoimHeader
        let body: LentChunk
    }

    init(_ conversation: GoimConversation, _ books: LinkBooks) {
        self.conversation = conversation
        self.books = books
        remote = GoimRemote(handle: conversation.makeHandle())
        link = LinkCore(conversation.base, timer: .sessionLink)
        state = cell.place
    }

    deinit { state[].inbox.removeAll(of: self, books) }

    // MARK: Callbacks

    /// A proto has come.
    func received(_ header: GoimHeader, _ body: LentChunk) {
        if link.hasEnded || state[].leaving != nil { return }
        state[].lent = Lent(header: header, body: body)
        if link.hasBody {
            runBody()
        } else {
            link.wake(.reader)
        }
        // Taken, or left by a task that is busy, or by a scope that has ended meanwhile.
        guard state[].lent.take() != nil, !link.hasEnded else { return }
        let kept = link.keep(body.bytes(lentTo: self), of: body)
        state[].inbox.append(GoimMessage(header, body: kept), of: self, books, conversation.base)
        if state[].inbox.isHeld || !state[].inbox.isFull(books) { return }
        state[].inbox.isHeld = true
        conversation.base.pauseReading()
    }

    /// The connection has ended.
    func closed(_ end: GoimCloseReason) {
        state[].end = end
        state[].transportEnd = remote.handle.transportCause
        state[].wasCutOff = conversation.base.isCutOff
        link.connectionEnded()
    }

    /// Somebody outside wants the connection to end: a shutdown lets the task say its last, once.
    func farewell(_ reason: CloseReason) -> Bool {
        guard reason.cause == .shutdown, !link.hasEnded, state[].leaving == nil, !conversation.isOver else {
            return false
        }
        state[].leaving = reason.cause
        link.wakeLater(.reader)
        return true
    }

    // MARK: The scope

    /// Begins the task of a server's connection.
    static func begin(_ core: GoimLinkCore, _ body: @escaping @Sendable (GoimLink) async throws -> Void) {
        let bound = LoopBound(core)
        core.link.lane.begin(core.link) { await serve(bound, body) }
    }

    private static func serve(
        _ core: LoopBound<GoimLinkCore>, _ body: @Sendable (GoimLink) async throws -> Void
    ) async {
        do {
            try await body(GoimLink(core.value))
            core.value.endScope(nil)
        } catch {
            core.value.endScope(error)
        }
    }

    /// Runs a client's body, and waits for the end of the connection.
    nonisolated(nonsending) func visit<Result>(
        _ body: @Sendable (GoimLink) async throws -> Result
    ) async throws -> Result {
        let result = try await link.visit({ try await body(GoimLink(self)) }, endScope: endScope)
        if !isEndClean { throw lost }
        return result
    }

    /// The body has returned or thrown: what it sent drains, and the connection ends behind it.
    private func endScope(_ error: (any Error)?) {
        link.hasEnded = true
        state[].inbox.removeAll(of: self, books)
        link.body = nil
        if link.isOver { return }
        if state[].inbox.isHeld {
            state[].inbox.isHeld = false
            conversation.base.resumeReading()
        }
        let cause = state[].leaving.map { GoimCloseReason.Cause.connection($0) } ?? .local
        switch error {
        case nil: conversation.close(cause)
        case let error as any WebSocketClosingError where error.closeCode.isSendable:
            conversation.close(cause, saying: error.closeCode, error.closeReason)
        case is CancellationError: conversation.close(cause, saying: .goingAway, "")
        default: conversation.close(cause, saying: .internalError, "")
        }
    }

    /// Whether the connection ended as one that nothing was lost of.
    private var isEndClean: Bool {
        if let webSocket = state[].end?.webSocket {
            // Its close frame answers this side's, or only the connection's end tells what it has had.
            return webSocket.isClean && !(state[].wasCutOff && webSocket.cause == .peer)
        }
        switch state[].transportEnd {
        case nil, .local, .peer, .connection(.shutdown): return !state[].wasCutOff
        default: return false
        }
    }

    private var lost: LinkError {
        let got = state[].end.map { "\($0)" } ?? "none"
        return LinkError(.lost, expected: "the peer's end behind what was sent", got: got)
    }

    // MARK: Receiving

    /// Looks for the next message: of those that wait, then what the running callback was lent.
    @usableFromInline
    func poll() -> LinkFound {
        if link.hasEnded { return .ended }
        if let message = state[].inbox.popFirst(books) {
            state[].owned = message
            return .message
        }
        if state[].leaving != nil { return .ended }
        if let lent = state[].lent.take() {
            state[].current = lent
            return .message
        }
        if link.isOver { return .ended }
        if state[].inbox.isHeld {
            state[].inbox.isHeld = false
            conversation.base.resumeReading()
        }
        return .nothing
    }

    /// The message that `poll` has found. Valid until `done`.
    var message: LentProto {
        @_lifetime(borrow self)
        get {
            if let owned = state[].owned {
                return LentProto(owned.header, LinkBytes(owned.body.bytes(lentTo: self), .nothing))
            }
            guard let current = state[].current else { preconditionFailure("no message is at hand") }
            return LentProto(current.header, LinkBytes(current.body.bytes(lentTo: self), current.body))
        }
    }

    /// The message that `poll` has found, kept.
    func takeMessage() -> GoimMessage {
        defer { done() }
        return state[].owned ?? message.retain()
    }

    /// The task has looked at the message.
    @usableFromInline
    func done() {
        state[].current = nil
        if state[].owned != nil { state[].owned = nil }
    }

    /// Calls `body` for message after message.
    nonisolated(nonsending) func forEach(
        _ body: @escaping (LentProto) throws -> LinkStep
    ) async throws {
        try await forEachMessage { [self] in try body(message) }
    }

    @usableFromInline
    var hasInboundEnded: Bool { link.isOver }

    /// Throws unless the connection ended in good order.
    @usableFromInline
    func checkEnd() throws {
        guard let end = state[].end, state[].leaving == nil, !link.hasEnded else { return }
        if case .protocolError(let error) = end.cause { throw error }
        if !isEndClean { throw lost }
    }

    /// What the queue holds, counted anew.
    var auditedBytes: Int { state[].inbox.audited }

    // MARK: Sending

    func trySend(_ header: GoimHeader, _ body: RawSpan) -> SendResult {
        link.enter()
        return link.isOver || link.hasEnded ? .closed : conversation.send(header, body)
    }

    /// Tries to send; throws where that will never succeed.
    func attempt(_ message: GoimMessage) throws -> SendResult {
        try link.attempt(message.body.count, end: { state[].end.map { "\($0)" } }) {
            trySend(message.header, message.body.bytes)
        }
    }

    // MARK: Beside it

    /// How the connection ended.
    var closeReason: GoimCloseReason? { state[].end }

    /// Runs `body` with the conversation, while it is there.
    func withOpen(_ body: (GoimConversation) -> Void) {
        link.enter()
        if !link.isOver && !link.hasEnded { body(conversation) }
    }
}

extension GoimMessage: WaitingMessage {
    /// What it refers to, or the bytes that it shows where those are somebody else's memory.
    package var waitingBytes: Int { max(body.count, body.chargedBytes) }
}
