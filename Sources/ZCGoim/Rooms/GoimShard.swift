import ZCNet
import ZCNetWebSocket

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
