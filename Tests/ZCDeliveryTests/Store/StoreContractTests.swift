import StoreSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

/// What every store promises, for each of them.
@Suite struct StoreContractTests {
    enum Kind: CaseIterable {
        case memory, file

        func make() throws -> any MessageStore {
            switch self {
            case .memory: return MemoryMessageStore()
            case .file:
                let store = try FileMessageStore(
                    in: "log", options: LogScript.options(), files: SimulatedDisk())
                try store.start()
                return store
            }
        }
    }

    private func finish(_ store: any MessageStore) async throws {
        try await (store as? FileMessageStore)?.close()
    }

    private func failure(_ body: () async throws -> Void) async -> MessageStoreError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? MessageStoreError)?.code
        }
    }

    @Test(arguments: Kind.allCases)
    func batchesAreAppendedReadAndTakenBack(_ kind: Kind) async throws {
        let store = try kind.make()
        var batches: [MessageBatch] = []
        var ranges: [Range<MessageSequence>] = []
        for number in 0..<150 {
            let batch = LogScript.batch(number)
            let range = try await store.append(batch)
            #expect(range.lowerBound == ranges.last?.upperBound ?? .first)
            #expect(range == range.lowerBound..<range.lowerBound + batch.messages.count)
            batches.append(batch)
            ranges.append(range)
        }
        let extent = try await store.extent()
        #expect(extent.range == .first..<ranges[149].upperBound && extent.term == 2)
        for number in stride(from: 0, to: 150, by: 7) {
            let read = try await store.read(
                from: ranges[number].lowerBound, limit: ReadLimit(messagesMax: 10, bytesMax: 1000))
            let first = try #require(read.first)
            var expected = batches[number]
            expected.position = ranges[number].lowerBound
            #expect(first.batch == expected && first.range == ranges[number])
            #expect(read.map(\.range) == Array(ranges[number..<number + read.count]))
            #expect(read.reduce(0) { $0 + $1.range.upperBound.rawValue - $1.range.lowerBound.rawValue } <= 10)
        }
        try await store.truncate(from: ranges[50].lowerBound)
        #expect(try await store.extent().next == ranges[50].lowerBound)
        #expect(try await store.read(from: ranges[50].lowerBound, limit: ReadLimit()).isEmpty)
        #expect(try await store.append(LogScript.batch(120)).lowerBound == ranges[50].lowerBound)
        try await finish(store)
    }

    @Test(arguments: Kind.allCases)
    func aBatchThatIsRepeatedIsStoredOnce(_ kind: Kind) async throws {
        let store = try kind.make()
        var batch = LogScript.batch(0, messages: 3)
        batch.identity = BatchIdentity(producer: 5, number: 1)
        let range = try await store.append(batch)
        #expect(try await store.append(batch) == range)
        batch.identity?.number = 2
        #expect(try await store.append(batch).lowerBound == range.upperBound)
        batch.identity?.number = 1
        #expect(await failure { _ = try await store.append(batch) } == .staleBatch)
        // Taken back, and then it may come again.
        try await store.truncate(from: range.upperBound)
        #expect(try await store.append(batch) == range)
        batch.identity?.number = 2
        #expect(try await store.append(batch).lowerBound == range.upperBound)
        try await finish(store)
    }

    @Test(arguments: Kind.allCases)
    func whatBreaksARuleIsRefused(_ kind: Kind) async throws {
        let store = try kind.make()
        var batch = LogScript.batch(0, messages: 2)
        batch.term = 3
        let range = try await store.append(batch)
        #expect(await failure { _ = try await store.append(MessageBatch([])) } == .invalidBatch)
        #expect(await failure { _ = try await store.append(LogScript.batch(0)) } == .staleTerm)
        batch.position = range.lowerBound
        #expect(await failure { _ = try await store.append(batch) } == .wrongPosition)
        #expect(await failure { try await store.truncate(from: range.lowerBound + 1) } == .insideBatch)
        #expect(await failure { try await store.truncate(from: range.upperBound + 1) } == .notFound)
        #expect(
            await failure { _ = try await store.read(from: range.upperBound + 1, limit: .init()) }
                == .notFound)
        batch.position = range.upperBound
        #expect(try await store.append(batch).lowerBound == range.upperBound)
        try await finish(store)
    }

    @Test func memoryIsBounded() async throws {
        let store = MemoryMessageStore(bytesMax: 1000)
        var count = 0
        while await failure({ _ = try await store.append(LogScript.batch(1, messages: 1, bytes: 10)) }) == nil
        {
            count += 1
            // Its own number would make it a repetition.
            if count > 1 { break }
        }
        var batch = LogScript.batch(3, messages: 1, bytes: 10)
        batch.identity = nil
        var stored = 0
        while await failure({ _ = try await store.append(batch) }) == nil { stored += 1 }
        #expect(stored == 6)
        #expect(await failure { _ = try await store.append(batch) } == .full)
    }
}
