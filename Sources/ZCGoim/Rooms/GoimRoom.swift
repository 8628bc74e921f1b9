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
    private let state: Locked<State>

    private struct State {
        /// One for each loop that has members.
        var shards: [GoimShard] = []
        /// Messages that wait to be merged.
        var waiting: Waiting?
        /// Tells a batch's timer whether it comes for the batch that it was set for.
        var batch = 0
    }

    /// Messages that wait, encoded one behind the other.
    private final class Waiting {
        var count = 0
        var plain = WriteBuffer(limit: 1 << 30)
        var extended = WriteBuffer(limit: 1 << 30)
        var bytes: Int { max(plain.count, extended.count) }
    }

    init(_ name: String, merging: GoimMerging?, formats: GoimHeaderFormats) {
        self.name = name
        self.merging = merging
        self.formats = formats
        state = Locked(State())
    }

    /// How many are in the room.
    var online: Int { people.load(ordering: .relaxed) }

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
            if state.shards.isEmpty { state.waiting = nil }
            return state.shards.isEmpty
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
        guard let home = state.shards.first?.loop else { return (.posted, 0) }
        let waiting = state.waiting ?? Waiting()
        var added = 1
        do throws(WriteBufferError) {
            if formats.contains(.plain) { added = try Self.append(message, to: &waiting.plain, .plain) }
            if formats.contains(.extended) {
                added = try Self.append(message, to: &waiting.extended, .extended)
            }
        } catch {
            return (.full, people.load(ordering: .relaxed))
        }
        let isFirst = waiting.count == 0
        waiting.count += added
        state.waiting = waiting
        if waiting.count >= merging.count || waiting.bytes >= merging.bytes { return flush(&state) }
        if isFirst { setTimer(home, merging.delay, state.batch) }
        return (.posted, 0)
    }

    /// Adds a message to those that wait, or what a batch holds, as batches do not nest; answers how many
    /// messages that were.
    private static func append(
        _ message: GoimMessage, to waiting: inout WriteBuffer, _ format: GoimHeaderFormat
    ) throws(WriteBufferError) -> Int {
        guard message.operation == .raw else {
            try waiting.append(message.header, body: message.body.bytes, format)
            return 1
        }
        guard let row = message.row(in: format) else { return 0 }
        try waiting.append(row.bytes.bytes)
        return row.count
    }

    private func setTimer(_ loop: EventLoop, _ delay: Duration, _ batch: Int) {
        // Bounded by one per batch, so it may pass a full mailbox.
        loop.post(isControl: true) { context in
            context.schedule(after: delay) { [weak self] _ in self?.timeIsUp(batch) }
        }
    }

    private func timeIsUp(_ batch: Int) {
        state.withLock { state in
            if state.batch == batch { _ = flush(&state) }
        }
    }

    private func flush(_ state: inout State) -> (EventLoop.PostResult, unreached: Int) {
        state.batch += 1
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
