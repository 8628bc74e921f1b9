import Testing

@testable import ZCNet

@Suite struct TaskSignalTests {
    @Test func aSignalStaysUntilItIsTaken() async {
        let signal = TaskSignal()
        signal.signal()
        signal.signal()
        await signal.wait()
        // The two were one: who waits again needs another.
        let isGiven = Locked(false)
        let second = Task {
            await signal.wait()
            return isGiven.withLock { $0 }
        }
        for _ in 0..<100 { await Task.yield() }
        isGiven.withLock { $0 = true }
        signal.signal()
        #expect(await second.value)
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
