import Synchronization
import Testing

@testable import ZCNet

extension Rings {
    @Suite struct SlotRingTests {
        struct Slot: ~Copyable {
            var number = 0
            var check = 0
        }

        /// Holds a noncopyable end until the thread that is to own it takes it.
        final class Handover<End: ~Copyable & Sendable>: Sendable {
            private let end: Locked<End?>
            init(_ end: consuming End) { self.end = Locked(end) }
            func take() -> End {
                let taken = end.withLock { end in end.take() }
                guard let taken else { preconditionFailure("taken twice") }
                return taken
            }
        }

        /// Counts its living instances.
        final class Counted: Sendable {
            let living: Living
            init(_ living: Living) {
                self.living = living
                living.count.wrappingAdd(1, ordering: .relaxed)
            }
            deinit { living.count.wrappingSubtract(1, ordering: .relaxed) }
        }

        final class Living: Sendable { let count = Atomic<Int>(0) }

        /// Sets one slot; false if the ring is full.
        private func set(_ producer: inout SlotRing<Slot>.Producer) -> Bool {
            guard producer.set({ _ in }) else { return false }
            producer.setAdvance()
            return true
        }

        /// Takes one slot; what `getAdvance()` said, nil if the ring is empty.
        private func take(_ consumer: inout SlotRing<Slot>.Consumer) -> Bool? {
            guard consumer.get({ _ in }) else { return nil }
            return consumer.getAdvance()
        }

        @Test(arguments: [(1, 1), (2, 2), (3, 4), (5, 8), (8, 8), (1000, 1024)])
        func capacityIsRoundedUpToAPowerOfTwo(asked: Int, given: Int) throws {
            var made = 0
            let ring = try SlotRing<Slot>(capacity: asked) {
                made += 1
                return Slot()
            }
            let capacities = [ring.producer.capacity, ring.consumer.capacity]
            #expect(capacities == [given, given])
            #expect(made == given)
        }

        @Test(arguments: [Int.min, -1, 0, 1 << 24 + 1, Int.max])
        func aCapacityOutsideTheLimitsIsRefusedByName(capacity: Int) {
            let error = #expect(throws: ConfigurationError.self) {
                _ = try SlotRing<Slot>(capacity: capacity) { Slot() }
            }
            #expect(error?.description == "SlotRing.capacity: expected 1...16777216, got \(capacity)")
        }

        @Test func slotsAreReusedInPlaceInOrder() throws {
            let ring = try SlotRing<Slot>(capacity: 2) { Slot() }
            var producer = ring.producer
            var consumer = ring.consumer
            for number in 1...10 {
                var left = -1
                let isSet = producer.set { slot in
                    left = slot.number
                    slot.number = number
                }
                #expect(isSet)
                // The content of two rounds ago was still there.
                #expect(left == max(0, number - 2))
                producer.setAdvance()
                let counts = [producer.count, consumer.count]
                #expect(counts == [1, 1])
                var found = -1
                let isThere = consumer.get { slot in found = slot.number }
                #expect(isThere && found == number)
                let isAwaited = consumer.getAdvance()
                #expect(!isAwaited)
            }
            let isEmpty = consumer.isEmpty
            #expect(isEmpty)
        }

        @Test func aFullRingRefusesAndTheConsumerIsToldOnce() throws {
            let ring = try SlotRing<Slot>(capacity: 2) { Slot() }
            var producer = ring.producer
            var consumer = ring.consumer
            let wereSet = [set(&producer), set(&producer), set(&producer), set(&producer)]
            #expect(wereSet == [true, true, false, false])
            let isFull = producer.isFull
            #expect(isFull)
            let notices = [take(&consumer), take(&consumer), take(&consumer)]
            #expect(notices == [true, false, nil])
            let isSetAgain = set(&producer)
            #expect(isSetAgain)
        }

        @Test func finishIsReportedAfterTheLastSlot() throws {
            let ring = try SlotRing<Slot>(capacity: 2) { Slot() }
            var producer = ring.producer
            var consumer = ring.consumer
            _ = set(&producer)
            producer.finish()
            let first = consumer.ready()
            #expect(first == .ready)
            _ = take(&consumer)
            let then = [consumer.ready(), consumer.ready()]
            #expect(then == [.finish, .finish])
        }

        @Test func aWaitingProducerIsToldOfTheConsumersEnd() throws {
            let ring = try SlotRing<Slot>(capacity: 1) { Slot() }
            var producer = ring.producer
            let consumer = ring.consumer
            let wereSet = [set(&producer), set(&producer)]
            #expect(wereSet == [true, false])
            let before = producer.isAbandoned
            #expect(!before)
            let isAwaited = consumer.finish()
            #expect(isAwaited)
            let after = producer.isAbandoned
            #expect(after)
        }

        @Test func slotsLiveUntilBothEndsAreGone() throws {
            let living = Living()
            do {
                let ring = try SlotRing<Counted>(capacity: 4) { Counted(living) }
                let producer = ring.producer
                do {
                    let consumer = ring.consumer
                    consumer.finish()
                }
                #expect(living.count.load(ordering: .relaxed) == 4)
                producer.finish()
            }
            #expect(living.count.load(ordering: .relaxed) == 0)
        }

        /// Two threads, random pauses in who is ahead, every way of waiting: the consumer sleeps in
        /// `ready()`, the producer until it is told.
        @Test(arguments: [1, 2, 8, 256])
        func millionsCrossUnharmed(capacity: Int) throws {
            let seed = UInt64.random(in: 1...UInt64.max)
            let total = isOptimised ? 2_000_000 / (capacity == 1 ? 20 : 1) : 10_000
            let ring = try SlotRing<Slot>(capacity: capacity) { Slot() }
            let space = Gate()
            let producerEnd = Handover(ring.producer)
            let consumerEnd = Handover(ring.consumer)
            let failures = Atomic<Int>(0)
            let producing = TestThread {
                var producer = producerEnd.take()
                var random = seed
                for number in 1...total {
                    while true {
                        let isSet = producer.set { slot in
                            slot.number = number
                            slot.check = ~number
                        }
                        if isSet { break }
                        // What was set without a signal must be taken before anything can be told.
                        producer.signal()
                        space.pass()
                    }
                    producer.setAdvance()
                    random = random &* 6_364_136_223_846_793_005 &+ 1
                    if random >> 61 == 0 { producer.signal() }
                }
            }
            var consumer = consumerEnd.take()
            var expected = 1
            while consumer.ready() == .ready {
                while consumer.get({ slot in
                    let isIntact = slot.number == expected && slot.check == ~expected
                    if !isIntact { failures.wrappingAdd(1, ordering: .relaxed) }
                }) {
                    expected += 1
                    if consumer.getAdvance() { space.open() }
                }
            }
            producing.join()
            #expect(expected == total + 1, "seed \(seed)")
            #expect(failures.load(ordering: .relaxed) == 0, "seed \(seed)")
        }
    }
}
