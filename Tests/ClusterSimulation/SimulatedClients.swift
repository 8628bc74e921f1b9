internal import ZCCluster
internal import ZCNet

/// Publishes numbered messages to every channel, some at a time, and asks again at another node until each is
/// acknowledged, in order, as a client does that has lost its connection.
final class SimulatedPublisher: Sendable {
    private struct Channel {
        /// What was sent and is not acknowledged, in order.
        var outstanding: [Int] = []
        var nextNumber = 1
    }

    private struct State: ~Copyable {
        var node: ClusterNode
        var channels: [Channel]
        /// Grows with every change of the node: answers to an earlier one belong to a lost connection.
        var connection = 0
        /// Whether it is between two nodes, and says nothing.
        var isMoving = false
    }

    private unowned let run: ClusterRun
    private let number: Int
    private let state: OwnedCell<State>

    init(_ run: ClusterRun, _ number: Int) {
        self.run = run
        self.number = number
        state = OwnedCell(
            State(
                node: run.anyNode(), channels: Array(repeating: Channel(), count: run.channels.count)))
    }

    var left: Int {
        state[].channels.reduce(0) { $0 + $1.outstanding.count + run.plan.messages - ($1.nextNumber - 1) }
    }
    var isDone: Bool { left == 0 }

    func begin() {
        for index in run.channels.indices { later(index) }
    }

    /// A message some time from now, until there were enough.
    private func later(_ index: Int) {
        run.world.schedule(after: Int64(run.world.draw(700)) * 1_000_000) { [self] in
            if state[].channels[index].nextNumber > run.plan.messages { return }
            if state[].channels[index].outstanding.count < 5 {
                let next = state[].channels[index].nextNumber
                state[].channels[index].nextNumber += 1
                state[].channels[index].outstanding.append(next)
                if !state[].isMoving { send(next, index) }
            }
            later(index)
        }
    }

    private func send(_ count: Int, _ index: Int) {
        let message = ClusterHistory.Message(publisher: number, number: count)
        run.state[].histories[index].sent.insert(message)
        let identity =
            run.variant == .noIdentity
            ? nil : BatchIdentity(producer: UInt64(number + 1), number: UInt64(count))
        let connection = state[].connection
        let node = state[].node
        // On its way over a connection, which is lost with the node, or closed behind what it was refused.
        node.engine.schedule(after: .zero) { [self] in
            if connection != state[].connection { return }
            node.append([SharedBytes("\(message)".utf8)], to: run.channels[index], identity: identity) {
                [self] result in answered(result, message, index, connection)
            }
        }
        run.world.schedule(after: 8_000_000_000) { [self] in
            if connection == state[].connection, state[].channels[index].outstanding.contains(count) {
                move()
            }
        }
    }

    private func answered(
        _ result: Result<Range<MessageSequence>, ClusterError>, _ message: ClusterHistory.Message,
        _ index: Int, _ connection: Int
    ) {
        switch result {
        case .success(let range):
            run.note("\(message) of \(run.channels[index]) is \(range.lowerBound)")
            // Also one that the client does not hear any more was promised.
            run.state[].histories[index].acknowledged.append(.init(range.lowerBound.rawValue, message))
            if connection == state[].connection {
                state[].channels[index].outstanding.removeAll { $0 == message.number }
            }
        case .failure(let error):
            if connection != state[].connection { return }
            run.note("publisher \(number) of \(message): \(error)")
            move()
        }
    }

    func lost(_ node: ClusterNode) {
        if state[].node === node { move() }
    }

    /// Goes to another node, and asks again there for what is not acknowledged.
    private func move() {
        state[].connection += 1
        state[].isMoving = true
        let connection = state[].connection
        run.world.schedule(after: Int64(run.world.draw(300)) * 1_000_000) { [self] in
            guard connection == state[].connection else { return }
            state[].node = run.anyNode()
            state[].isMoving = false
            for index in run.channels.indices {
                for count in state[].channels[index].outstanding { send(count, index) }
            }
        }
    }

    /// The message that a text says.
    static func message(_ bytes: SharedBytes) -> ClusterHistory.Message {
        let words = bytes.bytes.text.split(separator: "/").map { Int($0) ?? -1 }
        return .init(publisher: words.first ?? -1, number: words.last ?? -1)
    }
}

/// Listens to a channel through a node, and through another one behind what it had when that is lost.
final class SimulatedListener: Sendable {
    private struct State: ~Copyable {
        var node: ClusterNode
        var feed: ChannelFeed?
        var view: ClusterHistory.View?
        /// What it keeps to come back with.
        var position: ChannelPosition?
        var generation = 0
        var isDeafOnce: Bool
    }

    private unowned let run: ClusterRun
    private let index: Int
    private let name: String
    private let state: OwnedCell<State>

    init(_ run: ClusterRun, _ index: Int, _ number: Int) {
        self.run = run
        self.index = index
        name = "listener \(number) of \(run.channels[index])"
        state = OwnedCell(State(node: run.anyNode(), isDeafOnce: run.variant == .deafListener))
        listen()
    }

    private func listen() {
        state[].generation += 1
        let generation = state[].generation
        let node = state[].node
        let start = state[].position.map { ChannelFeed.Start.position($0) } ?? .new
        node.engine.schedule(after: .zero) { [self] in
            guard generation == state[].generation else { return }
            state[].feed = nil
            state[].feed = node.listen(to: run.channels[index], from: start) { [weak self] event in
                self?.take(event, generation)
            }
        }
    }

    private func take(_ event: ChannelFeed.Event, _ generation: Int) {
        guard generation == state[].generation else { return }
        // The feed is not known yet where it begins with what it was given.
        defer { state[].position = state[].feed?.position ?? state[].position }
        switch event {
        case .begun(let next):
            if state[].view == nil { state[].view = .init(name: name, start: next.rawValue) }
        case .messages(let batch):
            if state[].isDeafOnce && batch.range.lowerBound.rawValue > 3 {
                state[].isDeafOnce = false
                return
            }
            for (offset, message) in batch.batch.messages.enumerated() {
                let sequence = (batch.range.lowerBound + offset).rawValue
                state[].view?.messages.append(.init(sequence, SimulatedPublisher.message(message)))
            }
        case .ended(let error):
            run.note("\(name) ended: \(error)")
        }
    }

    func lost(_ node: ClusterNode) {
        guard state[].node === node else { return }
        state[].node = run.anyNode()
        listen()
    }

    func refresh() { state[].feed?.refresh() }

    func finish() {
        guard var view = state[].view else { return }
        view.isComplete = true
        run.state[].histories[index].views.append(view)
    }
}
