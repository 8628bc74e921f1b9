import ZCNet

/// What passes in a channel and is stored nowhere: heard by whoever listens now, at most once, and in the
/// order in which each node has published it.
///
/// ```swift
/// let feed = node.listenPassing(to: channel) { event in
///     switch event {
///     case .message(let bytes): show(bytes)
///     case .gap: askForTheStateAnew()
///     }
/// }
/// try node.pass("typing", to: channel)
/// ```
/// **What is missed.** Each message names the one that its node has published there before it. So what was
/// lost on the way shows with the next message of the same node, and ``Event/gap`` comes ahead of it. It
/// comes too whenever the engine was away, as nobody knows what passed meanwhile. Where the last message of
/// a node is lost, and the engine does not notice, nothing shows it.
///
/// **Threads.** The engine's loop, but for ``end()``, which any thread may call.
/// **Ownership.** Keep it as long as it is wanted; one that nobody keeps ends.
/// **Limits.** The last messages of 1,024 nodes are known.
public final class PassingFeed: ClusterFeed {
    /// What a listener is told.
    public enum Event: Hashable, Sendable {
        /// What a node has published.
        case message(SharedBytes)
        /// Messages may have been missed before the next one.
        case gap
    }

    /// Why 1024: more lives of nodes than a cluster has at a time. Those that were silent for longest go.
    static let originsMax = 1024

    private struct State: ~Copyable {
        var listening: TopicListening?
        /// By incarnation, the newest message of a node that was heard, and when, as a count of messages.
        var origins: [UInt64: (last: UInt64, turn: UInt64)] = [:]
        var turn: UInt64 = 0
    }

    /// The channel in which messages pass.
    public let channel: ChannelName
    private let engine: any ClusterEngine
    private let handler: @Sendable (Event) -> Void
    private let state = OwnedCell(State())

    init(
        _ engine: any ClusterEngine, _ channel: ChannelName, _ handler: @escaping @Sendable (Event) -> Void
    ) {
        self.engine = engine
        self.channel = channel
        self.handler = handler
        state[].listening = engine.subscribe(.passing(channel)) { [weak self] in self?.heard($0) }
    }

    deinit {
        guard let listening = state[].listening else { return }
        let engine = engine
        engine.perform { engine.unsubscribe(listening) }
    }

    /// Ends it: nothing comes any more. Any thread; soon.
    public func end() {
        engine.perform { [self] in
            if let listening = state[].listening { engine.unsubscribe(listening) }
            state[].listening = nil
        }
    }

    func mayHaveMissed() {
        if state[].listening != nil { handler(.gap) }
    }

    private func heard(_ bytes: SharedBytes) {
        guard state[].listening != nil,
            case .passing(let id, let previous, let bytes)? = try? NodeMessage(bytes)
        else { return }
        state[].turn += 1
        let known = state[].origins[id.producer]?.last
        // One that comes twice, or behind what was published after it, would break the order.
        if let known, id.number <= known { return }
        state[].origins[id.producer] = (id.number, state[].turn)
        if known == nil { forgetSilent() }
        if let known, known != previous { handler(.gap) }
        // The gap's listener may have ended it.
        if state[].listening != nil { handler(.message(bytes)) }
    }

    private func forgetSilent() {
        guard state[].origins.count > Self.originsMax,
            let silent = state[].origins.min(by: { $0.value.turn < $1.value.turn })?.key
        else { return }
        state[].origins[silent] = nil
    }
}

extension ClusterNode {
    /// Sends a message to whoever listens to what passes in a channel now, on this node and all others; it is
    /// stored nowhere. On the engine's loop.
    ///
    /// What this node passes in a channel is heard in that order, and each message once at most.
    ///
    /// - Throws: ``ClusterError``, after which nobody hears it: `tooLarge`, `unavailable` where the engine is
    ///   away and too much waits for it, `closed`.
    public func pass(_ message: SharedBytes, to channel: ChannelName) throws(ClusterError) {
        guard state[].isStarted && !state[].isEnded else { throw .ended }
        let number = state[].lastPassing + 1
        let id = BatchIdentity(producer: keeper.me.incarnation, number: number)
        let passing = NodeMessage.passing(id, previous: state[].passed[channel] ?? 0, message)
        guard engine.publish(try passing.encoded(bytesMax: engine.bytesMax), to: .passing(channel)) else {
            throw ClusterError(
                .unavailable, expected: "an engine with room for a message", got: "one without")
        }
        state[].lastPassing = number
        // Forgotten, they cost listeners a gap that is none.
        if state[].passed.count >= options.channelsMax { state[].passed = [:] }
        state[].passed[channel] = number
    }

    /// Listens to what passes in a channel, on the engine's loop.
    ///
    /// - Parameter handler: called there too.
    public func listenPassing(
        to channel: ChannelName, _ handler: @escaping @Sendable (PassingFeed.Event) -> Void
    ) -> PassingFeed {
        let feed = PassingFeed(engine, channel, handler)
        feeds.add(feed)
        return feed
    }
}
