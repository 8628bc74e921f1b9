import ZCNet

/// How messages are pulled from a consumer.
public struct PullOptions: Sendable {
    /// How many are asked for at a time. 256 keep a consumer busy at the distance of a data centre.
    public var batch = 256
    /// How long the server keeps a request open.
    public var expires = Duration.seconds(30)
    /// How often the server says that it is there while it has nothing; twice as long without a word, and the
    /// request is given up. At most half of `expires`.
    public var heartbeat = Duration.seconds(5)

    /// Options with all of the defaults.
    public init() {}

    func validate() throws(ConfigurationError) {
        try ConfigurationError.check("batch", batch, in: 1...1 << 20)
        try ConfigurationError.check("expires", expires, in: .milliseconds(10)...Duration.seconds(3600))
        try ConfigurationError.check("heartbeat", heartbeat, in: .milliseconds(5)...(expires / 2))
    }
}

/// Pulls messages from a consumer, once or again and again: one subscription that they come to, and requests
/// for so many.
///
/// A machine of the loop's: `begin`, messages and timers drive it. A request that the connection took with
/// it, or a server that went, is noticed by heartbeats that do not come, and asked again.
///
/// **Ownership.** Its subscription's handler keeps it, until it ends.
final class JetStreamPull: Sendable {
    typealias Handler = NATSSubscription.Handler

    private struct State {
        var subscription: NATSSubscription?
        var inbox: SharedBytes = SharedBytes()
        /// Messages that were asked for and have not come.
        var asked = 0
        var timer: TimerID?
        var isOver = false
    }

    private let core: NATSCore
    private let subject: NATSSubject
    private let options: PullOptions
    /// Whether it asks again for as long as it is wanted.
    private let repeats: Bool
    /// Whether a request ends at once where nothing is there.
    private let waits: Bool
    private let onMessage: Handler
    /// Told once, on the loop; nil when all came that was asked for, or nothing more was there.
    private let onEnd: @Sendable (NATSError?) -> Void
    private let state: OwnedCell<State>

    init(
        _ core: NATSCore, _ subject: NATSSubject, _ options: PullOptions, repeats: Bool, waits: Bool = true,
        onMessage: @escaping Handler, onEnd: @escaping @Sendable (NATSError?) -> Void
    ) {
        self.core = core
        self.subject = subject
        self.options = options
        self.repeats = repeats
        self.waits = waits
        self.onMessage = onMessage
        self.onEnd = onEnd
        state = OwnedCell(State())
    }

    /// Begins, on the loop.
    func begin() {
        let inbox = core.makeInbox()
        guard let pattern = try? NATSPattern(inbox), core.state[].phase != .closed else {
            return finish(NATSError(.closed, expected: "an open client", got: "one that was closed"))
        }
        let subscription = NATSSubscription(pattern, queue: nil, .pause, messagesMax: nil, core: core) {
            [self] message, connection in take(message, connection)
        }
        state[].subscription = subscription
        state[].inbox = pattern.bytes
        core.begin(subscription)
        ask(for: options.batch)
    }

    /// Ends it, on the loop.
    func finish(_ error: NATSError?) {
        if state[].isOver { return }
        state[].isOver = true
        core.cancel(state[].timer)
        state[].timer = nil
        if let subscription = state[].subscription { core.end(subscription, after: nil) }
        state[].subscription = nil
        onEnd(error)
    }

    private func ask(for count: Int) {
        var fields: [(String, JSONText?)] = [("batch", .integer(Int64(count)))]
        if waits {
            fields.append(("expires", .duration(options.expires)))
            fields.append(("idle_heartbeat", .duration(options.heartbeat)))
        } else {
            fields.append(("no_wait", .boolean(true)))
        }
        state[].asked += count
        var text = JSONText.object(fields).text
        let (inbox, subject) = (state[].inbox, subject.bytes)
        let result = text.withBytes {
            core.publish(subject.bytes, reply: inbox.bytes, headers: RawSpan(), $0)
        }
        armTimer()
        if !result.isAccepted && !repeats { finish(core.error(of: result, text.utf8.count)) }
    }

    private var patience: Duration { waits ? options.heartbeat * 2 : options.expires }

    /// The server has a word to say until twice a heartbeat has passed.
    private func armTimer() {
        core.cancel(state[].timer)
        let patience = patience
        state[].timer = core.schedule(after: patience) { [self] _ in silent(patience) }
    }

    private func silent(_ patience: Duration) {
        state[].timer = nil
        if state[].isOver { return }
        if core.state[].phase == .closed {
            return finish(NATSError(.closed, expected: "an open client", got: "one that was closed"))
        }
        guard repeats else {
            return finish(
                NATSError(.timedOut, expected: "a word of the consumer's within \(patience)", got: "none"))
        }
        state[].asked = 0
        ask(for: options.batch)
    }

    // MARK: Messages

