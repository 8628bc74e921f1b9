import Testing
import ZCNet

@Suite struct ThreadSignalTests {
    @Test func aSignalStaysUntilItIsTaken() async {
        let signal = ThreadSignal()
        signal.signal()
        signal.signal()
        #expect(await OwnThread.value { signal.wait(timeoutNanoseconds: 60_000_000_000) })
        #expect(await OwnThread.value { !signal.wait(timeoutNanoseconds: 1_000_000) })
    }

    @Test func everyRoundOfTwoThreadsIsHeard() async {
        let (ping, pong) = (ThreadSignal(), ThreadSignal())
        let rounds = 20_000
        OwnThread.run {
            for _ in 0..<rounds {
                ping.wait()
                pong.signal()
            }
        }
        let heard = await OwnThread.value {
            (0..<rounds).allSatisfy { _ in
                ping.signal()
                return pong.wait(timeoutNanoseconds: 60_000_000_000)
            }
        }
        #expect(heard)
    }
}
