import LiveNATS
import Testing
import ZCNATS
import ZCNet

@testable import ZCCluster

/// Nodes over real servers of NATS.
@Suite(.enabled(if: LiveServer.isThere, "no server: see Scripts/interop/nats"))
struct LiveClusterTests {
    /// A node of its own process, as far as a test can have one: its own loop and connection.
    private struct Member {
        let engine: NATSEngine
        let node: ClusterNode
        let events = Journal<ClusterEvent>()

        init(
            _ name: String, _ urls: [String], replicas: Int = 1,
            _ change: (inout NATSEngineOptions) -> Void = { _ in }
        ) async throws {
            var nats = NATSOptions()
            nats.servers = urls
            nats.connectTimeout = .seconds(120)
            nats.requestTimeout = .seconds(120)
            var options = NATSEngineOptions()
            options.replicas = replicas
            options.timeout = .seconds(5)
            change(&options)
            engine = try NATSEngine(nats, options)
            try engine.start()
            do { try await engine.connect() } catch {
                engine.shutdown(grace: .zero)
                engine.client.wait()
                throw error
            }
            var cluster = ClusterOptions(name: name)
            cluster.leaseLength = .seconds(3)
            cluster.patience = .seconds(60)
            cluster.channel.patience = .seconds(30)
            let events = events
            node = try ClusterNode(engine, cluster) { events.add($0) }
            node.start()
        }

        func leads(_ isEnough: (Int) -> Bool) -> Bool {
            guard case .leads(let slots)? = events.all.last else { return false }
            return isEnough(slots)
        }

        func end() {
            engine.shutdown(grace: .zero)
            engine.client.wait()
        }
    }

    private let room = ChannelName.named("a room")

    private var patientLimits: ChannelLimits {
        var limits = ChannelLimits()
        limits.patience = .seconds(100)
        return limits
    }

    @Test func aMessageIsStoredOverNATS() async throws {
        let server = try LiveServer(jetStream: true)
        let member = try await Member("a", [server.url])
        #expect(await eventually { member.leads { $0 == 256 } })
        let identity = BatchIdentity(producer: 5, number: 1)
        let first = try await member.node.publish(["one", "two"], to: room, identity: identity)
        #expect(first.lowerBound == .first && first.upperBound.rawValue == 3)
        #expect(try await member.node.publish(["one", "two"], to: room, identity: identity) == first)
        for number in 3...80 {
            let range = try await member.node.publish([SharedBytes("\(number)".utf8)], to: room)
            #expect(range.lowerBound.rawValue == UInt64(number))
        }
        let store = ClusterMessageStore(member.node, room)
        let batches = try await store.read(from: MessageSequence(rawValue: 40), limit: ReadLimit())
        #expect(batches.flatMap(\.batch.messages).map { $0.bytes.text } == (40...80).map { "\($0)" })
        #expect(try await store.extent().next.rawValue == 81)
        member.end()
        // Another life of the process, outside of the servers' window of duplicates too.
        let next = try await Member("b", [server.url])
        #expect(await eventually { next.leads { $0 == 256 } })
        #expect(try await next.node.publish(["one", "two"], to: room, identity: identity) == first)
        #expect(try await next.node.publish(["81"], to: room).lowerBound.rawValue == 81)
        next.end()
    }

    @Test func nodesForwardAndTakeOver() async throws {
        let server = try LiveServer(jetStream: true)
        let (first, second) = (
            try await Member("a", [server.url]), try await Member("b", [server.url])
        )
        #expect(await eventually { first.leads { $0 < 256 } && second.leads { $0 > 0 } })
        let heard = Journal<String>()
        let feeds = Journal<ChannelFeed>()
        let begun = Journal<Bool>()
        let channels = (0..<8).map { ChannelName.named("room \($0)") }
        second.engine.perform {
            feeds.add(
                second.node.listen(to: channels[0]) { event in
                    if case .begun = event { begun.add(true) }
                    if case .messages(let batch) = event {
                        for message in batch.batch.messages { heard.add(message.bytes.text) }
                    }
                })
        }
        #expect(await eventually { !begun.all.isEmpty })
        for number in 1...20 {
            for channel in channels {
                let node = number % 2 == 0 ? first.node : second.node
                let range = try await node.publish([SharedBytes("\(number)".utf8)], to: channel)
                #expect(range.lowerBound.rawValue == UInt64(number))
            }
        }
        #expect(await eventually { heard.all == (1...20).map { "\($0)" } })
        // Gone without a word: the other has everything within two leases, and a test is patient.
        first.end()
        for channel in channels {
            #expect(try await second.node.publish(["21"], to: channel).lowerBound.rawValue == 21)
        }
        #expect(await eventually { second.leads { $0 == 256 } })
        #expect(await eventually { heard.all.count == 21 })
        second.end()
    }