    private func take(_ message: borrowing NATSMessage, _ connection: borrowing NATSConnection) {
        if state[].isOver { return }
        if message.payload.isEmpty, let status = message.status {
            return heard(status, message.headers.statusText, message.headers.integer("Nats-Pending-Messages"))
        }
        state[].asked -= 1
        onMessage(message, connection)
        if state[].isOver { return }
        if !repeats {
            if state[].asked <= 0 { finish(nil) } else { rearm() }
            return
        }
        rearm()
        if state[].asked <= options.batch / 2 { ask(for: options.batch - max(0, state[].asked)) }
    }

    /// As `armTimer`, where that is cheap: a timer is only moved once it would have come too early.
    private func rearm() { if state[].timer == nil { armTimer() } else { hasHeard() } }

    private func hasHeard() {
        guard let timer = state[].timer else { return }
        if !core.loop.rearm(timer, at: core.loop.now + patience) { armTimer() }
    }

    /// The server speaks of the request.
    private func heard(_ status: Int, _ text: String, _ left: UInt64?) {
        switch status {
        case 100: hasHeard()
        case 404, 408:
            state[].asked -= Int(clamping: left ?? UInt64(max(0, state[].asked)))
            guard repeats else { return finish(nil) }
            if state[].asked <= options.batch / 2 { ask(for: options.batch - max(0, state[].asked)) }
        case 503:
            if !repeats {
                finish(NATSError(.noResponders, expected: "a consumer \(subject)", got: "nobody who answers"))
            }
        case 409:
            let isGone = text.contains("Deleted") || text.contains("push based")
            if isGone || !repeats {
                let isDone = text.contains("Batch Completed")
                finish(isDone ? nil : NATSError(.jetStream, expected: "messages", got: text, apiCode: status))
            }
        default:
            finish(NATSError(.jetStream, expected: "messages", got: "\(status) \(text)", apiCode: status))
        }
    }
}

/// Messages of a consumer that come until they are wanted no more.
///
/// **Threads.** Any. **Ownership.** The client keeps it until it ends; the handle may be dropped.
public final class JetStreamSubscription: Sendable {
    private let core: NATSCore
    let pull: JetStreamPull

    init(_ core: NATSCore, _ pull: JetStreamPull) {
        self.core = core
        self.pull = pull
    }

    /// Ends it. Messages that came and were not acknowledged are handed out again. Any thread.
    public func end() { core.inOrder { [pull] _ in pull.finish(nil) } }
}

extension JetStream {
    private func nextSubject(_ consumer: String, _ stream: String) throws(NATSError) -> NATSSubject {
        try JetStreamName.check(stream, of: "a stream")
        try JetStreamName.check(consumer, of: "a consumer")
        return try NATSSubject("\(prefix)CONSUMER.MSG.NEXT.\(stream).\(consumer)")
    }

    /// Has a handler called with a consumer's messages, on the loop, until it ends.
    ///
    /// ```swift
    /// let subscription = try jetStream.consume("billing", ofStream: "ORDERS") { message, connection in
    ///     bill(message.payload)
    ///     connection.acknowledge(message)
    /// }
    /// ```
    /// - Parameter onEnd: told once, with why when it was not the application that ended it.
    @discardableResult
    public func consume(
        _ consumer: String, ofStream stream: String, _ options: PullOptions = PullOptions(),
        onEnd: @escaping @Sendable (NATSError?) -> Void = { _ in },
        _ handler: @escaping NATSSubscription.Handler
    ) throws -> JetStreamSubscription {
        try options.validate()
        let pull = JetStreamPull(
            core, try nextSubject(consumer, stream), options, repeats: true, onMessage: handler, onEnd: onEnd)
        if !core.inOrder({ _ in pull.begin() }) { onEnd(.ended) }
        return JetStreamSubscription(core, pull)
    }

    /// Waits for up to so many messages of a consumer, at most for `expires`; fewer where fewer come.
    ///
    /// - Parameter waits: false answers at once with what is there.
    public func fetch(
        _ count: Int, from consumer: String, ofStream stream: String, expires: Duration = .seconds(5),
        waits: Bool = true
    ) async throws -> [NATSReply] {
        var options = PullOptions()
        options.batch = count
        options.expires = expires
        options.heartbeat = min(.seconds(5), expires / 2)
        try options.validate()
        let subject = try nextSubject(consumer, stream)
        let settled = options
        let fetched = Locked<[NATSReply]>([])
        try await NATSClient.wait { done in
            let pull = JetStreamPull(core, subject, settled, repeats: false, waits: waits) { message, _ in
                let copy = message.copy()
                fetched.withLock { $0.append(copy) }
            } onEnd: { error in
                done(error)
            }
            if !core.inOrder({ _ in pull.begin() }) { done(.ended) }
        }
        return fetched.withLock { $0 }
    }
}
