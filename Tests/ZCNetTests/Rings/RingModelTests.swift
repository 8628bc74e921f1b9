import Testing
import ZCNetTesting

@testable import ZCNet

extension Rings {
    /// Every interleaving of small histories of the ring's two cores, and proof that the histories notice a
    /// weakness.
    @Suite struct RingModelTests {
        typealias Producer = RingProducerCore<SimulatedCells>
        typealias Consumer = RingConsumerCore<SimulatedCells>

        /// Slots and what the history noted down. Only the thread that holds the baton touches it.
        final class Scene {
            let slots: [SimulatedSlot]
            var taken: [UInt] = []
            var refusals = 0
            var notices = 0

            init(_ model: Model, capacity: Int) { slots = (0..<capacity).map { _ in SimulatedSlot(model) } }
        }

        private static func expectFailure(_ report: Explorer.Report, _ fault: Fault) {
            #expect(report.failure != nil, "\(fault) went unnoticed in \(report.executions) executions")
            #expect(report.failure != "too many executions")
        }

        // MARK: Handing slots over

        /// Both sides try a bounded number of times and never wait.
        private static func handOver(capacity: Int, attempts: Int, faults: Set<Fault> = []) -> Explorer.Report
        {
            Explorer.explore(threads: 2, faults: faults) { model in
                let cells = SimulatedCells.ring(model)
                let scene = Scene(model, capacity: capacity)
                model.thread {
                    var producer = Producer(cells: cells, capacity: capacity)
                    var next: UInt = 1
                    for _ in 0..<attempts {
                        guard let index = producer.set() else { continue }
                        scene.slots[index].write(next)
                        next += 1
                        producer.setAdvance()
                    }
                }
                model.thread {
                    var consumer = Consumer(cells: cells, capacity: capacity)
                    for _ in 0..<attempts {
                        guard let index = consumer.get() else { continue }
                        scene.taken.append(scene.slots[index].read())
                        _ = consumer.getAdvance()
                    }
                }
                model.finally {
                    let expected = (0..<scene.taken.count).map { UInt($0 + 1) }
                    return scene.taken == expected ? nil : "took \(scene.taken)"
                }
            }
        }

        @Test(arguments: [(1, 2), (2, 3)] + (isOptimised ? [(1, 3)] : []))
        func slotsAreHandedOverInOrderAndWithoutRaces(capacity: Int, attempts: Int) {
            let report = Self.handOver(capacity: capacity, attempts: attempts)
            #expect(report.failure == nil)
        }

        @Test(arguments: [
            Fault.relaxedStore(word: RingCells.tail), .relaxedStore(word: RingCells.head),
            .relaxedLoad(word: RingCells.tail), .relaxedLoad(word: RingCells.head),
        ])
        func aWeakenedPositionIsNoticed(fault: Fault) {
            Self.expectFailure(Self.handOver(capacity: 1, attempts: 2, faults: [fault]), fault)
        }

        // MARK: Signal and finish

        private static func signalled(items: Int, signalsEach: Bool, faults: Set<Fault> = [])
            -> Explorer.Report
        {
            Explorer.explore(threads: 2, faults: faults) { model in
                let cells = SimulatedCells.ring(model)
                let scene = Scene(model, capacity: 2)
                model.thread {
                    var producer = Producer(cells: cells, capacity: 2)
                    for item in 1...UInt(items) {
                        guard let index = producer.set() else { model.fail("full") }
                        scene.slots[index].write(item)
                        producer.setAdvance()
                        if signalsEach { producer.signal() }
                    }
                    producer.finish()
                }
                model.thread {
                    var consumer = Consumer(cells: cells, capacity: 2)
                    while consumer.ready() == .ready {
                        while let index = consumer.get() {
                            scene.taken.append(scene.slots[index].read())
                            _ = consumer.getAdvance()
                        }
                    }
                }
                model.finally { scene.taken == (1...UInt(items)).map { $0 } ? nil : "took \(scene.taken)" }
            }
        }

