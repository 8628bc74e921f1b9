import Testing
import ZCNet
import ZCNetTesting

@testable import ZCCluster

/// Nodes on the engine of one process, in virtual time.
final class LocalSite {
    let network: SimulatedNetwork
    let engine: LocalEngine
    private(set) var events: [String: Journal<ClusterEvent>] = [:]

    init(bytesMax: Int = 64 << 20) throws {
        network = SimulatedNetwork(seed: 1, faults: .none)
        let group = try network.makeGroup(loops: 1)
        engine = LocalEngine(group, bytesMax: bytesMax)
        network.start(group)
    }

    deinit { network.stop() }

    func node(
        _ name: String, _ change: (inout ClusterOptions) -> Void = { _ in }
    ) throws -> ClusterNode {
        var options = ClusterOptions(name: name)
        change(&options)
        let journal = Journal<ClusterEvent>()
        events[name] = journal
        let node = try ClusterNode(engine, options) { journal.add($0) }
        node.start()
        return node
    }

    func joined(_ name: String) throws -> ClusterNode {
        let node = try node(name)
        #expect(try network.run { self.events[name]?.all.contains(.leads(slots: 256)) == true })
        return node
    }

    /// What something answers.
    func answer<Value: Sendable>(
        _ body: @escaping @Sendable (@escaping EngineAnswer<Value>) -> Void
    ) throws -> Result<Value, ClusterError> {
        let answers = Journal<Result<Value, ClusterError>>()
        engine.perform { body { answers.add($0) } }
        #expect(try network.run { !answers.all.isEmpty })
        return answers.all.first ?? .failure(ClusterError(.unknown, expected: "an answer", got: "none"))
    }

    func publish(
        _ messages: [SharedBytes], _ channel: String, by node: ClusterNode, _ identity: BatchIdentity? = nil
    ) throws -> Result<Range<MessageSequence>, ClusterError> {
        let channel = try ChannelName(channel)
        return try answer { node.append(messages, to: channel, identity: identity, answer: $0) }
    }
}

final class Journal<Entry: Sendable>: Sendable {
    private let entries = Locked<[Entry]>([])
    func add(_ entry: Entry) { entries.withLock { $0.append(entry) } }
    var all: [Entry] { entries.withLock { $0 } }
}

@Suite struct LocalClusterTests {
    private func range(_ first: UInt64, _ end: UInt64) -> Range<MessageSequence> {
        MessageSequence(rawValue: first)..<MessageSequence(rawValue: end)
    }

    @Test func aMessageIsStoredWithItsNumber() throws {
        let site = try LocalSite()
        let node = try site.joined("a")
        #expect(site.events["a"]?.all.first == .joined && node.isMember && node.members == ["a"])
        #expect(try site.publish(["one", "two"], "room", by: node) == .success(range(1, 3)))
        #expect(try site.publish(["three"], "room", by: node) == .success(range(3, 4)))
        #expect(try site.publish(["other"], "elsewhere", by: node) == .success(range(1, 2)))
        let room = ChannelName.named("room")
        let read = try site.answer { node.read(room, from: .first, answer: $0) }.get()
        #expect(read.flatMap(\.batch.messages) == ["one", "two", "three"])
        #expect(read.map(\.range) == [range(1, 3), range(3, 4)] && read.allSatisfy { $0.batch.term == 1 })
    }

    @Test func anIdentityIsStoredOnce() throws {
        let site = try LocalSite()
        let node = try site.joined("a")
        let identity = BatchIdentity(producer: 5, number: 9)
        #expect(try site.publish(["x"], "room", by: node, identity) == .success(range(1, 2)))
        #expect(try site.publish(["y"], "room", by: node) == .success(range(2, 3)))
        // Again, also by a node that was not there.
        #expect(try site.publish(["x"], "room", by: node, identity) == .success(range(1, 2)))
        let other = try site.node("b")
        #expect(try site.network.run { other.slotCount > 60 && node.slotCount + other.slotCount == 256 })
        for index in 0..<40 {
            let number = UInt64(index / 2 + 1)
            let result = try site.publish(
                ["z"], "room \(index % 2)", by: index % 3 == 0 ? node : other,
                BatchIdentity(producer: 6, number: number))
            #expect(result == .success(range(number, number + 1)))
        }
        #expect(try site.publish(["x"], "room", by: other, identity) == .success(range(1, 2)))
        let old = try site.publish(["z"], "room 0", by: other, BatchIdentity(producer: 6, number: 1))
        guard case .failure(let error) = old else {
            Issue.record("expected a refusal, got \(old)")
            return
        }
        #expect(error.code == .stale)
    }

    @Test func aNodeThatLeavesHandsOver() throws {
        let site = try LocalSite()
        let (first, second) = (try site.joined("a"), try site.node("b"))
        #expect(try site.network.run { second.slotCount > 60 })
        let stopped = Journal<Bool>()
        first.stop { stopped.add(true) }
        #expect(try site.network.run { second.slotCount == 256 && !stopped.all.isEmpty })
        #expect(try site.publish(["x"], "room", by: second) == .success(range(1, 2)))
        guard case .failure(let error) = try site.publish(["x"], "room", by: first) else {
            Issue.record("a node that was stopped stores")
            return
        }
        #expect(error.code == .closed)
    }

