import Testing
import ZCNetTesting

@testable import ZCNetWebSocket
@testable import ZCSBEServer

/// The queue between loops and a consumer.
@Suite(.timeLimit(.minutes(10))) struct HandOffTests {
    private func taken(_ handOff: HandOff<Int>, limit: Int = 256) -> [Int] {
        var all: [Int] = []
        while handOff.take(into: &all, limit: limit) {}
        return all
    }

    @Test func theNewestAreLeftOut() throws {
        let handOff = try HandOff<Int>(capacity: 3, policy: .dropNewest)
        let accepted = (1...5).map { handOff.offer($0) }
        handOff.finish()
        #expect(accepted == [true, true, true, false, false])
        #expect(taken(handOff, limit: 2) == [1, 2, 3])
        let counts = handOff.counts
        #expect(counts.offered == 5 && counts.taken == 3 && counts.dropped == 2 && counts.waitingMax == 3)
    }

    @Test func theOldestMakeRoom() throws {
        let handOff = try HandOff<Int>(capacity: 3, policy: .dropOldest)
        for number in 1...8 { #expect(handOff.offer(number)) }
        handOff.finish()
        #expect(taken(handOff) == [6, 7, 8])
        #expect(handOff.counts.dropped == 5 && handOff.counts.waiting == 0)
        #expect(!handOff.offer(9))
    }

    /// Many at once, of which more may come than there is room at all.
    @Test func severalAtOnceAsOneByOne() throws {
        var random = SimulatedRandom(seed: 4)
        for policy in [HandOffPolicy.dropNewest, .dropOldest] {
            var state = HandOffState<Int>(capacity: 7)
            var naive: [Int] = []
            var (next, lost) = (0, 0)
            for _ in 0..<500 {
                let count = Int(random.next() % 12)
                _ = state.add(count, policy) { next + $0 }
                for number in next..<(next + count) {
                    if naive.count < 7 {
                        naive.append(number)
                    } else {
                        lost += 1
                        if policy == .dropOldest {
                            naive.removeFirst()
                            naive.append(number)
                        }
                    }
                }
                next += count
                var some: [Int] = []
                let limit = Int(random.next() % 9)
                state.take(limit, into: &some)
                #expect(some == Array(naive.prefix(limit)))
                naive.removeFirst(min(limit, naive.count))
                let counts = state.counts
                #expect(counts.dropped == lost && counts.waiting == naive.count)
                #expect(counts.offered == counts.taken + counts.dropped + counts.waiting)
            }
        }
    }

    @Test func capacitiesAreChecked() {
        #expect(throws: ConfigurationError.self) { try HandOff<Int>(capacity: 0, policy: .close) }
        #expect(throws: ConfigurationError.self) { try HandOff<Int>(capacity: 1 << 30, policy: .close) }
    }

    @Test func aTaskTakesInOrder() async throws {
        let handOff = try HandOff<Int>(capacity: 1 << 16, policy: .dropNewest)
        let sum = Task {
            var all: [Int] = []
            for await number in handOff { all.append(number) }
            return all
        }
        for start in stride(from: 0, to: 20_000, by: 500) {
            for number in start..<(start + 500) { handOff.offer(number) }
            await Task.yield()
        }
        handOff.finish()
        #expect(await sum.value == Array(0..<20_000))
        #expect(handOff.counts.taken == 20_000)
    }

    @Test func aCancelledTaskStopsWaiting() async throws {
        let handOff = try HandOff<Int>(capacity: 8, policy: .dropNewest)
        let (began, begun) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            var all: [Int] = []
            for await number in handOff {
                all.append(number)
                begun.finish()
            }
            return all
        }
        handOff.offer(1)
        for await _ in began {}
        task.cancel()
        #expect(await task.value == [1])
        // What comes later waits for the next consumer.
        #expect(handOff.offer(2))
        #expect(handOff.counts.waiting == 1)
    }

    @Test func aThreadSleepsUntilSomethingComes() async throws {
        let handOff = try HandOff<Int>(capacity: 64, policy: .dropNewest)
        let total = await awaitedAnswer { answer in
            DetachedConsumer.run {
                var (all, sum) = ([Int](), 0)
                while handOff.take(into: &all) {
                    sum += all.reduce(0, +)
                    all.removeAll(keepingCapacity: true)
                }
                answer.give(sum)
            } began: {
                for number in 1...10 { handOff.offer(number) }
                handOff.finish()
            }
        }
        #expect(total == 55)
    }
}
