import ClusterSimulation
import Glibc
import ZCCluster
import ZCNATS
import ZCNet

/// Writes lines that the judge reads, each whole and at once: the process may be killed at any moment.
func say(_ line: String) {
    print(line)
    fflush(nil)
}

/// A node over real servers, with a publisher that never forgets what was not acknowledged, and a listener to
/// every channel from its first message on.
final class CheckedNode: Sendable {
    private struct State: ~Copyable {
        var next: [Int]
        var outstanding: [Int]
        var feeds: [ChannelFeed] = []
        var isStopping = false
    }

    private let engine: NATSEngine
    private let node: ClusterNode
    private let publisher: Int
    private let channels: [ChannelName]
    private let state: OwnedCell<State>
    /// How many of a channel's are under way, and how long the publisher rests behind each.
    private static let (window, pause) = (4, Duration.milliseconds(4))

    init(_ urls: [String], name: String, publisher: Int, channels: Int) throws {
        engine = try Self.engine(urls)
        var options = ClusterOptions(name: name)
        options.leaseLength = .seconds(3)
        options.patience = .seconds(20)
        node = try ClusterNode(engine, options) { say("event \(name) \($0)") }
        self.publisher = publisher
        self.channels = try (0..<channels).map { number in try ChannelName("channel \(number)") }
        let none = Array(repeating: 0, count: channels)
        state = OwnedCell(State(next: none, outstanding: none))
    }

    static func engine(_ urls: [String]) throws -> NATSEngine {
        var nats = NATSOptions()
        nats.servers = urls
        var options = NATSEngineOptions()
        options.replicas = urls.count >= 3 ? 3 : 1
        return try NATSEngine(nats, options)
    }

    func begin() async throws {
        try engine.start()
        while true {
            do throws(ClusterError) {
                try await engine.connect()
                break
            } catch {
                say("waiting \(error)")
                try await Task.sleep(for: .milliseconds(500))
            }
        }
        node.start()
        engine.perform { [self] in
            for (index, channel) in channels.enumerated() {
                let start = ChannelFeed.Start.number(.first)
                state[].feeds.append(
                    node.listen(to: channel, from: start) { [weak self] in self?.heard($0, index) })
                for _ in 0..<Self.window { publish(index) }
            }
        }
    }

    private func heard(_ event: ChannelFeed.Event, _ index: Int) {
        switch event {
        case .begun: break
        case .messages(let batch):
            for (offset, message) in batch.batch.messages.enumerated() {
                say("got \(index) \(batch.range.lowerBound + offset) \(message.bytes.text)")
            }
        case .ended(let error): say("ended \(index) \(error)")
        }
    }

    /// Publishes the next message of a channel, and the one after it behind that.
    private func publish(_ index: Int) {
        if state[].isStopping { return }
        state[].next[index] += 1
        state[].outstanding[index] += 1
        say("sent \(index) \(publisher)/\(state[].next[index])")
        append(state[].next[index], index)
    }

    private func append(_ number: Int, _ index: Int) {
        let identity = BatchIdentity(producer: UInt64(publisher), number: UInt64(number))
        let text = "\(publisher)/\(number)"
        node.append([SharedBytes(text.utf8)], to: channels[index], identity: identity) { [self] result in
            switch result {
            case .success(let range):
                say("ack \(index) \(range.lowerBound) \(text)")
                state[].outstanding[index] -= 1
                engine.schedule(after: Self.pause) { [self] in publish(index) }
            case .failure(let error):
                say("refused \(index) \(text) \(error)")
                // Whoever is refused asks again, in order: those behind it were refused with it.
                if error.isTemporary {
                    append(number, index)
                } else {
                    state[].outstanding[index] -= 1
                }
            }
        }
    }

    /// Publishes nothing new, and says so once everything is acknowledged.
    func stop() {
        engine.perform { [self] in
            state[].isStopping = true
            settle()
        }
    }

    private func settle() {
        if state[].outstanding.allSatisfy({ $0 == 0 }) { return say("stopped") }
        engine.schedule(after: .milliseconds(50)) { [self] in settle() }
    }

    /// Looks for what was missed, and says so once every channel's end was heard.
    func finish() {
        engine.perform { [self] in
            for feed in state[].feeds { feed.refresh() }
            ends(0)
        }
    }

    private func ends(_ index: Int) {
        if index == channels.count { return say("complete") }
        node.end(of: channels[index]) { [self] result in
            let next = state[].feeds[index].next
            if case .success(let end) = result, let next, next >= end.next { return ends(index + 1) }
            engine.schedule(after: .milliseconds(100)) { [self] in ends(index) }
        }
    }

    /// Writes what the logs have.
    static func readLogs(_ urls: [String], channels: Int) async throws {
        let engine = try engine(urls)
        try engine.start()
        try await engine.connect()
        let node = try ClusterNode(engine, ClusterOptions(name: "reader"))
        for index in 0..<channels {
            let store = ClusterMessageStore(node, try ChannelName("channel \(index)"))
            var next = MessageSequence.first
            while true {
                let batches = try await store.read(from: next)
                guard let last = batches.last else { break }
                for batch in batches {
                    for (offset, message) in batch.batch.messages.enumerated() {
                        say("log \(index) \(batch.range.lowerBound + offset) \(message.bytes.text)")
                    }
                }
                next = last.range.upperBound
            }
        }
    }
}
