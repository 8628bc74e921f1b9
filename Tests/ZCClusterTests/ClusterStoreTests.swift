import Testing
import ZCNet
import ZCNetTesting

@testable import ZCCluster

/// A channel as a store of `ZCDelivery`, on a loop of its own thread.
@Suite struct ClusterStoreTests {
    private final class Site {
        let group: EventLoopGroup
        let node: ClusterNode

        init() throws {
            group = try EventLoopGroup(loops: 1)
            node = try ClusterNode(LocalEngine(group), ClusterOptions(name: "alone"))
            try group.start()
            node.start()
        }

        deinit {
            group.shutdown(grace: .zero)
            group.wait()
        }
    }

    private func failure(_ body: () async throws -> Void) async -> MessageStoreError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? MessageStoreError)?.code
        }
    }

    @Test func aChannelIsAStore() async throws {
        let site = try Site()
        let store = ClusterMessageStore(site.node, .named("room"))
        #expect(try await store.extent() == StoreExtent(range: .first ..< .first, term: 0))
        var ranges: [Range<MessageSequence>] = []
        var batches: [MessageBatch] = []
        for number in 1...100 {
            var batch = MessageBatch((0..<number % 4 + 1).map { SharedBytes("\(number) \($0)".utf8) })
            batch.identity = BatchIdentity(producer: 3, number: UInt64(number))
            let range = try await store.append(batch)
            #expect(range.lowerBound == ranges.last?.upperBound ?? .first)
            #expect(try await store.append(batch) == range)
            ranges.append(range)
            batch.term = 1
            batches.append(batch)
        }
        let extent = try await store.extent()
        #expect(extent.range == .first..<ranges[99].upperBound && extent.term == 1)
        for number in stride(from: 0, to: 100, by: 9) {
            let limit = ReadLimit(messagesMax: 10, bytesMax: 1000)
            let read = try await store.read(from: ranges[number].lowerBound, limit: limit)
            #expect(read.map(\.range) == Array(ranges[number..<number + read.count]) && !read.isEmpty)
            #expect(read.map(\.batch.messages) == batches[number..<number + read.count].map(\.messages))
            #expect(read.allSatisfy { $0.batch.identity != nil && $0.batch.term == 1 })
        }
        #expect(try await store.read(from: extent.next).isEmpty)
        #expect(await failure { _ = try await store.read(from: extent.next + 1) } == .notFound)
        #expect(await failure { try await store.truncate(from: .first) } == .notFound)
        try await store.truncate(from: extent.next)
        var placed = MessageBatch(["x"])
        placed.position = .first
        #expect(await failure { _ = try await store.append(placed) } == .wrongPosition)
        #expect(await failure { _ = try await store.append(MessageBatch([])) } == .invalidBatch)
        var old = MessageBatch(["x"])
        old.identity = BatchIdentity(producer: 3, number: 2)
        #expect(await failure { _ = try await store.append(old) } == .staleBatch)
        await site.node.stop()
        #expect(await failure { _ = try await store.append(MessageBatch(["x"])) } == .closed)
    }

    /// The way of a message of a sender: submitted, stored, acknowledged with its number.
    @Test func sendersAreToldTheirNumbers() async throws {
        let site = try Site()
        let answers = Journal<Acknowledgement>()
        let acknowledger = try Acknowledger<Int>(
            storingIn: ClusterMessageStore(site.node, .named("room"))
        ) { for answer in $0 { answers.add(answer) } }
        let running = Task { await acknowledger.run() }
        for number in 0..<500 {
            let message = SubmittedMessage(
                from: ConnectionID(rawValue: 1), reference: UInt64(number),
                bytes: SharedBytes("\(number)".utf8))
            #expect(acknowledger.submit(message, key: 1) == .added)
        }
        acknowledger.close()
        await running.value
        #expect(answers.all.map(\.reference) == (0..<500).map { UInt64($0) })
        #expect(answers.all.map { try? $0.result.get().rawValue } == (1...500).map { UInt64($0) })
    }
}
