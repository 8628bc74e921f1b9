import Glibc
import Testing
import ZCNet

/// Runs blocking work on a thread of its own, so that the few threads of the tests' tasks stay free.
enum OwnThread {
    static func run(_ body: @escaping @Sendable () -> Void) {
        do {
            try PosixThread(name: "delivery-test", run: body).detach()
        } catch {
            Issue.record("no thread: \(error)")
        }
    }

    /// Runs work and waits for its end.
    static func value<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await awaitedAnswer { answer in
            run { answer.give(body()) }
        }
    }
}

extension OwnThread {
    /// Lets others run.
    static func yield() { sched_yield() }
}
