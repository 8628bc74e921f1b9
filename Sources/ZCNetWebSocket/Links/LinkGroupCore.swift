import ZCNet

/// The links of a group and the task that has them: who is there, what has happened, and whom to tell.
///
/// **Threads.** The loop's; once the loop has ended, the task's alone.
///
/// SAFETY: `@safe` because the continuation is taken out before it is resumed, and so resumed once.
@safe
@usableFromInline
final class LinkGroupCore {
    private let client: WebSocketLinkClient
    private let lane: LoopLane
    private let loop: Int
    private(set) var members: [Int: Member] = [:]
    private var nextNumber = 0
    /// What has happened and was not told: of each link at most that it opened, that it has something to be
    /// read, that it was lost, and that it is over, as no link connects anew before its loss was told.
    private var pending = ArrivalRow<Pending>()
    private var body: Body?
    private var bodyError: (any Error)?
    private var waiter: UnsafeContinuation<Void, Never>?
    private var isCancelled = false
    private var hasEnded = false
    /// What links that are over came to.
    private var past = LinkFigures()

    /// Why a struct: see `WebSocketLinkCore.Body`.
    private struct Body {
        let call: (LinkEvent) throws -> LinkStep
    }

    /// A link of the group.
    final class Member {
        let id: LinkID
        /// Nil once the link is over or the group has ended: what is still told of the link then, by a
        /// connection that was being tried for example, concerns nobody.
        fileprivate(set) var group: LinkGroupCore?
        var socket: ReconnectingWebSocket?
        /// The conversation, while there is one.
        var core: WebSocketLinkCore?
        var figures = LinkFigures()
        /// Whether its turn to be read is pending.
        var isMarked = false

        init(_ id: LinkID, _ group: LinkGroupCore) {
            self.id = id
            self.group = group
        }
    }

    private enum Pending {
        case opened(Member)
        case readable(Member)
        case interrupted(Member, WebSocketLinkCore?, WebSocketInterruption, Duration)
        case closed(Member, WebSocketLinkCore?, WebSocketInterruption?)
    }

    init(_ client: WebSocketLinkClient, _ lane: LoopLane, loop: Int) {
        self.client = client
        self.lane = lane
        self.loop = loop
    }

    private func enter() {
        precondition(lane.isCurrent || lane.hasEnded, "a group of links is used away from its loop")
    }

    var figures: LinkFigures {
        members.values.reduce(into: past) { sum, member in
            sum.messagesIn += member.figures.messagesIn
            sum.messagesOut += member.figures.messagesOut
            sum.openings += member.figures.openings
            sum.interruptions += member.figures.interruptions
            sum.openCount += member.figures.openCount
        }
    }

    // MARK: The scope

    /// Runs the body, and ends all links.
    nonisolated(nonsending) func visit<Result>(
        _ body: @Sendable (LinkGroup) async throws -> Result
    ) async throws -> Result {
        lane.visit(1)
        defer { lane.visit(-1) }
        let (bound, lane) = (LoopBound(self), lane)
        do {
            let result = try await withTaskCancellationHandler {
                try await body(LinkGroup(self))
            } onCancel: {
                lane.post { bound.value.cancel() }
            }
            await end(.normalClosure)
            return result
        } catch {
            await end(error is CancellationError ? .goingAway : .internalError)
            throw error
        }
    }

    private func cancel() {
        isCancelled = true
        wake()
        // Where the task waits for room on one of the links.
        for number in members.keys.sorted() { members[number]?.core?.link.cancel() }
    }

    /// Ends every link, and waits for the conversations' ends.
    nonisolated(nonsending) private func end(_ code: WebSocketCloseCode) async {
        hasEnded = true
        pending.removeAll()
        for member in members.keys.sorted().compactMap({ members[$0] }) {
            let core = member.core
            member.socket?.stop(code)
            guard let core else { continue }
            core.link.hasEnded = true
            core.dropQueue()
            if !core.link.isOver { await core.link.wait(.closer, until: nil) }
        }
        for member in members.values { member.group = nil }
        members = [:]
    }

    // MARK: Links

    func add(
        _ url: String, _ policy: ReconnectPolicy, _ makeHeaders: (@Sendable () -> HTTPHeaders)?
    ) throws -> LinkID {
        enter()
        let id = LinkID(number: nextNumber)
        let member = Member(id, self)
        let bound = LoopBound(member)
        let (client, lane) = (client, lane)
        member.socket = try ReconnectingWebSocket(
            client.client, to: url, policy: policy, onLoop: loop, makeHeaders: makeHeaders,
            generator: SystemRandomNumberGenerator(), holdsAttempts: true
        ) { state in
            // Beyond the loop's end nobody is told of anything.
            if lane.isCurrent { bound.value.group?.changed(bound.value, state, client) }
        }
        nextNumber += 1
        members[id.number] = member
        member.socket?.start()
        return id
    }

    func remove(_ id: LinkID, _ code: WebSocketCloseCode, _ reason: String) {
        enter()
        precondition(code.isSendable, "\(code) may not be sent in a close frame")
        members[id.number]?.socket?.stop(code, reason: reason)
    }

