import ZCNet

/// Messages of a stream, each once and in order, for one reader that keeps its own place: a consumer in the
/// server's memory that is made anew, behind the last message that came, whenever one is missing.
///
/// ```swift
/// let reader = try jetStream.read("ORDERS", from: .all) { message, _ in apply(message.payload) }
/// ```
/// A gap shows by the consumer's own count; a consumer that is gone, or whose server is, by its silence.
/// Messages are missing for good only where the stream has lost or removed them.
///
/// **Threads.** Any; handlers and timers on the loop. **Ownership.** The client keeps it until it ends.
public final class OrderedConsumer: Sendable {
    private struct State {
        var pull: JetStreamPull?
        var consumer = ""
        /// Grows with every consumer, so that what comes late from an old one is known.
        var round = 0
        var expected: UInt64 = 1
        var last: UInt64 = 0
        var failures = 0
        var isOver = false
    }

    private let jetStream: JetStream
    private let stream: String
    private let template: ConsumerConfiguration
    private let options: PullOptions
    private let handler: NATSSubscription.Handler
    private let onReset: @Sendable (NATSError) -> Void
    private let state: OwnedCell<State>
    private var core: NATSCore { jetStream.core }

    init(
        _ jetStream: JetStream, _ stream: String, _ template: ConsumerConfiguration, _ options: PullOptions,
        onReset: @escaping @Sendable (NATSError) -> Void, _ handler: @escaping NATSSubscription.Handler
    ) {
        self.jetStream = jetStream
        self.stream = stream
        self.template = template
        self.options = options
        self.onReset = onReset
        self.handler = handler
        state = OwnedCell(State())
    }

    /// Ends it. Any thread.
    public func end() {
        core.inOrder { [self] _ in
            state[].isOver = true
            state[].round += 1
            state[].pull?.finish(nil)
            state[].pull = nil
            let name = state[].consumer
            if !name.isEmpty { drop(name) }
        }
    }

    private func drop(_ consumer: String) {
        jetStream.call("CONSUMER.DELETE.\(stream).\(consumer)", nil, as: JetStreamCount.self) { _ in }
    }

    /// Makes a consumer behind the last message, on the loop.
    func begin() {
        if state[].isOver || core.state[].phase == .closed { return }
        state[].round += 1
        let round = state[].round
        var configuration = template
        configuration.name = String(core.makeInbox().suffix(22))
        if state[].last > 0 { configuration.start = .sequence(state[].last + 1) }
        state[].expected = 1
        let name = configuration.name
        jetStream.call(configuration.verb(stream), configuration.request(stream), as: ConsumerInfo.self) {
            [self] result in
            guard state[].round == round, !state[].isOver else { return }
            switch result {
            case .failure(let error): again(error)
            case .success:
                state[].failures = 0
                state[].consumer = name
                pull(name, round)
            }
        }
    }

    private func pull(_ consumer: String, _ round: Int) {
        guard let subject = try? NATSSubject("\(jetStream.prefix)CONSUMER.MSG.NEXT.\(stream).\(consumer)")
        else {
            return
        }
        let pull = JetStreamPull(core, subject, options, repeats: false) { [self] message, connection in
            take(message, connection, round)
        } onEnd: { [self] error in
            guard state[].round == round, !state[].isOver else { return }
            if let error { again(error) } else { self.pull(consumer, round) }
        }
        state[].pull = pull
        pull.begin()
    }

    private func take(
        _ message: borrowing NATSMessage, _ connection: borrowing NATSConnection, _ round: Int
    ) {
        guard state[].round == round, !state[].isOver, let place = message.metadata else { return }
        guard place.consumerSequence == state[].expected else {
            return again(
                NATSError(
                    .gap, expected: "message \(state[].expected) of the consumer",
                    got: "\(place.consumerSequence)"))
        }
        state[].expected += 1
        state[].last = place.streamSequence
        handler(message, connection)
    }

    /// Makes another consumer, after a while that grows where it cannot be made.
    private func again(_ error: NATSError) {
        onReset(error)
        let old = state[].consumer
        state[].consumer = ""
        state[].round += 1
        state[].pull?.finish(nil)
        state[].pull = nil
        if !old.isEmpty { drop(old) }
        state[].failures += 1
        let delay = core.options.backoff.bound(beforeAttempt: min(state[].failures, 30))
        let round = state[].round
        _ = core.schedule(after: error.code == .gap ? .zero : delay) { [self] _ in
            if state[].round == round { begin() }
        }
    }
}

extension JetStream {
    /// Reads a stream in order, with a handler that is called on the loop.
    ///
    /// - Parameters:
    ///   - start: where to begin.
    ///   - filter: only messages of these subjects.
    ///   - onReset: told why another consumer was needed; nothing was missed by it.
    @discardableResult
    public func read(
        _ stream: String, from start: ConsumerConfiguration.Start = .all, filter: NATSPattern? = nil,
        isHeadersOnly: Bool = false, _ options: PullOptions = PullOptions(),
        onReset: @escaping @Sendable (NATSError) -> Void = { _ in },
        _ handler: @escaping NATSSubscription.Handler
    ) throws -> OrderedConsumer {
        try JetStreamName.check(stream, of: "a stream")
        try options.validate()
        var template = ConsumerConfiguration("ordered")
        template.isDurable = false
        template.start = start
        template.filter = filter
        template.acknowledgement = .none
        template.isHeadersOnly = isHeadersOnly
        template.deliveriesMax = 1
        template.isInMemory = true
        template.replicas = 1
        template.inactiveMax = .seconds(300)
        let consumer = OrderedConsumer(self, stream, template, options, onReset: onReset, handler)
        core.inOrder { _ in consumer.begin() }
        return consumer
    }
}
