import Testing
import ZCNet
import ZCNetTesting

@testable import ZCGoim

/// Subscriptions against a plain set.
@Suite struct GoimSubscriptionsTests {
    @Test(arguments: 0..<6)
    func asASetWouldHaveThem(seed: UInt64) {
        var random = SimulatedRandom(seed: seed)
        let most = 1 + Int(random.next() % 300)
        var subscriptions = GoimSubscriptions()
        var naive: Set<Int32> = []
        for _ in 0..<400 {
            let count = Int(random.next() % 12)
            let some = (0..<count).map { _ in Int32(truncatingIfNeeded: Int(random.next() % 400) - 200) }
            if random.next() % 3 == 0 {
                subscriptions.remove(some)
                naive.subtract(some)
            } else {
                let isFitting = naive.union(some).count <= most
                let isAdded = subscriptions.add(some, countMax: most)
                #expect(isAdded == isFitting, "seed \(seed)")
                if isFitting { naive.formUnion(some) }
            }
            #expect(subscriptions.operations == naive.sorted(), "seed \(seed)")
            for operation: Int32 in -201...201 where random.next() % 16 == 0 {
                #expect(subscriptions.contains(operation) == naive.contains(operation))
            }
        }
        #expect(GoimSubscriptions(Array(naive) + Array(naive)).operations == naive.sorted())
    }

    @Test func theExtremesHaveTheirPlaces() {
        var subscriptions = GoimSubscriptions([.max, .min, 0])
        #expect(subscriptions.contains(.max) && subscriptions.contains(.min) && !subscriptions.contains(1))
        let isKnown = subscriptions.add([.max, .min, 0], countMax: 3)
        let isTooMuch = !subscriptions.add([5, .max, 6], countMax: 4)
        #expect(isKnown && isTooMuch)
        #expect(subscriptions.operations == [.min, 0, .max])
        subscriptions.remove([.min, .max, 7, 7])
        #expect(subscriptions.operations == [0])
    }
}
