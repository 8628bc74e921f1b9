import Synchronization
import ZCNet

/// One room, on all loops: who is where, and what is being merged for it. Any thread.
///
/// **Order.** Pushes are posted to the room's loops under its lock, one push at a time: all members get them
/// in the same order, whichever threads pushed them. Nothing but posting happens there.
final class GoimRoom: Sendable {
    let name: String
    private let merging: GoimMerging?
    private let formats: GoimHeaderFormats
    private let people = Atomic<Int>(0)
    /// How many are in it at other nodes, as far as these have said.
    private let elsewhere = Atomic<Int>(0)
    private let state: Locked<State>

    private struct State {
        /// One for each loop that has members.
        var shards: [GoimShard] = []
        /// Messages that wait to be merged.
        var waiting: GoimGathered?
        /// What looks after them, from the first message until a look finds none, or the room closes.
        var alarm: Alarm?
    }

    /// The one timer that a room has, on one of its loops.
    ///
    /// SAFETY: `Sendable` is unchecked because the timer is used on that loop only.
    private final class Alarm: @unchecked Sendable {
        let loop: EventLoop
        var timer: TimerID?

        init(_ loop: EventLoop) { self.loop = loop }

        /// Any thread. Behind whatever was posted to the loop before, the setting of the timer included.
        func cancel() {
            loop.post(isControl: true) { [self] context in
                if let timer { context.cancel(timer) }
                timer = nil
            }
        }
    }

    init(_ name: String, merging: GoimMerging?, formats: GoimHeaderFormats) {
        self.name = name
        self.merging = merging
        self.formats = formats
        state = Locked(State())
    }

    /// How many are in the room, on all nodes.
    var online: Int { here + elsewhere.load(ordering: .relaxed) }
    /// How many are in the room on this node.
    var here: Int { people.load(ordering: .relaxed) }

    func setElsewhere(_ count: Int) { elsewhere.store(count, ordering: .relaxed) }

    func count(_ change: Int) { people.add(change, ordering: .relaxed) }

    // MARK: Loops

    /// The shard of a loop, made if need be.
    func open(on loop: EventLoop, _ make: () -> GoimShard) -> GoimShard {
        state.withLock { state in
            if let shard = state.shards.first(where: { $0.loop === loop }) { return shard }
            let shard = make()
            state.shards.append(shard)
            return shard
        }
    }

    /// Forgets a shard whose last member has left; true when nobody is left.
    func close(_ shard: GoimShard) -> Bool {
        state.withLock { state in
            state.shards.removeAll { $0 === shard }
            // What nobody is there to get is not kept for whoever comes next.
            guard state.shards.isEmpty else { return false }
            state.waiting = nil
            state.alarm?.cancel()
            state.alarm = nil
            return true
        }
    }

    // MARK: Messages

    /// Has every member get a message. Answers how many connections were not reached.
    func push(_ message: GoimMessage) -> (EventLoop.PostResult, unreached: Int) {
        guard let merging else {
            let push = GoimPush(message, formats)
            return state.withLock { Self.post(push, to: $0.shards) }
        }
        return state.withLock { state in merge(message, merging, &state) }
    }

    private func merge(
        _ message: GoimMessage, _ merging: GoimMerging, _ state: inout State
    ) -> (EventLoop.PostResult, unreached: Int) {
        guard let home = state.shards.first else { return (.posted, 0) }
        let now = home.loop.driver.clock.now()
        let waiting = state.waiting ?? GoimGathered(formats, home.queues, due: now + merging.delay)
        guard waiting.add(message) else { return (.full, people.load(ordering: .relaxed)) }
        if waiting.count == 0 { return (.posted, 0) }
        state.waiting = waiting
        // Where batches take much of the loop's memory, they leave sooner.
        let isEnough = waiting.count >= merging.count || waiting.bytes >= merging.bytes
        if isEnough || home.queues.isCrowded { return flush(&state) }
        if state.alarm == nil {
            let alarm = Alarm(home.loop)
            state.alarm = alarm
            setTimer(alarm, merging.delay)
        }
        return (.posted, 0)
    }

    /// Has every member's connection closed, behind what was pushed before.
    func closeMembers(_ cause: GoimCloseReason.Cause) {
        state.withLock { state in
            _ = flush(&state)
            for shard in state.shards { shard.close(cause) }
        }
    }

    /// What waits on the account of a loop.
    func mergingBytes(of queues: QueueMemory) -> Int {
        state.withLock { state in
            guard let waiting = state.waiting, waiting.account.memory === queues else { return 0 }
            return waiting.capacity
        }
    }

    // MARK: Time

    /// Bounded by one per room, so it may pass a full mailbox.
    private func setTimer(_ alarm: Alarm, _ delay: Duration) {
        alarm.loop.post(isControl: true) { [weak self] context in
            alarm.timer = context.schedule(after: delay) { [weak self] _ in
                alarm.timer = nil
                self?.timeIsUp(alarm)
            }
        }
    }

    /// Sends what has waited long enough. Batches that became full meanwhile set no timer of their own, so
    /// the one that was set for an earlier batch looks after the next.
    private func timeIsUp(_ alarm: Alarm) {
        state.withLock { state in
            guard state.alarm === alarm else { return }
            guard let waiting = state.waiting else {
                state.alarm = nil
                return
            }
            let left = waiting.due - alarm.loop.driver.clock.now()
            if left > .zero { return setTimer(alarm, left) }
            state.alarm = nil
            _ = flush(&state)
        }
    }

    private func flush(_ state: inout State) -> (EventLoop.PostResult, unreached: Int) {
        guard let waiting = state.waiting else { return (.posted, 0) }
        state.waiting = nil
        let push = GoimPush(batchOf: waiting.count, plain: waiting.plain, extended: waiting.extended)
        return Self.post(push, to: state.shards)
    }

    private static func post(
        _ push: GoimPush, to shards: [GoimShard]
    ) -> (EventLoop.PostResult, unreached: Int) {
        var result = EventLoop.PostResult.posted
        var unreached = 0
        for shard in shards {
            let posted = shard.post(push)
            if posted == .posted { continue }
            unreached += shard.memberCount * push.count
            // A full loop is worth telling before one that is gone.
            if result != .full { result = posted }
        }
        return (result, unreached)
    }
}
