public import ZCNet

/// Names a link of a group, as long as the group is there.
public struct LinkID: Hashable, Sendable, CustomStringConvertible {
    let number: Int

    /// The word and the number: `link 3`.
    public var description: String { "link \(number)" }
}

/// What happens to a link of a group, lent to a body for the length of a call.
public enum LinkEvent: ~Escapable {
    /// It is open, for the first time or again. What the server has to know is said here.
    case opened(LinkID)
    /// A message of the link has come.
    case message(LinkID, LinkMessage)
    /// It was lost or did not come about; the next attempt comes after the delay.
    case interrupted(LinkID, WebSocketInterruption, retryIn: Duration)
    /// It is over for good: removed (nil), or because its policy makes no other attempt after this.
    case closed(LinkID, WebSocketInterruption?)
}

/// An event that may be kept.
public enum OwnedLinkEvent: Sendable, Equatable {
    /// It is open, for the first time or again.
    case opened(LinkID)
    /// A message of the link has come.
    case message(LinkID, OwnedMessage)
    /// It was lost or did not come about; the next attempt comes after the delay.
    case interrupted(LinkID, WebSocketInterruption, retryIn: Duration)
    /// It is over for good.
    case closed(LinkID, WebSocketInterruption?)
}

/// What a link of a group, or all of them, came to so far.
public struct LinkFigures: Hashable, Sendable {
    /// Messages that the body was given.
    public internal(set) var messagesIn = 0
    /// Messages that were accepted for sending.
    public internal(set) var messagesOut = 0
    /// How often it was open.
    public internal(set) var openings = 0
    /// How often it was lost, or an attempt was in vain.
    public internal(set) var interruptions = 0
    /// How many are open now.
    public internal(set) var openCount = 0
}

/// Client links of one loop that one task has together: any number, each with a name, a policy for coming
/// back, and its own fate; their events arrive in one place, those of each link in order.
///
/// ```swift
/// try await client.withLinks { links in
///     let feeds = try ["ws://a/feed", "ws://b/feed"].map { try links.add($0) }
///     try await links.forEach { event in
///         switch event {
///         case .opened(let id): links.trySend("subscribe", to: id)
///         case .message(let id, let message): book.take(message.bytes, from: feeds.firstIndex(of: id))
///         case .interrupted, .closed: break
///         }
///         return .next
///     }
/// }
/// ```
/// **Ownership.** The group is lent to its body, as a link is. Where the body ends, all links are closed:
/// 1000, or 1011 where it threw.
///
/// **Backpressure.** What comes while the task is busy waits, for each link up to a limit in bytes, and then
/// at its server. Links with something to say are served in turn.
/// A link that was lost does not come back before its `interrupted` was told, so that a server which
/// accepts and hangs up again and again cannot make events gather.
@safe @frozen
public struct LinkGroup: ~Escapable {
    @usableFromInline let core: LinkGroupCore

    // SAFETY: lent by the scope, which keeps the core for its own length.
    @_lifetime(immortal)
    @usableFromInline
    init(_ core: LinkGroupCore) { self.core = core }
}

extension LinkGroup {
    // MARK: Links

    /// Adds a link, which begins to connect at once, and comes back as its policy says.
    ///
    /// - Parameters:
    ///   - url: see ``WebSocketLinkClient/withLink(to:headers:onLoop:_:)``.
    ///   - policy: when another attempt is made, and after which delay.
    ///   - makeHeaders: makes the fields of each attempt's request, such as a token that expires.
    /// - Throws: `ConfigurationError` for the policy, ``WebSocketConnectError`` for a URL that cannot be
    ///   asked.
    @discardableResult
    public func add(
        _ url: String, policy: ReconnectPolicy = ReconnectPolicy(),
        makeHeaders: (@Sendable () -> HTTPHeaders)? = nil
    ) throws -> LinkID {
        try core.add(url, policy, makeHeaders)
    }

    /// Ends a link for good; its `closed` follows. Nothing happens for one that is over.
    public func remove(_ id: LinkID, _ code: WebSocketCloseCode = .normalClosure, reason: String = "") {
        core.remove(id, code, reason)
    }

