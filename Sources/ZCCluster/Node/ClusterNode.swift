import ZCNet

/// A process's part in a cluster: takes messages for any channel, and has them stored once, in order, by
/// whoever leads it.
///
/// ```swift
/// let engine = LocalEngine(group)
/// let node = try ClusterNode(engine, ClusterOptions(name: "node-a")) { event in log(event) }
/// node.start()
/// let range = try await node.publish(["hello"], to: ChannelName("group:7"))
/// ```
/// **Promise.** An answer with numbers means that the messages are in the channel's log with these numbers,
/// as safe as the engine makes them, and are there once, however often they were sent. An error means that
/// they are not, and will not be, but for two codes: after `unknown` they may be, once, and publishing
/// again with the same identity finds out; after `stale` they may be too, but nobody knows any more.
///
/// **Threads.** `start`, `publish` and `stop` from any; everything else, answers and events on the engine's
/// loop.
///
/// **Limits.** ``ClusterOptions``; what exceeds them is refused at once.
public final class ClusterNode: Sendable {
    struct State: ~Copyable {
        var logs: [ChannelName: ChannelLog] = [:]
        /// Channels whose logs are not what they have to be, for as long as the node runs.
        var broken: [ChannelName: ClusterError] = [:]
        var outboxes: [ChannelName: ChannelOutbox] = [:]
        /// Bytes that wait in outboxes, and that were forwarded here.
        var waitingBytes = 0
        var forwardedBytes = 0
        var posts: [String: [Post]] = [:]
        /// Channels that are to send at the end of the turn, and whether its work is asked for.
        var due: [ChannelName] = []
        var willWork = false
        var requests: [UInt64: Request] = [:]
        var lastRequest: UInt64 = 0
        var lastBatch: UInt64 = 0
        var lastRecord: UInt64 = 0
        var lastEntry: UInt64 = 0
        /// The newest of this node's messages that nobody stores, of all and of each channel.
        var lastPassing: UInt64 = 0
        var passed: [ChannelName: UInt64] = [:]
        var listening: TopicListening?
        var isStarted = false
        var isEnded = false
    }

    /// Entries of one channel on their way to another node.
    struct Post: Sendable {
        let channel: ChannelName
        let attempt: UInt64
        let entries: [ChannelEntry]
        /// Who leads the channel, as was known when they went.
        let leader: SlotTable.Member
    }

    /// What another node was asked, until it answers or the time is over.
    struct Request: Sendable {
        let posts: [Post]
        let deadline: MonotonicInstant
    }

    /// Where messages, leases and records go.
    public let engine: any ClusterEngine
    let options: ClusterOptions
    let keeper: SlotKeeper
    let onEvent: @Sendable (ClusterEvent) -> Void
    let feeds = FeedTable()
    /// The engine's loop's own.
    let state = OwnedCell(State())

    /// A node that takes part once it is started.
    ///
    /// - Parameter onEvent: told in order of what happens to the node, on the engine's loop.
    public convenience init(
        _ engine: any ClusterEngine, _ options: ClusterOptions,
        onEvent: @escaping @Sendable (ClusterEvent) -> Void = { _ in }
    ) throws {
        try self.init(engine, options, incarnation: .random(in: 1 ... .max), onEvent: onEvent)
    }

    /// The same with an incarnation that a simulation draws.
    package init(
        _ engine: any ClusterEngine, _ options: ClusterOptions, incarnation: UInt64,
        onEvent: @escaping @Sendable (ClusterEvent) -> Void
    ) throws {
        try options.validate()
        self.engine = engine
        self.options = options
        self.onEvent = onEvent
        keeper = SlotKeeper(
            engine, SlotTable.Member(name: options.name, incarnation: incarnation),
            leaseLength: options.leaseLength, onEvent: onEvent)
    }

    // MARK: Any thread

    /// Begins to take part; returns at once. Once.
    public func start() {
        engine.perform { [self] in
            if state[].isStarted { return }
            state[].isStarted = true
            state[].listening = engine.subscribe(.node(options.name)) { [weak self] in self?.heard($0) }
            engine.watchGaps { [weak self] in self?.feeds.mayHaveMissed() }
            keeper.begin { [weak self] in self?.leadChanged(of: $0) }
            tick()
        }
    }

