import ZCNet

/// The newest message of a channel, and each time that there is a newer one: for channels in which a message
/// takes the place of those before it, such as a price, a score or a document's state.
///
/// ```swift
/// let feed = node.listenLatest(to: channel) { event in
///     if case .value(let bytes, let number) = event { show(bytes) }
/// }
/// ```
/// The newest comes at once, also to who has not listened before. Where several were stored while the engine
/// was away, or together, the newest of them alone comes. Numbers grow, but where the log was lost: then the
/// newest of what there is comes.
///
/// **Threads.** The engine's loop, but for ``end()``, which any thread may call.
/// **Ownership.** Keep it as long as it is wanted; one that nobody keeps ends.
public final class LatestFeed: ClusterFeed {
    /// What a listener is told.
    public enum Event: Hashable, Sendable {
        /// The newest message, and its number.
        case value(SharedBytes, MessageSequence)
        /// The channel has no message yet. Once at most, and first.
        case nothing
        /// The log cannot be read as a log. The feed has ended.
        case ended(ClusterError)
    }

    private struct State: ~Copyable {
        var listening: TopicListening?
        /// Behind the value that was told last.
        var position: ChannelPosition?
        var value: SharedBytes?
        var isLooking = false
        /// Whether there was a reason to look again since the look began.
        var isBehind = false
        var again = LookAgain()
    }

    /// The channel whose newest message comes.
    public let channel: ChannelName
    private let engine: any ClusterEngine
    private let retryDelay: Duration
    private let handler: @Sendable (Event) -> Void
    private let state = OwnedCell(State())

    init(
        _ engine: any ClusterEngine, _ channel: ChannelName, retryDelay: Duration,
        _ handler: @escaping @Sendable (Event) -> Void
    ) {
        self.engine = engine
        self.channel = channel
        self.retryDelay = retryDelay
        self.handler = handler
        state[].listening = engine.subscribe(.channel(channel)) { [weak self] in self?.heard($0) }
        look()
    }

    deinit {
        guard let listening = state[].listening else { return }
        let engine = engine
        engine.perform { engine.unsubscribe(listening) }
    }

    /// Ends it: nothing comes any more. Any thread; soon.
    public func end() { engine.perform { [self] in close() } }

    private func close() {
        if let listening = state[].listening { engine.unsubscribe(listening) }
        state[].listening = nil
    }

    func mayHaveMissed() { look() }

    /// Tells the value again that was told last. On the loop.
    func tellAgain() {
        guard state[].listening != nil, let value = state[].value, let number = state[].position?.last else {
            return
        }
        handler(.value(value, number))
    }

    // MARK: What comes

    private func heard(_ bytes: SharedBytes) {
        guard state[].listening != nil, let message = try? NodeMessage(bytes) else { return }
        switch message {
        case .stored(_, let bytes):
            guard let record = try? ChannelRecord(bytes, of: channel) else { return }
            if record.range.upperBound > state[].position?.next ?? .first { tell(record) }
        case .notice(let next):
            if next > state[].position?.next ?? .first { look() }
        case .request, .answer, .passing: break
        }
    }

    private func tell(_ record: ChannelRecord) {
        guard let value = record.entries.last?.messages.last else { return }
        state[].position = ChannelPosition(next: record.range.upperBound, epoch: record.epoch)
        state[].value = value
        tellAgain()
    }

    /// Finds the newest message in the log.
    private func look() {
        guard state[].listening != nil, !state[].isLooking else {
            state[].isBehind = true
            return
        }
        state[].isLooking = true
        state[].isBehind = false
        let before = state[].position
        ChannelReader(engine, channel).newest { [weak self] result in
            guard let self, state[].listening != nil else { return }
            state[].isLooking = false
            switch result {
            case .success(let newest): take(newest?.record, before)
            case .failure(let error): failed(error)
            }
        }
    }

    /// What the log has, and what was known when it was asked.
    private func take(_ newest: ChannelRecord?, _ before: ChannelPosition?) {
        let found = newest.map { ChannelPosition(next: $0.range.upperBound, epoch: $0.epoch) } ?? .beginning
        // What came meanwhile may be newer than what was read.
        let isNewer = state[].position.map { found.next > $0.next } ?? true
        let isSame = found == state[].position
        let isCut = !isNewer && !isSame && state[].position == before
        if isCut && found.next < before?.next ?? .first && state[].again.mayPass {
            return later()
        }
        state[].again.succeeded()
        if isNewer || isCut {
            if let newest {
                tell(newest)
            } else if state[].position == nil {
                state[].position = .beginning
                handler(.nothing)
            } else {
                // All of it is lost: what was told last stays the newest that there was.
                state[].position = .beginning
            }
        }
        if state[].isBehind { look() }
    }

    private func failed(_ error: ClusterError) {
        if state[].again.mayPass(error) { return later() }
        close()
        handler(.ended(error))
    }

    private func later() {
        let delay = state[].again.delay(from: retryDelay)
        engine.schedule(after: delay) { [weak self] in self?.look() }
    }
}

extension ClusterNode {
    /// Listens to the newest message of a channel, on the engine's loop.
    ///
    /// - Parameter handler: called there too.
    public func listenLatest(
        to channel: ChannelName, _ handler: @escaping @Sendable (LatestFeed.Event) -> Void
    ) -> LatestFeed {
        let feed = LatestFeed(engine, channel, retryDelay: options.channel.retryDelay, handler)
        feeds.add(feed)
        return feed
    }
}