    @Test func aNameIsTakenOnce() throws {
        let site = try LocalSite()
        let first = try site.joined("a")
        let second = try site.node("a")
        let events = try #require(site.events["a"])
        #expect(
            try site.network.run {
                events.all.contains { if case .ended = $0 { true } else { false } }
            })
        guard case .ended(let error)? = events.all.last else {
            Issue.record("the second was not told")
            return
        }
        #expect(error.code == .nameTaken && error.got.contains("\"a\""))
        #expect(first.isMember && !second.isMember && first.slotCount == 256)
    }

    /// A process that is killed leaves its last change of the key on its way, which comes when the next one
    /// has begun.
    @Test func aNameIsFreeWhereOnlyALateChangeComes() throws {
        let site = try LocalSite()
        let engine = site.engine
        let dead = LeaseValue.node(SlotTable.Member(name: "a", incarnation: 99))
        let revision = try site.answer { engine.writeLease("node.a", dead, at: 0, answer: $0) }.get()
        let node = try site.node("a") { $0.leaseLength = .seconds(3) }
        engine.perform {
            engine.schedule(after: .milliseconds(1500)) {
                engine.writeLease("node.a", dead, at: revision) { _ in }
            }
        }
        let events = try #require(site.events["a"])
        #expect(try site.network.run { !events.all.isEmpty })
        #expect(events.all.first == .joined && node.isMember)
        let entry = try site.answer { engine.readLease("node.a", answer: $0) }.get()
        #expect((entry?.revision ?? 0) > revision + 1)
    }

    @Test func whatBreaksARuleIsRefused() throws {
        let site = try LocalSite(bytesMax: 4096)
        let node = try site.joined("a")
        func code(_ result: Result<Range<MessageSequence>, ClusterError>) -> ClusterError.Code? {
            if case .failure(let error) = result { error.code } else { nil }
        }
        #expect(code(try site.publish([], "room", by: node)) == .invalid)
        let zero = BatchIdentity(producer: 1, number: 0)
        #expect(code(try site.publish(["x"], "room", by: node, zero)) == .invalid)
        let large = SharedBytes(copying: Array(repeating: 7, count: 300_000))
        #expect(code(try site.publish([large], "room", by: node)) == .tooLarge)
        let much = SharedBytes(copying: Array(repeating: 7, count: 8000))
        #expect(code(try site.publish([much], "room", by: node)) == .full)
        // And the node goes on.
        #expect(try site.publish(["x"], "room", by: node) == .success(range(1, 2)))
        let room = ChannelName.named("room")
        let beyond = try site.answer { node.read(room, from: MessageSequence(rawValue: 9), answer: $0) }
        guard case .failure(let error) = beyond else {
            Issue.record("what is not there was read")
            return
        }
        #expect(error.code == .notFound && error.got == "9")
        #expect(throws: (any Error).self) { try ClusterNode(site.engine, ClusterOptions(name: "a b")) }
        var options = ClusterOptions(name: "a")
        options.leaseLength = .zero
        #expect(throws: ConfigurationError.self) { try ClusterNode(site.engine, options) }
    }

    @Test func aFeedGoesOnWhereItsListenerWas() throws {
        let site = try LocalSite()
        let node = try site.joined("a")
        let room = ChannelName.named("room")
        for number in 1...200 {
            #expect(
                try site.publish([SharedBytes("\(number)".utf8)], "room", by: node).map(\.lowerBound.rawValue)
                    == .success(UInt64(number)))
        }
        let (old, new) = (Journal<String>(), Journal<String>())
        let feeds = Journal<ChannelFeed>()
        @Sendable func note(_ event: ChannelFeed.Event, _ journal: Journal<String>) {
            switch event {
            case .begun(let next): journal.add("from \(next)")
            case .messages(let batch): for message in batch.batch.messages { journal.add(message.bytes.text) }
            case .ended(let error): journal.add("\(error)")
            }
        }
        site.engine.perform {
            let start = ChannelFeed.Start.number(MessageSequence(rawValue: 150))
            feeds.add(node.listen(to: room, from: start) { note($0, old) })
            feeds.add(node.listen(to: room) { note($0, new) })
        }
        #expect(try site.network.run { old.all.count == 52 && !new.all.isEmpty })
        #expect(try site.publish(["201", "202"], "room", by: node) == .success(range(201, 203)))
        #expect(try site.network.run { old.all.count == 54 && new.all.count == 3 })
        #expect(old.all == ["from 150"] + (150...202).map { "\($0)" })
        #expect(new.all == ["from 201", "201", "202"])
        for feed in feeds.all { feed.end() }
        _ = try site.publish(["203"], "room", by: node)
        #expect(new.all.count == 3)
        let beyond = Journal<String>()
        site.engine.perform {
            let start = ChannelFeed.Start.number(MessageSequence(rawValue: 900))
            feeds.add(node.listen(to: room, from: start) { note($0, beyond) })
        }
        #expect(try site.network.run { beyond.all.count == 2 })
        #expect(beyond.all.last?.hasPrefix("not found: expected 1...204, got 900") == true)
    }
}