        @Test(arguments: [(1, false), (2, false)] + (isOptimised ? [(1, true)] : []))
        func noWakeUpIsLostAndFinishComesLast(items: Int, signalsEach: Bool) {
            let report = Self.signalled(items: items, signalsEach: signalsEach)
            #expect(report.failure == nil)
        }

        @Test(arguments: [
            Fault.noFence(thread: 0), .noFence(thread: 1), .relaxedStore(word: RingCells.finished),
            .relaxedLoad(word: RingCells.finished),
        ])
        func aWeakenedSignalIsNoticed(fault: Fault) {
            Self.expectFailure(Self.signalled(items: 1, signalsEach: false, faults: [fault]), fault)
        }

        // MARK: The wish for space

        /// The ring is full at the start; the producer sets `items` more and waits to be told whenever it is
        /// refused.
        private static func waitingForSpace(capacity: Int, items: Int, faults: Set<Fault> = [])
            -> Explorer.Report
        {
            Explorer.explore(threads: 2, faults: faults) { model in
                let cells = SimulatedCells.ring(model)
                let scene = Scene(model, capacity: capacity)
                let told = SimulatedEvent(model)
                let full = Self.filled(Producer(cells: cells, capacity: capacity))
                model.thread {
                    var producer = full
                    for item in 1...UInt(items) {
                        while true {
                            if let index = producer.set() {
                                scene.slots[index].write(item)
                                producer.setAdvance()
                                break
                            }
                            scene.refusals += 1
                            told.wait()
                        }
                    }
                }
                model.thread {
                    var consumer = Consumer(cells: cells, capacity: capacity)
                    for _ in 0..<capacity {
                        guard let index = consumer.get() else { model.fail("empty") }
                        scene.taken.append(scene.slots[index].read())
                        if consumer.getAdvance() {
                            scene.notices += 1
                            told.post()
                        }
                    }
                }
                model.finally {
                    scene.refusals == scene.notices
                        ? nil : "\(scene.refusals) refusals, \(scene.notices) notices"
                }
            }
        }

        private static func filled(_ producer: Producer) -> Producer {
            var producer = producer
            for _ in 0..<Int(producer.capacity) {
                _ = producer.set()
                producer.setAdvance()
            }
            return producer
        }

        @Test(arguments: [(1, 1), (2, 1)] + (isOptimised ? [(4, 1), (2, 2)] : [(4, 1)]))
        func everyRefusalIsAnsweredOnce(capacity: Int, items: Int) {
            let report = Self.waitingForSpace(capacity: capacity, items: items)
            #expect(report.failure == nil)
        }

        @Test(arguments: [Fault.noFence(thread: 0), .noFence(thread: 1)])
        func aWishWithoutFencesIsNoticed(fault: Fault) {
            Self.expectFailure(Self.waitingForSpace(capacity: 1, items: 1, faults: [fault]), fault)
        }

        // MARK: Abandoning

        private static func abandoned(faults: Set<Fault> = []) -> Explorer.Report {
            Explorer.explore(threads: 2, faults: faults) { model in
                let cells = SimulatedCells.ring(model)
                let told = SimulatedEvent(model)
                let full = Self.filled(Producer(cells: cells, capacity: 1))
                model.thread {
                    var producer = full
                    if producer.set() == nil && !producer.isAbandoned {
                        told.wait()
                        model.check(producer.isAbandoned, "told, but not abandoned")
                    }
                }
                model.thread { if Consumer(cells: cells, capacity: 1).abandon() { told.post() } }
            }
        }

        @Test func aWaitingProducerLearnsThatTheConsumerIsGone() {
            let report = Self.abandoned()
            #expect(report.failure == nil)
        }

        @Test(arguments: [Fault.noFence(thread: 0), .noFence(thread: 1)])
        func abandoningWithoutFencesIsNoticed(fault: Fault) {
            Self.expectFailure(Self.abandoned(faults: [fault]), fault)
        }
    }
}