    private func changed(
        _ member: Member, _ state: ReconnectingWebSocket.State, _ client: WebSocketLinkClient
    ) {
        switch state {
        case .idle, .connecting: return
        case .open(let socket):
            let core = client.take(socket).value
            core.member = member
            member.core = core
            member.figures.openings += 1
            member.figures.openCount = 1
            tell(.opened(member))
        case .waiting(let delay, let cause):
            member.figures.interruptions += 1
            tell(.interrupted(member, closed(member), cause, delay))
        case .stopped(let cause): tell(.closed(member, closed(member), cause))
        }
    }

    /// The member's conversation is over; what of it was not received is still told.
    private func closed(_ member: Member) -> WebSocketLinkCore? {
        member.figures.openCount = 0
        defer { member.core = nil }
        return member.core
    }

    // MARK: Events

    /// A member has received something: it is told at once where nothing else waits to be.
    func received(_ member: Member) {
        if hasEnded || member.isMarked { return }
        if body != nil && pending.isEmpty {
            pump(member)
        } else {
            mark(member)
        }
    }

    private func mark(_ member: Member) {
        member.isMarked = true
        pending.append(.readable(member))
    }

    private func tell(_ event: Pending) {
        if hasEnded { return }
        pending.append(event)
        if body != nil { pump(nil) }
    }

    /// Calls `body` for what is pending and for what comes, until it has enough, or nobody is left.
    nonisolated(nonsending) func forEach(_ body: @escaping (LinkEvent) throws -> LinkStep) async throws {
        enter()
        if isCancelled || Task.isCancelled { throw CancellationError() }
        precondition(unsafe waiter == nil, "two tasks wait for the events of one group")
        if lane.hasEnded { return }
        self.body = Body(call: body)
        defer { self.body = nil }
        if isWanted(first: nil) {
            await unsafe withUnsafeContinuation { unsafe waiter = $0 }
        }
        if let error = bodyError {
            bodyError = nil
            throw error
        }
        // A body that had enough has taken its last event, which is not to be lost for a cancellation.
        if self.body != nil { throw CancellationError() }
    }

    private func pump(_ first: Member?) {
        if !isWanted(first: first) { wake() }
    }

    private func wake() {
        guard let continuation = unsafe waiter else { return }
        unsafe waiter = nil
        unsafe lane.resume(continuation)
    }

    /// Tells the body what is pending; whether it wants more. Where it does not, it is gone when this
    /// returns.
    private func isWanted(first: Member?) -> Bool {
        guard let body = self.body else { return true }
        self.body = nil
        do {
            if let first, let core = first.core, try drain(first, core, body) == .stop { return false }
            while let event = pending.takeFirst() {
                if try tell(event, body) == .stop { return false }
            }
        } catch {
            bodyError = error
            return false
        }
        if members.isEmpty { return false }
        self.body = consume body
        return true
    }

    private func tell(_ event: Pending, _ body: Body) throws -> LinkStep {
        switch event {
        case .opened(let member): return try body.call(.opened(member.id))
        case .readable(let member):
            member.isMarked = false
            guard let core = member.core else { return .next }
            return try drain(member, core, body)
        case .interrupted(let member, let core, let cause, let delay):
            if let core, try drain(member, core, body) == .stop { return again(event) }
            defer { member.socket?.goOn() }
            return try body.call(.interrupted(member.id, cause, retryIn: delay))
        case .closed(let member, let core, let cause):
            if let core, try drain(member, core, body) == .stop { return again(event) }
            members[member.id.number] = nil
            member.group = nil
            past.messagesIn += member.figures.messagesIn
            past.messagesOut += member.figures.messagesOut
            past.openings += member.figures.openings
            past.interruptions += member.figures.interruptions
            return try body.call(.closed(member.id, cause))
        }
    }

    /// The body has had enough before the event itself was told.
    private func again(_ event: Pending) -> LinkStep {
        pending.putBack(event)
        return .stop
    }

    /// Tells of a member's messages.
    private func drain(_ member: Member, _ core: WebSocketLinkCore, _ body: Body) throws -> LinkStep {
        while case .message = core.poll() {
            member.figures.messagesIn += 1
            defer { core.done() }
            let step = try body.call(.message(member.id, core.message))
            if step == .next { continue }
            // Others have their turn before it goes on.
            if member.core != nil && !member.isMarked { mark(member) }
            return .stop
        }
        return .next
    }

    // MARK: Sending

    func send(to id: LinkID, _ attempt: (WebSocketLinkCore) -> SendResult) -> SendResult {
        enter()
        guard let member = members[id.number], let core = member.core else { return .closed }
        let result = attempt(core)
        if result.isAccepted { member.figures.messagesOut += 1 }
        return result
    }

    nonisolated(nonsending) func send(
        _ message: OwnedMessage, to id: LinkID, within limit: Duration?
    ) async throws {
        enter()
        if isCancelled || Task.isCancelled { throw CancellationError() }
        guard let member = members[id.number], let core = member.core else {
            throw LinkError.closed("\(id), which is not")
        }
        let result = try core.attempt(message.isText, message.bytes.bytes)
        if result != .sent || core.link.mustWait {
            try await core.link.waitForRoom(isAccepted: result.isAccepted, within: limit) {
                try core.attempt(message.isText, message.bytes.bytes).isAccepted
            }
        }
        member.figures.messagesOut += 1
    }
}
