import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

/// Many threads in, one out.
@Suite struct EventQueueThreadTests {
    /// Every producer numbers its events of each key; each key must see each producer's in order.
    private struct Seen: Sendable {
        var next: [Int: Int] = [:]
        var total = 0
        var disorder = 0

        mutating func note(_ key: Int, _ event: (producer: Int, number: Int)) {
            let place = event.producer * 1000 + key
            if next[place, default: 0] != event.number { disorder += 1 }
            next[place] = event.number + 1
            total += 1
        }
    }

    private static let (producers, keys, each) = (4, 50, 40_000)

    /// Adds in single events and batches, and tries again where the queue is full.
    private static func produce(
        _ producer: Int, into queue: EventQueue<Int, (producer: Int, number: Int)>, refused: Watched<Int>
    ) {
        var random = SimulatedRandom(seed: UInt64(producer) + 1)
        var numbers = Array(repeating: 0, count: keys)
        var sent = 0
        while sent < each {
            let count = min(each - sent, random.next() % 2 == 0 ? 1 : Int(random.next() % 40) + 1)
            var batch: [QueuedEvent<Int, (producer: Int, number: Int)>] = []
            for _ in 0..<count {
                let key = random.next() % 3 == 0 ? 0 : Int(random.next() % UInt64(keys))
                batch.append(QueuedEvent(key: key, event: (producer, numbers[key]), byteCount: 8))
                numbers[key] += 1
            }
            while true {
                let first = batch[0]
                let answer =
                    count == 1
                    ? queue.add(first.event, key: first.key, byteCount: first.byteCount) : queue.add(batch)
                if answer == .added { break }
                refused.update { $0 += 1 }
                OwnThread.yield()
            }
            sent += count
        }
    }

    @Test func orderHoldsOnAThread() async throws {
        var limits = EventQueueLimits()
        limits.eventsMax = 1024
        limits.perKeyEventsMax = 512
        limits.batchEventsMax = 16
        let queue = try EventQueue<Int, (producer: Int, number: Int)>(limits: limits)
        let done = Watched(0)
        let refused = Watched(0)
        for producer in 0..<Self.producers {
            OwnThread.run {
                Self.produce(producer, into: queue, refused: refused)
                done.update { $0 += 1 }
            }
        }
        OwnThread.run {
            _ = done.wait { $0 == Self.producers }
            queue.close()
        }
        let seen = await OwnThread.value {
            var seen = Seen()
            queue.run { batch in
                for index in 0..<batch.count { seen.note(batch.key, batch.events[index]) }
            }
            return seen
        }
        #expect(seen.total == Self.producers * Self.each && seen.disorder == 0)
        #expect(queue.count == 0 && queue.byteCount == 0)
        let figures = queue.snapshot()
        #expect(figures[.eventsHandled] == seen.total && figures[.eventWakeUps] <= figures[.eventsHandled])
    }

    @Test func orderHoldsOnALoop() async throws {
        let group = try EventLoopGroup(loops: 1)
        var limits = EventQueueLimits()
        limits.eventsMax = 4096
        let seen = Watched(Seen())
        let queue = try EventQueue<Int, (producer: Int, number: Int)>.onLoop(
            group.loops[0], limits: limits, batchesPerVisit: 4
        ) { batch, loop in
            var events: [(producer: Int, number: Int)] = []
            for index in 0..<batch.count { events.append(batch.events[index]) }
            let (key, isHome) = (batch.key, loop.eventLoop.isCurrent)
            seen.update { seen in
                if !isHome { seen.disorder += 1 }
                for event in events { seen.note(key, event) }
            }
        }
        try group.start()
        let refused = Watched(0)
        for producer in 0..<Self.producers {
            OwnThread.run { Self.produce(producer, into: queue, refused: refused) }
        }
        let isComplete = await OwnThread.value { seen.wait { $0.total == Self.producers * Self.each } }
        #expect(isComplete && seen.value.disorder == 0)
        group.shutdown(grace: .zero)
        await OwnThread.value { group.wait() }
        // The loop has ended: the queue learns of it with the next event, and nothing pretends to be
        // accepted.
        #expect(queue.add((0, 0), key: 1, byteCount: 1) == .closed)
        #expect(queue.isClosed)
    }

    @Test func whatWasAcceptedBeforeTheLoopEndedIsHandled() async throws {
        let group = try EventLoopGroup(loops: 1)
        let handled = Watched(0)
        let gate = Watched(false)
        let queue = try EventQueue<Int, Int>.onLoop(group.loops[0], batchesPerVisit: 1) { batch, _ in
            let count = batch.count
            _ = gate.wait { $0 }
            handled.update { $0 += count }
        }
        try group.start()
        var accepted = 0
        for key in 0..<500 where queue.add(key, key: key, byteCount: 1) == .added { accepted += 1 }
        group.shutdown(grace: .zero)
        gate.update { $0 = true }
        await OwnThread.value { group.wait() }
        #expect(accepted == 500 && handled.value == 500)
    }
}
