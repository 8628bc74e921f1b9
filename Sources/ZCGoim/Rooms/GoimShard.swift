import ZCNet
import ZCNetWebSocket

/// The way to one loop's goim connections.
///
/// **Threads.** `broadcast` from any; `deliver` and everything of the core on the loop's own.
///
/// SAFETY: `Sendable` is unchecked because the core is used on its loop only.
final class GoimLoopPart: @unchecked Sendable {
    let loop: EventLoop
    let figures = GoimFigures()
    /// Held weakly: the loop's roles keep it, and through it the hub that this belongs to.
    private weak var core: GoimCore?
    private static let pace = Duration.milliseconds(50)

    init(_ loop: EventLoop) { self.loop = loop }

    /// By the server, before the loop runs.
    func settle(_ core: GoimCore) { self.core = core }

    /// Sends to connections of this loop, as far as they accept the operation.
    func deliver(_ push: GoimPush, to handles: [GoimHandle]) {
        var outcome = GoimOutcome()
        for handle in handles { send(push, handle, &outcome) }
        outcome.count(push, in: figures)
    }

    private func send(_ push: GoimPush, _ handle: GoimHandle, _ outcome: inout GoimOutcome) {
        guard let conversation = handle.conversation else { return outcome.add(.closed) }
        guard handle.accepts(push.accepted) else {
            outcome.filtered += 1
            return
        }
        outcome.add(conversation.push(push, hasMore: false))
    }

    /// Sends to every member of this loop that accepts the operation.
    func broadcast(_ push: GoimPush, perSecond: Int?) -> EventLoop.PostResult {
        loop.post { [self] context in
            guard let core else { return }
            guard let perSecond else {
                var outcome = GoimOutcome()
                for conversation in core.members.all { send(push, to: conversation, &outcome) }
                return outcome.count(push, in: figures)
            }
            let handles = core.members.all.compactMap { $0.session[].handle }
            let steps = Int(Duration.seconds(1) / Self.pace)
            pace(push, handles[...], max(1, perSecond / steps), context)
        }
    }

    private func send(_ push: GoimPush, to conversation: GoimConversation, _ outcome: inout GoimOutcome) {
        guard conversation.session[].handle?.accepts(push.accepted) == true else {
            outcome.filtered += 1
            return
        }
        outcome.add(conversation.push(push, hasMore: false))
    }

    /// Sends to so many now, and to the others after a while.
    private func pace(
        _ push: GoimPush, _ handles: ArraySlice<GoimHandle>, _ step: Int, _ context: borrowing LoopContext
    ) {
        deliver(push, to: Array(handles.prefix(step)))
        let rest = handles.dropFirst(step)
        if rest.isEmpty { return }
        context.schedule(after: Self.pace) { [self] context in pace(push, rest, step, context) }
    }
}

/// One room on one loop: its members, whose sessions know their places.
///
/// **Threads.** `post` and `memberCount` from any; all else on the loop's thread only. A shard is in its room
/// from before its first member to its last.
///
/// **Complexity.** Joining and leaving are O(1); delivery is O(members), without locks or allocations.
///
/// SAFETY: `Sendable` is unchecked because the members are touched on the loop's thread only.
final class GoimShard: @unchecked Sendable {
    let room: GoimRoom
    /// The loop's account for what waits to be merged.
    let queues: QueueMemory
    private let figures: GoimFigures
    private let hub: GoimHub
    private let members: LoopMembers<GoimConversation>

    init(_ room: GoimRoom, _ hub: GoimHub, loop: EventLoop, figures: GoimFigures, queues: QueueMemory) {
        self.room = room
        self.hub = hub
        members = LoopMembers(on: loop)
        self.figures = figures
        self.queues = queues
    }

    var loop: EventLoop { members.loop }
    var memberCount: Int { members.count }

    func add(_ conversation: GoimConversation) {
        conversation.session[].roomPlace = Int32(members.add(conversation))
        room.count(1)
    }

    func remove(_ conversation: GoimConversation) {
        let place = Int(conversation.session[].roomPlace)
        if place < 0 { return }
        conversation.session[].roomPlace = -1
        members.remove(at: place)?.session[].roomPlace = Int32(place)
        room.count(-1)
        if members.count == 0 { hub.close(self) }
    }

    /// Has the loop send a push to every member. Any thread.
    func post(_ push: GoimPush) -> EventLoop.PostResult {
        members.post { [self] in deliver(push, hasMore: $0) }
    }

    /// Has the loop close every member's connection; never refused for a full mailbox. Any thread.
    func close(_ cause: GoimCloseReason.Cause) {
        _ = members.loop.enqueue(isControl: true) { [self] in
            // By their handles: who closes leaves the row, and what a handler does may end others.
            for handle in members.row.all.compactMap({ $0.session[].handle }) {
                handle.conversation?.close(cause)
            }
        }
    }

    private func deliver(_ push: GoimPush, hasMore: Bool) {
        let members = members.row.all
        if members.isEmpty { return }
        var outcome = GoimOutcome()
        for index in members.indices { outcome.add(members[index].push(push, hasMore: hasMore)) }
        outcome.count(push, in: figures)
    }
}

/// What became of a push at the connections that it was meant for.
struct GoimOutcome {
    private var taken = 0
    private var refused = 0
    private var closed = 0
    var filtered = 0

    @inline(__always)
    mutating func add(_ result: SendResult) {
        switch result {
        case .sent, .queued: taken += 1
        case .full, .tooLarge: refused += 1
        case .closed: closed += 1
        }
    }

    /// Adds to a loop's figures, on that loop.
    func count(_ push: GoimPush, in figures: GoimFigures) {
        figures.add(taken * push.count, to: .delivered)
        if push.count > 1 { figures.add(taken, to: .batches) }
        if refused > 0 { figures.add(refused * push.count, to: .overflowed) }
        if closed > 0 { figures.add(closed * push.count, to: .missed) }
        if filtered > 0 { figures.add(filtered * push.count, to: .filtered) }
    }
}

extension GoimShard: GoimMembership {
    var name: String { room.name }
    var online: Int { room.online }
}