    /// The links that are not over, in the order of their adding.
    public var links: [LinkID] { core.members.keys.sorted().map { LinkID(number: $0) } }

    // MARK: Events

    /// Calls `body` for every event until it answers `.stop`, or until no link is left: the task sleeps, and
    /// the loop calls, at a handler's price. What follows a stop stays for the next.
    ///
    /// - Throws: what `body` throws, which ends the group unless it is caught; `CancellationError`.
    public nonisolated(nonsending) func forEach(_ body: (LinkEvent) throws -> LinkStep) async throws {
        try await withoutActuallyEscaping(body, do: core.forEach)
    }

    /// Waits for an event that may be kept; nil when no link is left.
    public nonisolated(nonsending) func next() async throws -> OwnedLinkEvent? {
        var next: OwnedLinkEvent?
        try await forEach { event in
            switch event {
            case .opened(let id): next = .opened(id)
            case .message(let id, let message): next = .message(id, message.retain())
            case .interrupted(let id, let cause, let delay):
                next = .interrupted(id, cause, retryIn: delay)
            case .closed(let id, let cause): next = .closed(id, cause)
            }
            return .stop
        }
        return next
    }

    // MARK: Sending

    /// Sends a message that is lent; `closed` while the link is not open.
    @discardableResult
    public func trySend(_ message: LinkMessage, to id: LinkID) -> SendResult {
        core.send(to: id) { $0.trySend(isText: message.isText, message.bytes) }
    }

    /// Sends a message likewise.
    @discardableResult
    public func trySend(_ message: OwnedMessage, to id: LinkID) -> SendResult {
        core.send(to: id) { $0.trySend(isText: message.isText, message.bytes.bytes) }
    }

    /// Sends text over one of the links, likewise.
    @discardableResult
    public func trySend(_ text: String, to id: LinkID) -> SendResult {
        var text = text
        return text.withBytes { bytes in core.send(to: id) { $0.trySend(isText: true, bytes) } }
    }

    /// Sends a binary message likewise.
    @discardableResult
    public func trySend(binary bytes: RawSpan, to id: LinkID) -> SendResult {
        core.send(to: id) { $0.trySend(isText: false, bytes) }
    }

    /// Sends a message, and returns when there is room for another on that link; see
    /// ``WebSocketLink/send(_:within:)-(OwnedMessage,_)``. Events wait meanwhile.
    public nonisolated(nonsending) func send(
        _ message: OwnedMessage, to id: LinkID, within limit: Duration? = nil
    ) async throws {
        try await core.send(message, to: id, within: limit)
    }

    // MARK: Figures

    /// What a link came to so far; nil for one that is over.
    public func figures(of id: LinkID) -> LinkFigures? { core.members[id.number]?.figures }

    /// What all links came to so far, those that are over included.
    public var figures: LinkFigures { core.figures }
}

extension WebSocketLinkClient {
    /// Lends a group of links of one loop to `body`, and returns what that returns once all of them have
    /// ended. See ``LinkGroup``.
    ///
    /// - Parameter loop: the loop of the client's that has the links. For several loops, take a group each.
    public func withLinks<Result: Sendable>(
        onLoop loop: Int = 0, _ body: @Sendable (LinkGroup) async throws -> Result
    ) async throws -> Result {
        precondition(group.loops.indices.contains(loop), "loop \(loop) of \(group.loops.count)")
        let eventLoop = group.loops[loop]
        let lane: LoopLane? = await awaitedAnswer { answer in
            let posted = eventLoop.enqueue(isControl: true) {
                let lane = eventLoop.lane
                answer.give(lane)
            }
            if posted != .posted { answer.give(nil) }
        }
        guard let lane else {
            throw LinkError(.closed, expected: "a client that serves", got: "one that has ended")
        }
        return try await withTaskExecutorPreference(lane) {
            try await LinkGroupCore(self, lane, loop: loop).visit(body)
        }
    }
}