    /// Has messages stored, together and in order; waits without holding a thread.
    ///
    /// - Parameter identity: by which they are known when they come again, at this node or another; nil for
    ///   messages that are published once. A publisher may have 16 under way. Where one of them is refused,
    ///   so
    ///   are those that wait behind it here; it has to come again before any that follows it, as numbers that
    ///   lie back are not stored. A server closes the connection of a sender that has several under way.
    public func publish(
        _ messages: [SharedBytes], to channel: ChannelName, identity: BatchIdentity? = nil
    ) async throws(ClusterError) -> Range<MessageSequence> {
        let result: NodeMessage.Outcome = await awaitedAnswer { answer in
            let isPosted = engine.perform { [self] in
                append(messages, to: channel, identity: identity) { answer.give($0) }
            }
            if !isPosted { answer.give(.failure(.ended)) }
        }
        return try result.get()
    }

    /// Hands the node's slots over and ends it; what waits is refused. `done` comes on the engine's loop
    /// when the others know, or cannot be told.
    public func stop(_ done: @escaping @Sendable () -> Void) {
        let isPosted = engine.perform { [self] in
            end()
            keeper.leave(done)
        }
        if !isPosted { done() }
    }

    /// Hands the node's slots over and ends it, and waits until the others know, or cannot be told.
    public func stop() async {
        await awaitedAnswer { answer in stop { answer.give() } }
    }

    // MARK: On the engine's loop

    /// Has messages stored, together and in order; `answer` comes once.
    public func append(
        _ messages: [SharedBytes], to channel: ChannelName, identity: BatchIdentity? = nil,
        answer: @escaping EngineAnswer<Range<MessageSequence>>
    ) {
        guard state[].isStarted && !state[].isEnded else { return answer(.failure(.ended)) }
        var entry = ChannelEntry(messages, identity: identity)
        let weight = entry.weight
        guard !messages.isEmpty, identity?.number != 0 else {
            return answer(
                .failure(
                    ClusterError(
                        .invalid, expected: "messages, and a number of at least 1", got: "none, or 0")))
        }
        guard weight <= entryBytesMax else {
            return answer(
                .failure(
                    ClusterError(.tooLarge, expected: "at most \(entryBytesMax) bytes", got: "\(weight)")))
        }
        guard weight <= options.waitingBytesMax - state[].waitingBytes else {
            return answer(
                .failure(
                    ClusterError(
                        .full, expected: "at most \(options.waitingBytesMax) bytes that wait",
                        got: "\(weight) more")))
        }
        if identity == nil {
            // So that the node itself can ask again.
            state[].lastEntry += 1
            entry.identity = BatchIdentity(producer: keeper.me.incarnation, number: state[].lastEntry)
        }
        state[].waitingBytes += weight
        let isFirst = state[].outboxes[channel, default: ChannelOutbox()].add(
            ChannelOutbox.Waiting(entry: entry, deadline: engine.now + options.patience, answer: answer))
        if isFirst { sendSoon(channel) }
    }

    /// Messages of a channel from a number on; at least one batch, where there is one, and at most as the
    /// limit says. Takes no leader.
    public func read(
        _ channel: ChannelName, from sequence: MessageSequence, limit: ReadLimit = ReadLimit(),
        answer: @escaping EngineAnswer<[StoredBatch]>
    ) {
        ChannelReader(engine, channel).read(from: sequence, limit: limit, answer: answer)
    }

    /// Messages of a channel behind a position: everything since, as far as the limit goes, or an error that
    /// says why that cannot be known; never a part of it. Takes no leader.
    public func read(
        _ channel: ChannelName, behind position: ChannelPosition, limit: ReadLimit = ReadLimit(),
        answer: @escaping EngineAnswer<ChannelHistory>
    ) {
        ChannelReader(engine, channel).read(behind: position, limit: limit, answer: answer)
    }

    /// The number that the channel's next message gets, and the term of its newest.
    public func end(
        of channel: ChannelName,
        answer: @escaping EngineAnswer<(next: MessageSequence, term: UInt64)>
    ) {
        ChannelReader(engine, channel).newest { result in
            answer(result.map { $0.map { ($0.record.range.upperBound, $0.record.term) } ?? (.first, 0) })
        }
    }

