import ZCNet

/// A WebSocket connection and the task that has it: what is lent, what waits, and how far the two have come.
///
/// The task pulls: within a reception it takes frame after frame from the chunk that the loop was lent, and
/// when it comes back for more the reception is over. What comes while the task is busy elsewhere is parsed
/// all the same, so that pings and the peer's close are answered; messages are kept until `queueBytesMax`,
/// and then the peer is not read from until the task has caught up (`+Receiving`).
@usableFromInline
final class WebSocketLinkCore: LinkReceiver, InboxOwner {
    @usableFromInline let link: LinkCore
    let conversation: Conversation
    /// Names the connection, also after it is gone.
    let id: ConnectionID
    let remote: RemoteWebSocket
    private let kept: KeptUpgrade
    var upgrade: WebSocketUpgrade { kept.upgrade }
    let books: LinkBooks
    /// The group that receives from it, where it is a member of one.
    var member: LinkGroupCore.Member?
    private let cell: OwnedCell<State>
    let state: LoopOwned<State>

    struct State: ~Copyable {
        /// What the running callback was lent; nil outside of one.
        var chunk: LentChunk?
        /// How far it has been taken.
        var position = 0
        /// The message that the task is looking at.
        var current = Current()
        /// Messages that came while the task was busy.
        var inbox = LinkInbox<OwnedMessage>()
        /// Whether any do. Why kept here: the inbox is generic and another module's, so that asking it for
        /// every message would cost more than the message.
        var hasWaiting = false
        /// Nothing more is to be received: the peer has closed, has broken a rule, or is gone.
        var hasInboundEnded = false
        /// Messages that this callback has come to.
        var messages = 0
        /// How the conversation ended.
        var end: WebSocketCloseReason?
        /// Whether the connection was cut off before or behind the close frames.
        var wasCutOff = false
        /// The rule that the peer broke, if that ended it.
        var endError: WebSocketError?
        /// Why this side is leaving, once somebody outside of the conversation wants it to.
        var leaving: CloseCause?
    }

    /// A message at hand: in the lent chunk, in the session's own memory, or taken from the queue.
    struct Current {
        var step: FrameStep?
        var owned: OwnedMessage?
    }

    init(_ conversation: Conversation, _ upgrade: WebSocketUpgrade, _ books: LinkBooks) {
        self.conversation = conversation
        id = conversation.base.slot[].id
        remote = RemoteWebSocket(conversation)
        kept = KeptUpgrade(upgrade)
        self.books = books
        link = LinkCore(conversation.base)
        cell = OwnedCell(State())
        state = cell.place
    }

    deinit { state[].inbox.removeAll(of: self, books) }

    // MARK: Callbacks

    /// The connection has received something: the task takes what it wants of it. Answers how many of the
    /// last bytes stay unread.
    func received(_ data: LentChunk) -> Int {
        let count = unsafe data.memory.count
        conversation.heardFrom()
        let isRationed = conversation.session[].flags.contains(.rationed)
        if isRationed && !conversation.mayReceive(count) {
            inboundEnded()
            return 0
        }
        state[].chunk = data
        state[].position = 0
        if link.hasBody { runBody() }
        if let member { member.group?.received(member) }
        if link.isWaiting(.reader) && !link.hasBody { link.wake(.reader) }
        if !link.isWaiting(.reader) { readAhead() }
        let rest = count - state[].position
        state[].chunk = nil
        conversation.countReceived(state[].messages)
        state[].messages = 0
        if conversation.isInMessage { conversation.messageWaits() }
        if isRationed { conversation.settleBytes() }
        // Behind the end nothing is looked at.
        return state[].hasInboundEnded ? 0 : rest
    }

    /// The connection has ended.
    func closed(_ end: WebSocketCloseReason) {
        state[].end = end
        state[].wasCutOff = link.base.isCutOff
        state[].endError = conversation.session[].extra?.error
        inboundEnded()
        link.connectionEnded()
    }

    /// Nothing more will be received.
    func inboundEnded() { state[].hasInboundEnded = true }

