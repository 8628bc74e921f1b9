import ZCNet

/// Writes one channel's log: opens its chain, appends one record at a time, and finds out what became of one
/// whose answer was lost. What comes meanwhile makes up the next record.
///
/// Whoever has one need not lead: the chain decides. It asks before each record whether its node does, to
/// save work. **Threads.** The engine's loop.
final class ChannelLog: Sendable {
    typealias Answer = EngineAnswer<Range<MessageSequence>>

    /// What a log asks of, and tells, the node that it belongs to.
    struct Owner: Sendable {
        /// The term in which the node leads the channel's slot; nil while it does not.
        let term: @Sendable () -> UInt64?
        /// The next name for a record.
        let author: @Sendable () -> BatchIdentity
        /// A record of this node's is valid: its messages are stored.
        let stored: @Sendable (ChannelName, ChannelRecord, _ place: UInt64, SharedBytes) -> Void
        /// The chain was read to its end: what was stored before may not have been told to anybody.
        let opened: @Sendable (ChannelName, _ next: MessageSequence) -> Void
        /// The log is not what it has to be.
        let broken: @Sendable (ChannelName, ClusterError) -> Void
    }

    struct Pending: Sendable {
        let entry: ChannelEntry
        let deadline: MonotonicInstant
        let answer: Answer
    }

    /// The record that is under way.
    struct Writing: Sendable {
        let record: ChannelRecord
        let bytes: SharedBytes
        /// Who waits for it, with the outcome if it becomes valid.
        var waiting: [(pending: Pending, outcome: ChannelChain.Outcome)]
        /// Whether an attempt had no answer, so that it may be stored, or still on its way.
        var mayBeStored = false
        let deadline: MonotonicInstant
    }

    struct State: ~Copyable {
        var chain: ChannelChain?
        var queue: [Pending] = []
        var queuedBytes = 0
        var writing: Writing?
        /// Whether the engine is asked, or waited for, at the moment.
        var isBusy = false
        var retries = 0
        var lastUse: MonotonicInstant
    }

    let channel: ChannelName
    let engine: any ClusterEngine
    let owner: Owner
    let limits: ChannelLimits
    let state: OwnedCell<State>

    init(_ channel: ChannelName, _ engine: any ClusterEngine, _ limits: ChannelLimits, owner: Owner) {
        self.channel = channel
        self.engine = engine
        self.limits = limits
        self.owner = owner
        state = OwnedCell(State(lastUse: engine.now))
    }

    /// Whether nobody waits for anything.
    var isIdle: Bool { state[].queue.isEmpty && state[].writing == nil && !state[].isBusy }

    /// Bytes of entries that wait.
    var queuedBytes: Int { state[].queuedBytes }

    /// The most bytes of entries in one record: beside its head and the largest digest.
    var entryBytesMax: Int {
        min(limits.recordBytesMax, engine.bytesMax - PublisherTable.byteCountMax - ChannelRecord.headBytes)
    }

    /// Stores an entry; `answer` comes once.
    func append(_ entry: ChannelEntry, answer: @escaping Answer) { append([(entry, answer)]) }

    /// Stores entries in their order; each answer comes once. They are taken as a row: where one is refused
    /// before it is written, so are those behind it, as a publisher's must be stored in their order.
    func append(_ entries: [(entry: ChannelEntry, answer: Answer)]) {
        state[].lastUse = engine.now
        if let error = refusal(of: entries.map(\.entry)) {
            for (_, answer) in entries { answer(.failure(error)) }
            return
        }
        let deadline = engine.now + limits.patience
        for (entry, answer) in entries {
            state[].queuedBytes += entry.weight
            state[].queue.append(Pending(entry: entry, deadline: deadline, answer: answer))
        }
        pump()
    }

    private func refusal(of entries: [ChannelEntry]) -> ClusterError? {
        for entry in entries {
            guard !entry.messages.isEmpty, entry.identity?.number != 0 else {
                return ClusterError(
                    .invalid, expected: "messages, and a number of at least 1", got: "none, or 0")
            }
            guard entry.weight <= entryBytesMax else {
                return ClusterError(
                    .tooLarge, expected: "at most \(entryBytesMax) bytes", got: "\(entry.weight)")
            }
        }
        guard state[].queuedBytes < limits.queuedBytesMax else {
            return ClusterError(
                .unavailable, expected: "at most \(limits.queuedBytesMax) bytes of a channel that wait",
                got: "\(state[].queuedBytes)")
        }
        return nil
    }

