import StoreSimulation
import TestSupport
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

/// The last value that is taken, and what is counted; each of these was wrong unnoticed once, on purpose.
@Suite struct DeliveryEdgeTests {
    /// Bursts that fill a queue to its last event or byte are taken.
    @Test func aQueueTakesWhatItCanJustHold() throws {
        var limits = EventQueueLimits()
        (limits.eventsMax, limits.bytesMax) = (4, 100)
        func burst(_ count: Int, _ bytes: Int) -> [QueuedEvent<String, Int>] {
            (0..<count).map { QueuedEvent(key: "a", event: $0, byteCount: bytes) }
        }
        for (count, bytes) in [(4, 25), (4, 0), (1, 100)] {
            let queue = try EventQueue<String, Int>(limits: limits) {}
            #expect(queue.add(burst(count, bytes)) == .added, "\(count) of \(bytes)")
            #expect(queue.add(burst(1, 101)) == .tooLarge)
        }
        let queue = try EventQueue<String, Int>(limits: limits) {}
        #expect(queue.add(burst(5, 0)) == .tooLarge && queue.add(burst(2, 51)) == .tooLarge)
    }

    /// Begins a slice somewhere in a batch of three.
    private static func slice(from start: Int) throws {
        let queue = try EventQueue<String, Int> {}
        queue.add((0..<3).map { QueuedEvent(key: "a", event: $0, byteCount: 1) })
        queue.handle { batch in _ = batch.slice(from: start, maxBytes: 10).count }
    }

    @Test func aSliceBeginsWithinItsBatch() async throws {
        for start in 0..<3 { try Self.slice(from: start) }
        await #expect(processExitsWith: .failure) { try? Self.slice(from: -1) }
        await #expect(processExitsWith: .failure) { try? Self.slice(from: 3) }
    }

    @Test func aStoreWithoutRoomIsAMistake() async {
        _ = MemoryMessageStore(bytesMax: 1, producersMax: 1)
        await #expect(processExitsWith: .failure) { _ = MemoryMessageStore(bytesMax: 0, producersMax: 1) }
        await #expect(processExitsWith: .failure) { _ = MemoryMessageStore(bytesMax: 1, producersMax: 0) }
    }

    /// What was stored is counted once, however often it is appended.
    @Test func aStoreCountsWhatItStores() async throws {
        let store = try FileMessageStore(in: "log", options: LogScript.options(), files: SimulatedDisk())
        try store.start()
        var batch = MessageBatch([SharedBytes("hello"), SharedBytes("you")])
        batch.identity = BatchIdentity(producer: 1, number: 1)
        let range = try await store.append(batch)
        for _ in 0..<3 { #expect(try await store.append(batch) == range) }
        let figures = store.snapshot()
        #expect(figures[.storedBatches] == 1 && figures[.storedMessages] == 2)
        #expect(figures[.repeatedBatches] == 3 && figures[.failedBatches] == 0)
        #expect(figures[.storedBytes] >= 8 && figures[.groupCommits] >= 1)
        try await store.close()
    }
}
