import Synchronization
import Testing

@testable import ZCGoim

@Suite struct GoimDoorbellTests {
    /// Once each message left a wrapping around the closure, and half a million of them the stack too short.
    @Test func ringingCostsTheSameHoweverOften() {
        let rings = 500_000
        let counter = Counter()
        let bell = GoimDoorbell()
        bell.ring()
        bell.setWaker { counter.add() }
        for _ in 0..<rings { bell.ring() }
        bell.dropWaker()
        bell.ring()
        #expect(counter.value == rings)
    }

    @Test func theEndIsToldAndSeen() {
        let counter = Counter()
        let bell = GoimDoorbell()
        bell.setWaker { counter.add() }
        #expect(!bell.isFinished)
        bell.finish()
        #expect(bell.isFinished && counter.value == 1)
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .relaxed) }
        func add() { count.add(1, ordering: .relaxed) }
    }
}