    /// Does what is to be done next, if the engine is not busy with this channel.
    func pump() {
        if state[].isBusy { return }
        if state[].writing != nil { return offer() }
        expire()
        // Whoever was told may have come back with more.
        if state[].isBusy || state[].writing != nil || state[].queue.isEmpty { return }
        guard let term = owner.term() else {
            return refuseAll(
                ClusterError(
                    .notLeader, expected: "the leader of slot \(channel.slot)", got: "another node"))
        }
        guard let newest = state[].chain?.term else { return open() }
        guard term >= newest else {
            // Somebody has led the slot since. The node will hear of it.
            return refuseAll(
                ClusterError(.notLeader, expected: "term \(newest) or later", got: "\(term)"))
        }
        compose(term)
    }

    private func compose(_ term: UInt64) {
        var (count, bytes) = (0, 0)
        for pending in state[].queue {
            let weight = pending.entry.weight
            if count > 0 && bytes + weight > entryBytesMax { break }
            bytes += weight
            count += 1
        }
        let taken = state[].queue.takeFirst(count)
        state[].queuedBytes -= bytes
        let author = owner.author()
        guard let composition = state[].chain?.compose(taken.map(\.entry), term: term, author: author)
        else { return }
        var waiting: [(pending: Pending, outcome: ChannelChain.Outcome)] = []
        waiting.reserveCapacity(taken.count)
        var now: [(Pending, Result<Range<MessageSequence>, ClusterError>)] = []
        for (pending, outcome) in zip(taken, composition.outcomes) {
            if case .answered(let result, withRecord: false) = outcome {
                now.append((pending, result))
            } else {
                waiting.append((pending, outcome))
            }
        }
        if let record = composition.record {
            do throws(ClusterError) {
                state[].writing = Writing(
                    record: record, bytes: try record.encoded(for: channel), waiting: waiting,
                    deadline: engine.now + limits.patience)
            } catch {
                now += waiting.map { ($0.pending, .failure(error)) }
            }
        }
        // Before anybody is told, who may come back with more.
        if state[].writing != nil { offer() }
        for (pending, result) in now { pending.answer(result) }
        if state[].writing == nil { pump() }
    }

    // MARK: A record under way

    /// Offers the record to the engine, for the first time or again.
    private func offer() {
        guard let writing = state[].writing, let seen = state[].chain?.seen else { return }
        state[].isBusy = true
        engine.append(writing.bytes, to: channel, id: writing.record.id, behind: seen) {
            [self] result in
            state[].isBusy = false
            settle(result)
        }
    }

    private func settle(_ result: Result<UInt64, ClusterError>) {
        // Why the tail alone: the chain is changed in its place, where nobody else has a copy of it.
        guard let writing = state[].writing, let tail = state[].chain?.tail else { return }
        switch result {
        case .success(let place) where engine.refereesAppends && place > tail:
            finish(at: place)
        case .success:
            state[].writing?.mayBeStored = true
            catchUp()
        case .failure(let error) where error.code == .conflict:
            catchUp()
        case .failure(let error):
            if error.code == .unknown { state[].writing?.mayBeStored = true }
            if writing.mayBeStored || error.isTemporary { return again(error) }
            state[].writing = nil
            for (pending, _) in writing.waiting { pending.answer(.failure(error)) }
            refuseBehind()
        }
    }

    /// The record is at a place, and valid.
    func finish(at place: UInt64) {
        guard let writing = state[].writing else { return }
        do throws(ClusterError) {
            guard try state[].chain?.apply(writing.record, at: place) == .valid else { return rewrite() }
        } catch {
            return fail(error)
        }
        finished(writing, at: place)
        pump()
    }

    /// Tells those who waited for a record that its chain has.
    func finished(_ writing: Writing, at place: UInt64) {
        state[].writing = nil
        state[].retries = 0
        owner.stored(channel, writing.record, place, writing.bytes)
        for (pending, outcome) in writing.waiting {
            switch outcome {
            case .stored(let range): pending.answer(.success(range))
            case .answered(let result, _): pending.answer(result)
            }
        }
    }

