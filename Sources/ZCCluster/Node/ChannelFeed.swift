import ZCNet

/// A channel as one listener has it: every message once, in the order of the numbers, without gaps. What is
/// missed on the way is read from the log before anything newer is handed on.
///
/// ```swift
/// let feed = node.listen(to: channel, from: .number(lastSeen + 1)) { event in
///     if case .messages(let batch) = event { show(batch) }
/// }
/// ```
/// When the engine was away, the feed looks in the log for what it has missed. Where a leader dies between
/// storing the last message of a channel and telling of it, nothing shows it before the next message comes,
/// or ``refresh()`` looks.
///
/// **Threads.** The engine's loop, but for ``end()`` and ``refresh()``, which any thread may call.
/// **Ownership.** Keep it as long as it is wanted; one that nobody keeps ends.
public final class ChannelFeed: Sendable {
    /// Where a feed begins.
    public enum Start: Hashable, Sendable {
        /// With what is stored from now on.
        case new
        /// With the message of this number: what a listener has not had yet when it comes back.
        case number(MessageSequence)
    }

    /// What a listener is told, in order.
    public enum Event: Sendable {
        /// The feed goes on from here: the number of the next message.
        case begun(MessageSequence)
        /// The next messages, in their order.
        case messages(StoredBatch)
        /// The log does not have what comes next, or cannot be read as a log. The feed has ended.
        case ended(ClusterError)
    }

    private struct State: ~Copyable {
        /// The number of the message that comes next; nil until it is known.
        var next: MessageSequence?
        var listening: TopicListening?
        var isReading = false
        /// Whether there was a reason to read again since the reading began.
        var isBehind = false
        var isEnded = false
        var failures = 0
    }

    /// The channel whose messages come.
    public let channel: ChannelName
    private let engine: any ClusterEngine
    private let retryDelay: Duration
    private let handler: @Sendable (Event) -> Void
    private let state = OwnedCell(State())

    init(
        _ engine: any ClusterEngine, _ channel: ChannelName, from start: Start, retryDelay: Duration,
        _ handler: @escaping @Sendable (Event) -> Void
    ) {
        self.engine = engine
        self.channel = channel
        self.retryDelay = retryDelay
        self.handler = handler
        state[].listening = engine.subscribe(.channel(channel)) { [weak self] in self?.heard($0) }
        switch start {
        case .number(let number):
            begin(number)
            read()
        case .new: findEnd()
        }
    }

    deinit {
        guard let listening = state[].listening else { return }
        let engine = engine
        engine.perform { engine.unsubscribe(listening) }
    }

    /// The number of the message that comes next; nil until it is known.
    public var next: MessageSequence? { state[].next }

    /// Ends it: nothing comes any more. Any thread; soon.
    public func end() { engine.perform { [self] in close() } }

    /// Looks whether anything was missed. Any thread.
    public func refresh() {
        engine.perform { [self] in
            if state[].next != nil { read() }
        }
    }

    private func close() {
        state[].isEnded = true
        if let listening = state[].listening { engine.unsubscribe(listening) }
        state[].listening = nil
    }

    private func begin(_ number: MessageSequence) {
        state[].next = number
        handler(.begun(number))
    }

    /// What was stored before the listening began does not come; everything after it does.
    private func findEnd() {
        ChannelReader(engine, channel).end { [weak self] result in
            guard let self, !state[].isEnded else { return }
            switch result {
            case .success((let next, _)):
                state[].failures = 0
                begin(next)
                if state[].isBehind { read() }
            case .failure(let error):
                failed(error) { $0.findEnd() }
            }
        }
    }

    // MARK: What comes

    private func heard(_ bytes: SharedBytes) {
        if state[].isEnded { return }
        guard let message = try? NodeMessage(bytes) else { return }
        switch message {
        case .stored(_, let bytes):
            guard let record = try? ChannelRecord(bytes, of: channel) else { return }
            take(record)
        case .notice(let next):
            if let own = state[].next, own >= next { return }
            read()
        case .request, .answer: break
        }
    }

    private func take(_ record: ChannelRecord) {
        guard let next = state[].next, !state[].isReading else {
            // It is in the log: the reading that is under way, or the next one, finds it.
            state[].isBehind = true
            return
        }
        if record.range.upperBound <= next { return }
        guard record.first == next else { return read() }
        for batch in record.batches { deliver(batch) }
    }

    private func deliver(_ batch: StoredBatch) {
        if state[].isEnded { return }
        state[].next = batch.range.upperBound
        handler(.messages(batch))
    }

    /// Reads from the log what comes next, until there is no more.
    private func read() {
        guard let next = state[].next, !state[].isReading, !state[].isEnded else {
            state[].isBehind = true
            return
        }
        state[].isReading = true
        state[].isBehind = false
        ChannelReader(engine, channel).read(from: next, limit: ReadLimit()) { [weak self] result in
            guard let self, !state[].isEnded else { return }
            state[].isReading = false
            switch result {
            case .success(let batches):
                state[].failures = 0
                for batch in batches {
                    guard let next = state[].next, batch.range.upperBound > next else { continue }
                    deliver(batch.following(next))
                }
                if !batches.isEmpty || state[].isBehind { read() }
            case .failure(let error):
                failed(error) { $0.read() }
            }
        }
    }

    private func failed(_ error: ClusterError, again: @escaping @Sendable (ChannelFeed) -> Void) {
        // A server that has just become the stream's leader may not know all of it yet.
        let mayPass = error.code == .recordsLost && state[].failures < 8
        guard error.isTemporary || mayPass else {
            close()
            return handler(.ended(error))
        }
        let delay = retryDelay * (1 << min(state[].failures, 6))
        state[].failures += 1
        engine.schedule(after: delay) { [weak self] in
            if let self { again(self) }
        }
    }
}

/// The feeds of a node, which does not keep them. The engine's loop.
final class FeedTable: Sendable {
    private struct Entry {
        weak var feed: ChannelFeed?
    }

    private let entries = OwnedCell<[Entry]>([])
    /// How many entries there may be before those of feeds that are gone are looked for.
    private let sweepAt = OwnedCell<Int>(64)

    func add(_ feed: ChannelFeed) {
        if entries[].count >= sweepAt[] {
            entries[].removeAll { $0.feed == nil }
            sweepAt[] = 2 * entries[].count + 64
        }
        entries[].append(Entry(feed: feed))
    }

    /// Has all of them look whether anything was missed.
    func refresh() {
        for entry in entries[] { entry.feed?.refresh() }
    }
}

extension StoredBatch {
    /// What of the batch comes from a number on; all of it where that lies before.
    func following(_ number: MessageSequence) -> StoredBatch {
        guard range.contains(number), number != range.lowerBound else { return self }
        var rest = batch
        rest.messages.removeFirst(Int(number.rawValue - range.lowerBound.rawValue))
        return StoredBatch(first: number, batch: rest)
    }
}

extension ClusterNode {
    /// Listens to a channel, on the engine's loop.
    ///
    /// - Parameter handler: called there too, perhaps before this returns.
    public func listen(
        to channel: ChannelName, from start: ChannelFeed.Start = .new,
        _ handler: @escaping @Sendable (ChannelFeed.Event) -> Void
    ) -> ChannelFeed {
        let feed = ChannelFeed(
            engine, channel, from: start, retryDelay: options.channel.retryDelay, handler)
        feeds.add(feed)
        return feed
    }
}
