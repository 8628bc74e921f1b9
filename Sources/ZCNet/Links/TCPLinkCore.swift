/// A connection over TCP and the task that has it.
///
/// Bytes that the task does not take at once stay unread: there is nothing in them that anybody else would
/// have to see, so that a busy task has its peer wait at once, and nothing is queued.
@usableFromInline
final class TCPLinkCore {
    let link: LinkCore
    let id: ConnectionID
    let remote: RemoteConnection
    private let cell = OwnedCell(State())
    private let state: LoopOwned<State>

    private struct State: ~Copyable {
        /// What the running callback was lent; nil outside of one.
        var chunk: LentChunk?
        /// How much of it was taken.
        var position = 0
        /// Whether the peer is not read from until the task comes back.
        var isHeld = false
        /// How much was left unread; 0 while bytes are lent.
        var unreadCount = 0
        /// The peer will send no more.
        var hasPeerEnded = false
        var isLeaving = false
        var end: CloseReason?
        /// Whether the end was no good one, though its reason may have been.
        var wasCutOff = false
    }

    init(_ base: ConnectionBase) {
        link = LinkCore(base)
        id = base.slot[].id
        remote = base.remote
        state = cell.place
    }

    private var base: ConnectionBase { link.base }

    // MARK: Callbacks

    /// Bytes came, or come again; answers how many stay unread.
    func received(_ data: LentChunk) -> Int {
        state[].chunk = data
        state[].position = 0
        // What was left is in what is lent now.
        state[].unreadCount = 0
        if link.isWaiting(.reader) { link.wake(.reader) }
        let rest = link.hasEnded ? 0 : unsafe data.memory.count - state[].position
        state[].chunk = nil
        state[].unreadCount = rest
        if rest > 0 && !link.isWaiting(.reader) && !state[].isHeld {
            state[].isHeld = true
            base.pauseReading()
        }
        return rest
    }

    func peerEnded() {
        state[].hasPeerEnded = true
        link.wake(.reader)
    }

    func closed(_ reason: CloseReason) {
        state[].end = reason
        state[].wasCutOff = base.isCutOff
        state[].hasPeerEnded = true
        link.connectionEnded()
    }

    /// Somebody outside wants the connection to end: a shutdown lets the task say its last, once.
    func farewell(_ reason: CloseReason) -> Bool {
        guard reason.cause == .shutdown, !link.hasEnded, !state[].isLeaving else { return false }
        state[].isLeaving = true
        link.wakeLater(.reader)
        return true
    }

    // MARK: The scope

    /// Begins the task of a server's connection.
    static func begin(
        _ core: TCPLinkCore, _ body: @escaping @Sendable (TCPLink) async throws -> Void
    ) {
        let bound = LoopBound(core)
        core.link.lane.begin(core.link) { await serve(bound, body) }
    }

    /// Runs a server's body, and closes.
    private static func serve(
        _ core: LoopBound<TCPLinkCore>, _ body: @Sendable (TCPLink) async throws -> Void
    ) async {
        // What a body throws has nobody to go to but the peer, who sees the end.
        try? await body(TCPLink(core.value))
        core.value.endScope()
    }

    /// Runs a client's body, and waits for the end of the connection.
    nonisolated(nonsending) func visit<Result>(
        _ body: @Sendable (TCPLink) async throws -> Result
    ) async throws -> Result {
        let result = try await link.visit({ try await body(TCPLink(self)) }, endScope: { _ in endScope() })
        try checkEnd()
        return result
    }

    private func endScope() {
        link.hasEnded = true
        if !link.isOver { base.end(CloseReason(state[].isLeaving ? .shutdown : .local)) }
    }

    private func checkEnd() throws {
        guard let cause = state[].end?.cause else { return }
        switch cause {
        case .local, .peer, .shutdown:
            if !state[].wasCutOff { return }
            let got = "\(cause), cut off"
            throw LinkError(.lost, expected: "the peer's end behind what was sent", got: got)
        default: throw LinkError(.lost, expected: "the peer's end behind what was sent", got: "\(cause)")
        }
    }

    // MARK: Receiving

    /// Waits until so many bytes are there; false at the end of the peer's stream.
    nonisolated(nonsending) func waitForBytes(_ least: Int, within limit: Duration?) async throws -> Bool {
        precondition(least > 0, "nobody waits for nothing")
        link.enter()
        if link.isCancelled { throw CancellationError() }
        let deadline = link.deadline(limit)
        while availableCount < least {
            if state[].isLeaving || link.hasEnded { return false }
            // Of a connection that is over nothing more comes: nobody would wake who waits for it.
            if state[].isHeld && !link.isOver {
                state[].isHeld = false
                base.resumeReading()
            } else if state[].chunk == nil && state[].unreadCount >= least && !link.isOver {
                // Left by a wait for more than there was.
                base.showUnread()
            } else if state[].hasPeerEnded {
                return try endOfStream(least)
            }
            try link.checkCancellation()
            await link.wait(.reader, until: deadline)
            if link.isCancelled { throw CancellationError() }
            if link.isLate(.reader) && availableCount < least {
                let got = max(availableCount, state[].unreadCount)
                throw LinkError(.timedOut, expected: "\(least) bytes in time", got: "\(got)")
            }
        }
        return true
    }