    /// Two nodes that both write to one channel, as two that believe to lead it.
    @Test(arguments: [1, 3])
    func theLogIsTheReferee(replicas: Int) async throws {
        let single = replicas == 1 ? try LiveServer(jetStream: true) : nil
        let cluster = replicas == 3 ? try LiveCluster() : nil
        let urls = cluster?.urls ?? [single?.url ?? ""]
        var members: [Member] = []
        for name in ["a", "b"] {
            for attempt in 1... {
                do {
                    members.append(try await Member(name, urls, replicas: replicas))
                    break
                } catch {
                    // Servers that have just met take a while to have JetStream.
                    if attempt == 100 { throw error }
                    try await Task.sleep(for: .milliseconds(300))
                }
            }
        }
        let done = Journal<(String, UInt64)>()
        for (index, member) in members.enumerated() {
            let author = OwnedCell<UInt64>(0)
            let owner = ChannelLog.Owner(
                term: { 1 },
                author: {
                    author[] += 1
                    return BatchIdentity(producer: UInt64(index + 1), number: author[])
                },
                stored: { _, _, _, _ in }, opened: { _, _ in }, broken: { _, error in Issue.record(error) })
            let engine = member.engine
            let (room, limits) = (room, patientLimits)
            engine.perform {
                let log = ChannelLog(room, engine, limits, owner: owner)
                @Sendable func next(_ number: Int) {
                    if number > 60 { return }
                    let text = "\(index) \(number)"
                    log.append(ChannelEntry([SharedBytes(text.utf8)])) { result in
                        switch result {
                        case .success(let range): done.add((text, range.lowerBound.rawValue))
                        case .failure(let error): Issue.record(error)
                        }
                        next(number + 1)
                    }
                }
                next(1)
            }
        }
        #expect(await eventually { done.all.count == 120 })
        #expect(done.all.map(\.1).sorted() == (1...120).map { UInt64($0) })
        let store = ClusterMessageStore(members[0].node, room)
        var texts: [String] = []
        while texts.count < 120 {
            let next = MessageSequence(rawValue: UInt64(texts.count + 1))
            let batches = try await store.read(from: next, limit: ReadLimit())
            if batches.isEmpty { break }
            texts += batches.flatMap(\.batch.messages).map { $0.bytes.text }
        }
        #expect(texts == done.all.sorted { $0.1 < $1.1 }.map(\.0))
        for member in members { member.end() }
    }

    @Test func whatIsNotAsItShouldBeIsSaid() async throws {
        let plain = try LiveServer()
        let off = await #expect(throws: ClusterError.self) { _ = try await Member("a", [plain.url]) }
        #expect(off?.code == .engine && off?.expected == "servers with JetStream")
        let server = try LiveServer(jetStream: true)
        let member = try await Member("a", [server.url])
        let other = await #expect(throws: ClusterError.self) {
            _ = try await Member("b", [server.url]) { $0.logBytesMax = 1 << 20 }
        }
        #expect(other?.code == .engine && other?.got.contains("10058") == true)
        member.end()
        let small = try LiveServer(jetStream: true)
        let full = try await Member("a", [small.url]) { $0.logBytesMax = 1 << 16 }
        #expect(await eventually { full.leads { $0 == 256 } })
        let much = SharedBytes(copying: Array(repeating: 7, count: 30_000))
        let refused = await #expect(throws: ClusterError.self) {
            for _ in 0..<4 { _ = try await full.node.publish([much], to: room) }
        }
        #expect(refused?.code == .full)
        full.end()
    }
}