    /// The most bytes of one entry: what a record holds, and a message between nodes.
    var entryBytesMax: Int {
        min(
            options.channel.recordBytesMax,
            engine.bytesMax - PublisherTable.byteCountMax - ChannelRecord.headBytes - 1024)
    }

    /// What the node is called.
    public var name: String { options.name }

    /// Whether the node has its name, and has not ended.
    public var isMember: Bool { keeper.phase == .member }

    /// Whether nothing that came here waits to be stored.
    public var isIdle: Bool { state[].outboxes.isEmpty }

    /// Slots that the node leads now.
    public var slotCount: Int { keeper.ownCount }

    /// Names of the nodes that are there, as far as this one knows.
    public var members: [String] { keeper.members.map(\.name) }

    private func end() {
        if state[].isEnded { return }
        state[].isEnded = true
        if let listening = state[].listening { engine.unsubscribe(listening) }
        let outboxes = state[].outboxes.sorted { $0.key.description < $1.key.description }
        state[].outboxes = [:]
        state[].due = []
        state[].posts = [:]
        state[].requests = [:]
        for (_, var outbox) in outboxes {
            let lost = ClusterError(.unknown, expected: "a node that goes on", got: "one that was stopped")
            for waiting in outbox.flight { waiting.answer(.failure(lost)) }
            _ = outbox.finish([], at: engine.now)
            for waiting in outbox.queue {
                waiting.answer(.failure(waiting.mayBeStored ? lost : ClusterError.ended))
            }
        }
    }

    /// Comes four times in the time that an answer may take.
    private func tick() {
        if state[].isEnded { return }
        engine.schedule(after: options.forwardTimeout / 4) { [weak self] in self?.tick() }
        giveUpLate()
        let old = engine.now - options.channelIdle
        for (channel, log) in state[].logs where log.isIdle && log.state[].lastUse < old {
            state[].logs[channel] = nil
        }
        if case .ended = keeper.phase { end() }
    }
}

extension ClusterError {
    static let ended = ClusterError(.closed, expected: "a node that runs", got: "one that does not")
}

/// What a node is called, and what it may hold. Every default says why it is what it is.
public struct ClusterOptions: Hashable, Sendable {
    /// The node's name, which no other has: 1 to 64 letters, digits, `-` and `_`.
    public var name: String
    /// How long a node that is not heard of leads on. Why six seconds: a pause of a process or a new leader
    /// among the engine's servers takes less, and users wait that long.
    public var leaseLength = Duration.seconds(6)
    /// How long another node's answer may take before it is asked again.
    public var forwardTimeout = Duration.seconds(2)
    /// How long a message is tried to be stored. Why 30 seconds: longer than two leases, so that one whose
    /// leader dies is stored by the next one.
    public var patience = Duration.seconds(30)
    /// The most bytes of messages that wait to be stored, and as many of those that other nodes forward here.
    public var waitingBytesMax = 64 << 20
    /// The most channels whose ends are remembered at a time.
    public var channelsMax = 200_000
    /// After how long without messages a channel's end is forgotten, and read again when it is needed.
    public var channelIdle = Duration.seconds(60)
    /// What the log of each channel may hold.
    public var channel = ChannelLimits()

    /// The defaults, for a node of this name.
    public init(name: String) { self.name = name }

    /// Checks every setting against its limits.
    public func validate() throws {
        _ = try NodeName.checked(name)
        let times = Duration.milliseconds(1)...Duration.seconds(3600)
        try ConfigurationError.check("leaseLength", leaseLength, in: times)
        try ConfigurationError.check("forwardTimeout", forwardTimeout, in: times)
        try ConfigurationError.check("patience", patience, in: times)
        try ConfigurationError.check("waitingBytesMax", waitingBytesMax, in: 1024...1 << 40)
        try ConfigurationError.check("channelsMax", channelsMax, in: 1...1 << 24)
        try ConfigurationError.check("channelIdle", channelIdle, in: times)
        try channel.validate()
    }
}