    /// Nothing, or too little, and no more to come.
    private func endOfStream(_ least: Int) throws -> Bool {
        // A secured connection may know of the end while its last bytes are lent.
        let rest = max(availableCount, state[].unreadCount)
        if rest > 0 {
            throw LinkError(.lost, expected: "\(least) bytes", got: "\(rest) and the end\(badEnd)")
        }
        try checkEnd()
        return false
    }

    /// Why the connection is over, where that is more than one side's wish.
    private var badEnd: String {
        switch state[].end?.cause {
        case nil, .local, .peer, .shutdown: ""
        case let cause?: ": \(cause)"
        }
    }

    private var availableCount: Int {
        guard let chunk = state[].chunk else { return 0 }
        return unsafe chunk.memory.count - state[].position
    }

    /// The bytes that are there, or so many of them; taken when this returns, whatever `body` does.
    func take<Result>(_ most: Int, _ body: (LinkBytes) throws -> Result) rethrows -> Result {
        guard let chunk = state[].chunk else { preconditionFailure("nothing is there to be taken") }
        let start = state[].position
        let count = min(most, availableCount)
        state[].position += count
        // SAFETY: the chunk is lent until the task waits, and `body` cannot.
        let part = unsafe UnsafeRawBufferPointer(
            rebasing: UnsafeRawBufferPointer(chunk.memory)[start..<(start + count)])
        return try body(unsafe LinkBytes(RawSpan(_unsafeBytes: part), chunk))
    }

    // MARK: Sending

    func trySend(_ bytes: RawSpan) -> SendResult {
        link.enter()
        return link.isOver || link.hasEnded ? .closed : base.send(bytes)
    }

    func attempt(_ bytes: SharedBytes) throws -> SendResult {
        try link.attempt(bytes.count, end: { state[].end.map { "\($0)" } }) {
            link.enter()
            return link.isOver || link.hasEnded ? .closed : base.send(bytes, key: 0)
        }
    }

    func finishSending() {
        link.enter()
        if !link.isOver && !link.hasEnded { base.finishSending() }
    }
}

/// Stands between a connection and its link: tells the link's core what happens. One per loop and server or
/// client.
struct TCPLinkAdapter: ConnectionHandler {
    let opened: (TCPLinkCore) -> Void

    typealias State = LinkPlace<TCPLinkCore>

    mutating func makeState() -> State { LinkPlace() }

    private func withLink<Result>(
        _ peer: borrowing Connection<State>, _ body: (TCPLinkCore) -> Result
    ) -> Result? {
        peer.statePlace[].link?.with(body)
    }

    mutating func onOpen(_ peer: inout Connection<State>) {
        let link = TCPLinkCore(peer.base)
        let place = peer.statePlace
        place[].fill(link)
        opened(link)
    }

    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<State>) {
        let lent = data.lent
        peer.leaveUnread(withLink(peer) { $0.received(lent) } ?? 0)
    }

    mutating func onWritable(_ peer: inout Connection<State>) { withLink(peer) { $0.link.wake(.writer) } }

    mutating func onPeerEnded(_ peer: inout Connection<State>) { withLink(peer) { $0.peerEnded() } }

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout Connection<State>) {
        if tag == .link { withLink(peer) { $0.link.timerFired() } }
    }

    mutating func onClose(_ peer: inout Connection<State>, _ reason: CloseReason) {
        withLink(peer) { $0.closed(reason) }
        let place = peer.statePlace
        place[].empty()
    }

    /// Gives a loop the role that serves links.
    static func install(
        _ limits: ConnectionLimits, on host: ConnectionHost, _ admission: Admission?,
        opened: @escaping (TCPLinkCore) -> Void
    ) -> UInt16 {
        var limits = limits
        // A busy task leaves a reception as it is; and a task may go on sending behind its peer's end.
        limits.unreadBytesMax = max(limits.unreadBytesMax, host.chunkBytes)
        limits.allowsHalfClose = true
        let bound = LoopBound(opened)
        return host.add(
            ConnectionRole.serving(
                limits, admission, { TCPLinkAdapter(opened: bound.value) },
                farewell: { peer, reason in
                    peer.statePlace[].link?.with { $0.farewell(reason) } ?? false
                }))
    }
}
