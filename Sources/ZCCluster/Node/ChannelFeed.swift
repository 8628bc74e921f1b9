import ZCNet

/// A channel as one listener has it: every message once, in the order of the numbers, without gaps. What is
/// missed on the way is read from the log before anything newer is handed on.
///
/// ```swift
/// let feed = node.listen(to: channel, from: .position(kept)) { event in
///     if case .messages(let batch) = event { show(batch) }
/// }
/// let kept = feed.position
/// ```
/// When the engine was away, the feed looks in the log for what it has missed. Where a leader dies between
/// storing the last message of a channel and telling of it, nothing shows it before the next message comes,
/// or ``refresh()`` looks.
///
/// **A log that has lost something.** A feed that reads from the log finds its last message there, in the
/// record that had it, or it ends: with `otherHistory`, `recordsLost` or `notFound`. It never goes on with a
/// part.
///
/// **Threads.** The engine's loop, but for ``end()`` and ``refresh()``, which any thread may call.
/// **Ownership.** Keep it as long as it is wanted; one that nobody keeps ends.
public final class ChannelFeed: ClusterFeed {
    /// Where a feed begins.
    public enum Start: Hashable, Sendable {
        /// With what is stored from now on.
        case new
        /// With the message of this number, of whatever log there is.
        case number(MessageSequence)
        /// Behind what a listener has had when it comes back, in the log that it had it from.
        case position(ChannelPosition)
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
        /// The record that has the message before; nil where it is not known.
        var epoch: UInt64?
        /// Place of the record that ends there; nil within one, or where it is not known.
        var place: UInt64?
        var listening: TopicListening?
        var isReading = false
        /// Whether there was a reason to read again since the reading began.
        var isBehind = false
        var isEnded = false
        var again = LookAgain()
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
            begin(number, epoch: number == .first ? 0 : nil)
            read()
        case .position(let position):
            begin(position.next, epoch: position.epoch)
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

    /// Where the listener is, with all that it was given so far; nil until that is known. What it keeps to
    /// come back. On the loop; within the handler, what that is being given is counted.
    public var position: ChannelPosition? {
        guard let next = state[].next, let epoch = state[].epoch else { return nil }
        return ChannelPosition(next: next, epoch: epoch)
    }

    /// Ends it: nothing comes any more. Any thread; soon.
    public func end() { engine.perform { [self] in close() } }

    /// Looks whether anything was missed. Any thread.
    public func refresh() { engine.perform { [self] in mayHaveMissed() } }

    func mayHaveMissed() {
        if state[].next != nil { read() }
    }

    private func close() {
        state[].isEnded = true
        if let listening = state[].listening { engine.unsubscribe(listening) }
        state[].listening = nil
    }

    private func begin(_ number: MessageSequence, epoch: UInt64?) {
        state[].next = number
        state[].epoch = epoch
        handler(.begun(number))
    }

    /// What was stored before the listening began does not come; everything after it does.
    private func findEnd() {
        ChannelReader(engine, channel).newest { [weak self] result in
            guard let self, !state[].isEnded else { return }
            switch result {
            case .success(let newest):
                state[].again.succeeded()
                begin(newest?.record.range.upperBound ?? .first, epoch: newest?.record.epoch ?? 0)
                state[].place = newest?.place ?? 0
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
        case .stored(let place, let bytes):
            guard let record = try? ChannelRecord(bytes, of: channel) else { return }
            take(record, place)
        case .notice(let next):
            if let own = state[].next, own >= next { return }
            read()
        case .request, .answer, .passing: break
        }
    }

    private func take(_ record: ChannelRecord, _ place: UInt64) {
        guard let next = state[].next, !state[].isReading else {
            // It is in the log: the reading that is under way, or the next one, finds it.
            state[].isBehind = true
            return
        }
        let epoch = record.epoch
        if record.range.upperBound <= next {
            // One that it has had; another in the place of its last means that the log was cut.
            if place == state[].place && epoch != state[].epoch { read() }
            return
        }
        guard record.first == next, state[].place == nil || state[].place == record.behind else {
            return read()
        }
        for batch in record.batches { deliver(batch, epoch) }
        if state[].next == record.range.upperBound { state[].place = place }
    }

    private func deliver(_ batch: StoredBatch, _ epoch: UInt64) {
        if state[].isEnded { return }
        state[].next = batch.range.upperBound
        state[].epoch = epoch
        state[].place = nil
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
        // Nothing comes before the first message.
        let epoch = next == .first ? nil : state[].epoch
        let wanted = ChannelReader.Wanted(next: next, epoch: epoch, limit: ReadLimit())
        ChannelReader(engine, channel).find(wanted) { [weak self] result in
            guard let self, !state[].isEnded else { return }
            state[].isReading = false
            switch result {
            case .success(let history):
                state[].again.succeeded()
                take(history)
                if !history.batches.isEmpty || state[].isBehind { read() }
            case .failure(let error):
                failed(error) { $0.read() }
            }
        }
    }

    private func take(_ history: ChannelHistory) {
        for (batch, epoch) in zip(history.batches, history.epochs) {
            guard let next = state[].next, batch.range.upperBound > next else { continue }
            deliver(batch.following(next), epoch)
        }
        guard state[].next == history.position.next else { return }
        state[].place = history.place
        if history.batches.isEmpty && history.place != nil { state[].epoch = history.position.epoch }
    }

    private func failed(_ error: ClusterError, again: @escaping @Sendable (ChannelFeed) -> Void) {
        guard state[].again.mayPass(error) else {
            close()
            return handler(.ended(error))
        }
        let delay = state[].again.delay(from: retryDelay)
        engine.schedule(after: delay) { [weak self] in
            if let self { again(self) }
        }
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
