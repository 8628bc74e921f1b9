import Testing

@testable import ZCNet

@Suite struct ThreadSignalTests {
    /// Runs blocking work on a thread of its own, so that the few threads of the tests' tasks stay free.
    private func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async throws -> Value {
        try await awaitedAnswer { (answer: AwaitedAnswer<Result<Value, SystemError>>) in
            do throws(SystemError) {
                try PosixThread(name: "signal-test") { answer.give(.success(body())) }.detach()
            } catch {
                answer.give(.failure(error))
            }
        }.get()
    }

    @Test func aSignalStaysUntilItIsTaken() async throws {
        let signal = ThreadSignal()
        signal.signal()
        signal.signal()
        #expect(try await onOwnThread { signal.wait(timeoutNanoseconds: 60_000_000_000) })
        #expect(try await onOwnThread { !signal.wait(timeoutNanoseconds: 1_000_000) })
    }

    @Test func everyRoundOfTwoThreadsIsHeard() async throws {
        let (ping, pong) = (ThreadSignal(), ThreadSignal())
        let rounds = 20_000
        try PosixThread(name: "signal-test") {
            for _ in 0..<rounds {
                ping.wait()
                pong.signal()
            }
        }.detach()
        let heard = try await onOwnThread {
            (0..<rounds).allSatisfy { _ in
                ping.signal()
                return pong.wait(timeoutNanoseconds: 60_000_000_000)
            }
        }
        #expect(heard)
    }
}