    /// The record is void for good: what it was to store goes into another one.
    func rewrite() {
        guard let writing = state[].writing else { return }
        state[].writing = nil
        state[].queue.insert(contentsOf: writing.waiting.map(\.pending), at: 0)
        state[].queuedBytes += writing.waiting.reduce(0) { $0 + $1.pending.entry.weight }
        pump()
    }

    // MARK: Failing

    /// Tries again after a while, for as long as those who wait have patience.
    func again(_ error: ClusterError) {
        var late: [Pending] = []
        var told = error
        if let writing = state[].writing, engine.now >= writing.deadline {
            // What is on its way may still come: the chain is read anew before anything else is written.
            state[].writing = nil
            state[].chain = nil
            if writing.mayBeStored {
                told = ClusterError(
                    .unknown, expected: "an answer within \(limits.patience)", got: "\(error)")
            }
            late = writing.waiting.map(\.pending)
        }
        // Busy while anybody is told, who may come back with more.
        state[].isBusy = true
        for pending in late { pending.answer(.failure(told)) }
        if late.isEmpty { expire() } else { refuseBehind() }
        let delay = limits.retryDelay * (1 << min(state[].retries, 4))
        state[].retries += 1
        engine.schedule(after: delay) { [weak self] in
            guard let self else { return }
            state[].isBusy = false
            pump()
        }
    }

    /// The log is not what it has to be: nobody is served by guesses. What became of the record that is under
    /// way cannot be known.
    func fail(_ error: ClusterError) {
        let writing = state[].writing
        state[].writing = nil
        state[].chain = nil
        owner.broken(channel, error)
        let unknown = ClusterError(.unknown, expected: "a log that can be read", got: "\(error)")
        for (pending, _) in writing?.waiting ?? [] { pending.answer(.failure(unknown)) }
        refuseAll(error)
    }

    /// Refuses all that waits and is not under way.
    private func refuseAll(_ error: ClusterError) {
        let queue = state[].queue
        state[].queue = []
        state[].queuedBytes = 0
        for pending in queue { pending.answer(.failure(error)) }
    }

    /// Refuses what has waited too long, and all behind it. Nothing of it happened.
    private func expire() {
        guard let first = state[].queue.first, engine.now >= first.deadline else { return }
        refuseAll(
            ClusterError(
                .unavailable, expected: "an answer of the log within \(limits.patience)", got: "none"))
    }

    /// Refuses what came behind entries that were refused: a publisher's must be stored in their order, and
    /// may be asked for again.
    private func refuseBehind() {
        refuseAll(
            ClusterError(.unavailable, expected: "those before it to be stored", got: "refused ones"))
    }
}

/// What one channel's log may hold and how long it tries.
public struct ChannelLimits: Hashable, Sendable {
    /// The most bytes of one record. Why 256 KiB: what one write costs is spread well, and a server's
    /// largest message is not needed.
    public var recordBytesMax = 256 << 10
    /// The most bytes that wait for the record that is under way.
    public var queuedBytesMax = 4 << 20
    /// How long an append is tried. Why ten seconds: longer than servers take to find a new leader.
    public var patience = Duration.seconds(10)
    /// How long the first pause between two attempts is; it doubles four times.
    public var retryDelay = Duration.milliseconds(50)

    /// Limits with the defaults of each setting.
    public init() {}

    /// Checks that every setting is possible.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.check("recordBytesMax", recordBytesMax, in: 1024...32 << 20)
        try ConfigurationError.check("queuedBytesMax", queuedBytesMax, in: 1024...1 << 31)
        try ConfigurationError.check("patience", patience, in: .milliseconds(1)...Duration.seconds(3600))
        try ConfigurationError.check("retryDelay", retryDelay, in: .milliseconds(1)...Duration.seconds(60))
    }
}

extension Array {
    /// Takes the first so many out; all of them without a copy.
    mutating func takeFirst(_ count: Int) -> [Element] {
        if count == self.count {
            defer { self = [] }
            return self
        }
        defer { removeFirst(count) }
        return Array(prefix(count))
    }
}