    /// Somebody outside wants the connection to end. A shutdown lets the task say its last, within the grace:
    /// it finds nothing more to receive, and the close frame follows when its scope ends. Asked again, as
    /// with any other reason, the conversation ends here.
    func farewell(_ reason: CloseReason) -> Bool {
        guard reason.cause == .shutdown, !link.hasEnded, state[].leaving == nil, !conversation.isOver else {
            return conversation.farewell(reason)
        }
        state[].leaving = reason.cause
        link.wakeLater(.reader)
        return true
    }

    // MARK: The scope

    /// Begins the task of a server's conversation.
    static func begin(
        _ core: WebSocketLinkCore, _ body: @escaping @Sendable (WebSocketLink) async throws -> Void
    ) {
        let bound = LoopBound(core)
        core.link.lane.begin(core.link) { await serve(bound, body) }
    }

    /// Runs a server's body, and ends the conversation as it ended.
    private static func serve(
        _ core: LoopBound<WebSocketLinkCore>, _ body: @Sendable (WebSocketLink) async throws -> Void
    ) async {
        do {
            try await body(WebSocketLink(core.value))
            core.value.endScope(nil)
        } catch {
            core.value.endScope(error)
        }
    }

    /// Runs a client's body, and waits for the end of the conversation.
    nonisolated(nonsending) func visit<Result>(
        _ body: @Sendable (WebSocketLink) async throws -> Result
    ) async throws -> Result {
        let result = try await link.visit({ try await body(WebSocketLink(self)) }, endScope: endScope)
        if let end = state[].end, !isGood(end) { throw Self.lost(end) }
        return result
    }

    /// Whether the peer has had everything that was sent. Its close frame says so where it answers this
    /// side's; where the peer has closed first, only the end of the connection does.
    private func isGood(_ end: WebSocketCloseReason) -> Bool {
        end.isClean && !(state[].wasCutOff && end.cause == .peer)
    }

    /// The body has returned or thrown: what it sent drains, and the close frame follows.
    private func endScope(_ error: (any Error)?) {
        link.hasEnded = true
        dropQueue()
        if link.isOver { return }
        if state[].inbox.isHeld {
            state[].inbox.isHeld = false
            conversation.base.resumeReading()
        }
        let (code, text) = closing(error)
        conversation.close(code, text, cause: state[].leaving ?? .local)
    }

    /// What the close frame says: what the error says, else 1001 where the task was cancelled or the loop
    /// ends, 1011 for an error, and 1000.
    private func closing(_ error: (any Error)?) -> (WebSocketCloseCode, String) {
        switch error {
        case nil: (state[].leaving == nil ? .normalClosure : .goingAway, "")
        case let error as any WebSocketClosingError:
            (error.closeCode.isSendable ? error.closeCode : .internalError, error.closeReason)
        case is CancellationError: (.goingAway, "")
        default: (.internalError, "")
        }
    }

    static func lost(_ end: WebSocketCloseReason) -> LinkError {
        LinkError(.lost, expected: "a close frame of the peer's", got: "\(end)")
    }
}

/// An error that says with which code its link is closed.
///
/// ```swift
/// struct Unwelcome: WebSocketClosingError {
///     var closeCode: WebSocketCloseCode { .policyViolation }
///     var closeReason: String { "no such room" }
/// }
/// ```
/// Thrown out of a link's body it chooses what the peer is told; a code that may not be sent becomes 1011.
public protocol WebSocketClosingError: Error {
    /// The code of the close frame.
    var closeCode: WebSocketCloseCode { get }
    /// The reason in it, cut to 123 bytes; empty by default.
    var closeReason: String { get }
}

extension WebSocketClosingError {
    /// Nothing, unless the error has a word for the peer.
    public var closeReason: String { "" }
}

extension WebSocketError: WebSocketClosingError {
    /// The code that the rule asks for.
    public var closeCode: WebSocketCloseCode { code }
    /// What was expected, and what came.
    public var closeReason: String { description }
}
