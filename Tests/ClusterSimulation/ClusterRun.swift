internal import ZCCluster
internal import ZCNet
import ZCNetTesting

/// Plays a cluster's life from a seed: publishers that move from node to node and ask again, listeners that
/// come back, and nodes that are killed, frozen, cut off, and whose clocks jump. In the end all is well
/// again, and what was promised is compared with what there is.
package final class ClusterRun: Sendable {
    static let nodeCount = 3

    /// What a run is made of. Fewer things go wrong in one, so that each is met often enough.
    struct Plan: Sendable {
        var channels = 2
        var publishers = 3
        var messages = 12
        var nemesis: [Nemesis] = []
    }

    enum Nemesis: CaseIterable, Sendable {
        case kill, freeze, cutOff, jump, outage
    }

    /// A node in one life.
    struct Life: Sendable {
        let port: SimulatedPort
        let node: ClusterNode
    }

    struct State: ~Copyable {
        var lives: [Life] = []
        var clients: [SimulatedPublisher] = []
        var listeners: [SimulatedListener] = []
        var histories: [ClusterHistory] = []
        var events: [String] = []
        /// Logs that were found not to be what they have to be, which no history may bring about.
        var broken: [String] = []
        var nextIncarnation: UInt64 = 100
    }

    package let seed: UInt64
    let world: SimulatedWorld
    let variant: ClusterVariant
    let plan: Plan
    let channels: [ChannelName]
    let state: OwnedCell<State>

    package init(seed: UInt64, _ variant: ClusterVariant = .whole, isRacy: Bool? = nil) throws {
        self.seed = seed
        self.variant = variant
        var random = SimulatedRandom(seed: seed &* 7 &+ 1)
        var faults = WorldFaults()
        faults.isRacy = isRacy ?? (variant == .trustedRaces || random.next() % 3 == 0)
        world = SimulatedWorld(seed: seed, faults)
        var plan = Plan()
        plan.nemesis = Nemesis.allCases.filter { _ in random.next() % 2 == 0 }
        self.plan = plan
        channels = try (0..<plan.channels).map { number in try ChannelName("channel \(number)") }
        state = OwnedCell(State())
    }

    /// Plays it; answers every promise that was broken.
    package func run() throws -> [String] {
        state[].histories = Array(repeating: ClusterHistory(), count: channels.count)
        for index in 0..<Self.nodeCount { state[].lives.append(try makeLife(index)) }
        for number in 0..<plan.publishers {
            state[].clients.append(SimulatedPublisher(self, number))
        }
        for index in channels.indices {
            for number in 0..<2 { state[].listeners.append(SimulatedListener(self, index, number)) }
        }
        for client in state[].clients { client.begin() }
        for _ in 0..<12 {
            world.run(for: .milliseconds(500))
            try disturb()
        }
        return try settle()
    }

    private func makeLife(_ index: Int) throws -> Life {
        var options = ClusterOptions(name: "node-\(index)")
        options.leaseLength = .milliseconds(1500)
        options.forwardTimeout = .milliseconds(600)
        options.patience = .seconds(6)
        options.channel.patience = .seconds(3)
        let port = world.makePort(variant)
        state[].nextIncarnation += 1
        let node = try ClusterNode(port, options, incarnation: state[].nextIncarnation) { [weak self] event in
            self?.note("node-\(index): \(event)")
            if case .broken = event { self?.state[].broken.append("node-\(index): \(event)") }
        }
        node.start()
        return Life(port: port, node: node)
    }

    func note(_ line: String) {
        state[].events.append("\(world.nowNanoseconds / 1_000_000) ms  \(line)")
    }

    package var trace: [String] { state[].events }

    /// A node that lives, by chance.
    func anyNode() -> ClusterNode { state[].lives[world.draw(UInt64(Self.nodeCount))].node }

    // MARK: What goes wrong

    private func disturb() throws {
        guard !plan.nemesis.isEmpty, world.draw(3) != 0 else { return }
        let nemesis = plan.nemesis[world.draw(UInt64(plan.nemesis.count))]
        let index = world.draw(UInt64(Self.nodeCount))
        let life = state[].lives[index]
        note("\(nemesis) \(index)")
        switch nemesis {
        case .kill:
            life.port.kill()
            state[].lives[index] = try makeLife(index)
            for listener in state[].listeners { listener.lost(life.node) }
            for client in state[].clients { client.lost(life.node) }
        case .freeze:
            life.port.freeze()
            world.schedule(after: Int64(world.draw(4000)) * 1_000_000) { life.port.thaw() }
        case .cutOff:
            life.port.setCutOff(true)
            world.schedule(after: Int64(world.draw(4000)) * 1_000_000) { life.port.setCutOff(false) }
        case .jump:
            life.port.jump(by: Int64(world.draw(5000)) * 1_000_000)
        case .outage:
            world.setServing(false)
            world.schedule(after: Int64(world.draw(2500)) * 1_000_000) { [self] in
                world.setServing(true)
                for life in state[].lives { life.port.joinAgain() }
            }
        }
    }

    // MARK: The end

    private func settle() throws -> [String] {
        world.calm()
        for life in state[].lives {
            if life.port.isFrozen { life.port.thaw() }
            life.port.setCutOff(false)
            life.port.joinAgain()
        }
        let clients = state[].clients
        guard world.run(within: .seconds(120), until: { clients.allSatisfy(\.isDone) }) else {
            return ["not everything is acknowledged after two quiet minutes: \(clients.map(\.left))"]
        }
        world.run(for: .seconds(5))
        for listener in state[].listeners { listener.refresh() }
        world.run(for: .seconds(5))
        for listener in state[].listeners { listener.finish() }
        var violations = state[].broken
        for index in channels.indices {
            noteLog(index)
            if let error = readLog(index) {
                violations.append("\(channels[index]): its log cannot be read: \(error)")
            }
            violations += state[].histories[index].violations().map { "\(channels[index]): \($0)" }
        }
        return violations
    }

    /// Writes down what the engine has of a channel, void records too.
    private func noteLog(_ index: Int) {
        let limit = ReadLimit(messagesMax: .max, bytesMax: .max)
        for found in world.state[].memory.read(channels[index], from: 1, limit: limit) {
            guard let record = try? ChannelRecord(found.bytes, of: channels[index]) else { continue }
            let texts = record.messages.map { "\(SimulatedPublisher.message($0))" }.joined(separator: " ")
            note(
                "\(channels[index]) at \(found.place) behind \(record.behind), term \(record.term), "
                    + "author \(record.author.producer).\(record.author.number), \(record.first): \(texts)")
        }
    }

    /// What the log has, as a node that was not there reads it; why it cannot be read, where that is so.
    private func readLog(_ index: Int) -> ClusterError? {
        let result = OwnedCell<Result<[StoredBatch], ClusterError>?>(nil)
        let limit = ReadLimit(messagesMax: .max, bytesMax: .max)
        ChannelReader(world.makePort(), channels[index]).read(from: .first, limit: limit) { result[] = $0 }
        _ = world.run(within: .seconds(60), until: { result[] != nil })
        switch result[] {
        case nil: return ClusterError(.unavailable, expected: "an answer", got: "none within a minute")
        case .failure(let error): return error
        case .success(let batches):
            for batch in batches {
                for (offset, message) in batch.batch.messages.enumerated() {
                    let sequence = (batch.range.lowerBound + offset).rawValue
                    state[].histories[index].log.append(.init(sequence, SimulatedPublisher.message(message)))
                }
            }
            return nil
        }
    }
}

extension ClusterVariant {
    /// The first seed whose run finds the variant, and what it found.
    package func found(within seeds: ClosedRange<UInt64>) throws -> (seed: UInt64, violations: [String])? {
        for seed in seeds {
            let violations = try ClusterRun(seed: seed, self).run()
            if !violations.isEmpty { return (seed, violations) }
        }
        return nil
    }
}
