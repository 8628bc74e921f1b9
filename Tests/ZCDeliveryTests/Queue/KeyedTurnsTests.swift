import Testing
import ZCNet
import ZCNetTesting

@testable import ZCDelivery

@Suite struct KeyedTurnsTests {
    private func event(_ key: Int, _ number: Int, bytes: Int = 1) -> QueuedEvent<Int, Int> {
        QueuedEvent(key: key, event: number, byteCount: bytes)
    }

    @Test func turnsGoRound() {
        var turns = KeyedTurns<Int, Int>()
        for number in 0..<6 { turns.add(event(1, number)) }
        turns.add(event(2, 100))
        turns.add(event(3, 200))
        var (events, sizes, seen) = ([Int](), [Int](), [[Int]]())
        while turns.take(eventsMax: 2, bytesMax: 100, events: &events, sizes: &sizes) != nil {
            seen.append(events)
        }
        #expect(seen == [[0, 1], [100], [200], [2, 3], [4, 5]])
        let (count, keyCount) = (turns.count, turns.keyCount)
        #expect(count == 0 && keyCount == 0)
    }

    @Test func bytesEndATurn() {
        var turns = KeyedTurns<Int, Int>()
        for (number, bytes) in [40, 60, 1, 200, 5].enumerated() { turns.add(event(1, number, bytes: bytes)) }
        var (events, sizes, seen, weights) = ([Int](), [Int](), [[Int]](), [Int]())
        while let turn = turns.take(eventsMax: 10, bytesMax: 100, events: &events, sizes: &sizes) {
            seen.append(events)
            weights.append(turn.byteCount)
            #expect(sizes.reduce(0, +) == turn.byteCount)
        }
        // One that is larger than a turn comes alone.
        #expect(seen == [[0, 1], [2], [3], [4]])
        #expect(weights == [100, 1, 200, 5])
    }

    /// Against the obvious: a list of keys in the order of their turns, and a list of events for each.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5])
    func behavesLikeLists(_ seed: UInt64) {
        var random = SimulatedRandom(seed: seed)
        var turns = KeyedTurns<Int, Int>()
        var order: [Int] = []
        var lists: [Int: [(Int, Int)]] = [:]
        var number = 0
        var (events, sizes) = ([Int](), [Int]())
        for _ in 0..<20_000 {
            if random.next() % 3 != 0 {
                // A few hot keys and many cold ones.
                let key = Int(random.next() % (random.next() % 2 == 0 ? 4 : 500))
                let bytes = Int(random.next() % 50)
                turns.add(event(key, number, bytes: bytes))
                if lists[key] == nil { order.append(key) }
                lists[key, default: []].append((number, bytes))
                number += 1
            } else {
                let (eventsMax, bytesMax) = (Int(random.next() % 8) + 1, Int(random.next() % 120))
                let turn = turns.take(
                    eventsMax: eventsMax, bytesMax: bytesMax, events: &events, sizes: &sizes)
                guard let turn else {
                    #expect(order.isEmpty)
                    continue
                }
                let key = order.removeFirst()
                var list = lists[key] ?? []
                var expected = [list.removeFirst()]
                while let next = list.first, expected.count < eventsMax,
                    expected.reduce(0, { $0 + $1.1 }) + next.1 <= bytesMax
                {
                    expected.append(list.removeFirst())
                }
                lists[key] = list.isEmpty ? nil : list
                if !list.isEmpty { order.append(key) }
                #expect(turn.key == key && events == expected.map(\.0) && sizes == expected.map(\.1))
            }
            let keyCount = turns.keyCount
            #expect(keyCount == order.count)
        }
    }
}
