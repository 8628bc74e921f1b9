import Synchronization
import Testing

@testable import ZCNet

@Suite struct TaskSignalTests {
    @Test func aSignalStaysUntilItIsTaken() async {
        let signal = TaskSignal()
        signal.signal()
        signal.signal()
        await signal.wait()
        // The two were one: who waits again needs another.
        let isOver = Atomic(false)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await signal.wait()
                let wasOver = isOver.load(ordering: .acquiring)
                #expect(wasOver, "the second wait needs a signal of its own")
            }
            for _ in 0..<100 { await Task.yield() }
            isOver.store(true, ordering: .releasing)
            signal.signal()
            await group.waitForAll()
        }
    }

    @Test func everyRoundOfTwoTasksIsHeard() async {
        let (ping, pong) = (TaskSignal(), TaskSignal())
        let rounds = 10_000
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<rounds {
                    await ping.wait()
                    pong.signal()
                }
            }
            for _ in 0..<rounds {
                ping.signal()
                await pong.wait()
            }
            await group.waitForAll()
        }
    }

    @Test func aCancelledTaskGoesOn() async {
        let signal = TaskSignal()
        let waiting = Task { await signal.wait() }
        waiting.cancel()
        await waiting.value
        let late = Task {
            while !Task.isCancelled { await Task.yield() }
            await signal.wait()
            await signal.wait()
        }
        late.cancel()
        await late.value
    }
}
