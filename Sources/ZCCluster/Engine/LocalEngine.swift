public import ZCNet

/// The engine of one process: everything is in its memory, and gone with it.
///
/// ```swift
/// let group = try EventLoopGroup(EventLoopGroup.Configuration())
/// let engine = LocalEngine(group)
/// let node = try ClusterNode(engine, ClusterOptions(name: "alone"))
/// ```
/// For one process, and for tests. Several nodes may share it, on the same loop.
///
/// **Threads.** The loop's, but for `perform`. **Cost.** An answer comes in the loop's next turn.
/// **Limits.** `bytesMax` of records, which are kept by reference; more is refused as `full`.
public final class LocalEngine: ClusterEngine {
    private struct State: ~Copyable {
        var memory: EngineMemory
        var listeners: [ClusterTopic: [(TopicListening, @Sendable (SharedBytes) -> Void)]] = [:]
        var topics: [TopicListening: ClusterTopic] = [:]
        var watchers: [@Sendable (LeaseEntry) -> Void] = []
        var lastListening = 0
    }

    private let loop: EventLoop
    private let host: LoopBound<LoopReference<ConnectionHost>>
    /// What keeps the host that is referred to.
    private let group: EventLoopGroup
    /// The loop's own: nobody else looks.
    private let state: OwnedCell<State>

    /// An empty engine on a loop of a group, which others start and end.
    ///
    /// - Precondition: the group has the loop, and `bytesMax > 0`.
    public init(_ group: EventLoopGroup, onLoop index: Int = 0, bytesMax: Int = 256 << 20) {
        precondition(group.loops.indices.contains(index) && bytesMax > 0, "an engine without loop or room")
        self.group = group
        loop = group.loops[index]
        host = LoopBound(LoopReference(group.hosts[index]))
        state = OwnedCell(State(memory: EngineMemory(bytesMax: bytesMax)))
    }

    /// The time when the loop's turn began.
    public var now: MonotonicInstant { loop.now }
    /// True: there is one memory, and one thread.
    public var refereesAppends: Bool { true }
    /// What a message of NATS may have by default, so that what fits here fits there.
    public var bytesMax: Int { 1 << 20 }

    /// Has work done on the loop. Any thread.
    @discardableResult
    public func perform(_ work: @escaping @Sendable () -> Void) -> Bool {
        loop.post(isControl: true) { _ in work() } != .stopped
    }

    /// Has work done after a while.
    public func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        host.value.with { $0.perform(after: delay, work) }
    }

    /// Hands a message to the listeners of the moment, in the next turn.
    @discardableResult
    public func publish(_ bytes: SharedBytes, to topic: ClusterTopic) -> Bool {
        perform { [self] in
            for (listening, handler) in state[].listeners[topic] ?? []
            where state[].topics[listening] != nil { handler(bytes) }
        }
    }

    /// Listens to a topic.
    public func subscribe(
        _ topic: ClusterTopic, _ handler: @escaping @Sendable (SharedBytes) -> Void
    ) -> TopicListening {
        state[].lastListening += 1
        let listening = TopicListening(number: state[].lastListening)
        state[].listeners[topic, default: []].append((listening, handler))
        state[].topics[listening] = topic
        return listening
    }

    /// Ends listening; nothing comes after it returns.
    public func unsubscribe(_ listening: TopicListening) {
        guard let topic = state[].topics.removeValue(forKey: listening) else { return }
        state[].listeners[topic]?.removeAll { $0.0 == listening }
        if state[].listeners[topic]?.isEmpty == true { state[].listeners[topic] = nil }
    }

    /// Nothing: no message is missed.
    public func watchGaps(_ tell: @escaping @Sendable () -> Void) {}

    /// What a key has now.
    public func readLease(_ key: String, answer: @escaping EngineAnswer<LeaseEntry?>) {
        perform { [self] in answer(.success(state[].memory.lease(key))) }
    }

    /// Sets a key that still has a revision.
    public func writeLease(
        _ key: String, _ value: SharedBytes, at revision: UInt64, answer: @escaping EngineAnswer<UInt64>
    ) {
        perform { [self] in
            let result: Result<LeaseEntry, ClusterError>
            do throws(ClusterError) {
                result = .success(try state[].memory.setLease(key, value, at: revision))
            } catch {
                result = .failure(error)
            }
            answer(result.map(\.revision))
            if case .success(let entry) = result { for watcher in state[].watchers { watcher(entry) } }
        }
    }

    /// Tells of what every key has, and of all changes from then on.
    public func watchLeases(
        _ change: @escaping @Sendable (LeaseEntry) -> Void, caughtUp: @escaping @Sendable () -> Void
    ) {
        perform { [self] in
            for entry in state[].memory.allLeases { change(entry) }
            state[].watchers.append(change)
            caughtUp()
        }
    }

    /// Appends a record of a channel behind the one at a place.
    public func append(
        _ record: SharedBytes, to channel: ChannelName, id: String, behind place: UInt64,
        answer: @escaping EngineAnswer<UInt64>
    ) {
        perform { [self] in
            let result: Result<UInt64, ClusterError>
            do throws(ClusterError) {
                result = .success(
                    try state[].memory.append(record, to: channel, id: id, behind: place))
            } catch {
                result = .failure(error)
            }
            answer(result)
        }
    }

    /// The newest record of a channel.
    public func newest(of channel: ChannelName, answer: @escaping EngineAnswer<LogRecord?>) {
        perform { [self] in answer(.success(state[].memory.newest(of: channel))) }
    }

    /// Records of a channel from a place on.
    public func read(
        _ channel: ChannelName, from place: UInt64, limit: ReadLimit,
        answer: @escaping EngineAnswer<[LogRecord]>
    ) {
        perform { [self] in
            answer(.success(state[].memory.read(channel, from: place, limit: limit)))
        }
    }
}
