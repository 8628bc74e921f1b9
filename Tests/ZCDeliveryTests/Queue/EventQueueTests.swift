import Synchronization
import Testing
import ZCNet

@testable import ZCDelivery

/// One thread on both sides: limits, answers, wake-ups.
@Suite struct EventQueueTests {
    private typealias Queue = EventQueue<String, Int>

    private func drained(_ queue: Queue, batchesMax: Int = .max) -> [(String, [Int])] {
        var seen: [(String, [Int])] = []
        queue.handle(batchesMax: batchesMax) { batch in
            var events: [Int] = []
            for index in 0..<batch.count { events.append(batch.events[index]) }
            seen.append((batch.key, events))
        }
        return seen
    }

    @Test func aBurstWakesOnce() throws {
        let wakes = Watched(0)
        let queue = try Queue { wakes.update { $0 += 1 } }
        for number in 0..<100 { #expect(queue.add(number, key: "a", byteCount: 1) == .added) }
        #expect(queue.add((0..<50).map { QueuedEvent(key: "b", event: $0, byteCount: 1) }) == .added)
        #expect(wakes.value == 1)
        #expect(drained(queue).reduce(0) { $0 + $1.1.count } == 150)
        #expect(queue.add(1, key: "a", byteCount: 1) == .added)
        #expect(wakes.value == 2)
        let figures = queue.snapshot()
        #expect(figures[.eventsAdded] == 151 && figures[.eventsHandled] == 150 && figures[.eventWakeUps] == 2)
        #expect(figures[.eventsWaiting] == 1 && figures[.eventBytesWaiting] == 1)
    }

    @Test func aBusyConsumerIsNotWoken() throws {
        let wakes = Watched(0)
        let queue = try Queue { wakes.update { $0 += 1 } }
        queue.add(0, key: "a", byteCount: 1)
        var left = 20
        var seen: [Int] = []
        // What the handler adds itself is handled in the same visit, without a wake-up.
        let progress = queue.handle { batch in
            for index in 0..<batch.count { seen.append(batch.events[index]) }
            if left > 0 {
                left -= 1
                queue.add(20 - left, key: "a", byteCount: 1)
            }
        }
        #expect(progress == .idle && seen == Array(0...20) && wakes.value == 1)
    }

    @Test func aShortVisitMustComeBack() throws {
        let wakes = Watched(0)
        let queue = try Queue { wakes.update { $0 += 1 } }
        for key in ["a", "b", "c"] { queue.add(1, key: key, byteCount: 1) }
        #expect(queue.handle(batchesMax: 2) { _ in } == .more)
        queue.add(2, key: "d", byteCount: 1)
        #expect(wakes.value == 1)
        #expect(drained(queue).map(\.0) == ["c", "d"])
        #expect(queue.handle { _ in } == .idle)
    }

    @Test func everyLimitHasItsAnswer() throws {
        var limits = EventQueueLimits()
        limits.eventsMax = 10
        limits.bytesMax = 100
        limits.perKeyEventsMax = 6
        let queue = try Queue(limits: limits) {}
        #expect(queue.add(1, key: "a", byteCount: 101) == .tooLarge)
        #expect(queue.add((0..<11).map { QueuedEvent(key: "a", event: $0, byteCount: 0) }) == .tooLarge)
        for number in 0..<6 { #expect(queue.add(number, key: "a", byteCount: 10) == .added) }
        #expect(queue.add(6, key: "a", byteCount: 10) == .keyFull)
        #expect(queue.add(0, key: "b", byteCount: 41) == .full)
        #expect(queue.add(0, key: "b", byteCount: 40) == .added)
        #expect(queue.add(0, key: "b", byteCount: 1) == .full)
        // All or nothing: the batch fits but for one key.
        let batch = ["c", "a"].map { QueuedEvent(key: $0, event: 9, byteCount: 0) }
        #expect(queue.add(batch) == .keyFull)
        #expect(queue.count == 7 && queue.byteCount == 100)
        #expect(queue.snapshot()[.eventsRefused] == 1 + 11 + 1 + 1 + 1 + 2)
        #expect(drained(queue).map(\.1) == [[0, 1, 2, 3, 4, 5], [0]])
        #expect(queue.count == 0 && queue.byteCount == 0)
        // Everything was given back, the share of each key too.
        for number in 0..<6 { #expect(queue.add(number, key: "a", byteCount: 10) == .added) }
        #expect(queue.add([]) == .added)
    }

    @Test func aHotKeyLeavesRoomAndTurns() throws {
        var limits = EventQueueLimits()
        limits.eventsMax = 2000
        limits.perKeyEventsMax = 1000
        limits.batchEventsMax = 10
        let queue = try Queue(limits: limits) {}
        var hot = 0
        while queue.add(hot, key: "hot", byteCount: 1) == .added { hot += 1 }
        #expect(hot == 1000)
        for number in 0..<20 { #expect(queue.add(number, key: "cold\(number)", byteCount: 1) == .added) }
        let seen = drained(queue)
        // The cold keys wait for one turn of the hot one.
        #expect(seen[0].0 == "hot" && seen[1...20].allSatisfy { $0.0 != "hot" })
        #expect(seen.filter { $0.0 == "hot" }.flatMap(\.1) == Array(0..<1000))
    }

    @Test func slicesAreLimitedByBytes() throws {
        let queue = try Queue {}
        let sizes = [10, 20, 30, 40, 500, 1]
        queue.add(sizes.enumerated().map { QueuedEvent(key: "a", event: $0, byteCount: $1) })
        var slices: [[Int]] = []
        queue.handle { batch in
            var start = 0
            while start < batch.count {
                let slice = batch.slice(from: start, maxBytes: 60)
                var events: [Int] = []
                var bytes = 0
                for index in 0..<slice.count {
                    events.append(slice.events[index])
                    bytes += slice.byteCount(of: index)
                }
                #expect(slice.byteCount == bytes && slice.key == "a")
                slices.append(events)
                start += slice.count
            }
        }
        #expect(slices == [[0, 1, 2], [3], [4], [5]])
    }

    @Test func closingRefusesAndLetsTheRestBeHandled() throws {
        let wakes = Watched(0)
        let queue = try Queue { wakes.update { $0 += 1 } }
        queue.add(1, key: "a", byteCount: 1)
        queue.close()
        queue.close()
        #expect(queue.add(2, key: "a", byteCount: 1) == .closed && queue.isClosed)
        #expect(queue.add([QueuedEvent(key: "a", event: 3, byteCount: 1)]) == .closed && queue.count == 1)
        var seen = 0
        #expect(queue.handle { seen += $0.count } == .ended)
        #expect(seen == 1 && wakes.value == 1)
        // A queue at rest has to be woken to learn that it is over.
        let idle = try Queue { wakes.update { $0 += 1 } }
        idle.close()
        #expect(wakes.value == 2 && idle.handle { _ in } == .ended)
    }

    @Test func whatNobodyHandledIsDestroyed() throws {
        final class Token: Sendable {
            let alive: Watched<Int>
            init(_ alive: Watched<Int>) {
                self.alive = alive
                alive.update { $0 += 1 }
            }
            deinit { alive.update { $0 -= 1 } }
        }
        let alive = Watched(0)
        do {
            let queue = try EventQueue<Int, Token> {}
            for key in 0..<10 { queue.add(Token(alive), key: key, byteCount: 1) }
            queue.handle(batchesMax: 3) { _ in }
            for key in 0..<10 { queue.add(Token(alive), key: key, byteCount: 1) }
            #expect(alive.value == 17)
        }
        #expect(alive.value == 0)
    }

    @Test func settingsAreChecked() {
        var limits = EventQueueLimits()
        limits.batchEventsMax = 0
        #expect(throws: ConfigurationError.self) { try Queue(limits: limits) {} }
        limits = EventQueueLimits()
        limits.keyCells = 0
        #expect(throws: ConfigurationError.self) { try Queue(limits: limits) {} }
    }
}
