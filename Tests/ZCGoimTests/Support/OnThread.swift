import Foundation
import ZCNet

/// Runs what blocks on a thread of its own: the cooperative pool is as small as the machine.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await awaitedAnswer { answer in
        Thread { answer.give(Result(catching: body)) }.start()
    }.get()
}

/// A value that threads of the library and a test share, and whose change a test can wait for.
final class Shared<Value: Sendable>: @unchecked Sendable {
    private var value: Value
    private let condition = NSCondition()

    init(_ value: Value) { self.value = value }

    func update<Result>(_ body: (inout Value) -> Result) -> Result {
        condition.lock()
        defer { condition.unlock() }
        defer { condition.broadcast() }
        return body(&value)
    }

    var now: Value { update { $0 } }

    /// Blocks until the condition holds; false after a minute.
    func wait(until isTrue: (Value) -> Bool) -> Bool {
        let deadline = Date().addingTimeInterval(60)
        condition.lock()
        defer { condition.unlock() }
        while !isTrue(value) { if !condition.wait(until: deadline) { return isTrue(value) } }
        return true
    }
}

/// Asks again and again until it holds; false after a minute. For what nobody tells of.
func eventually(_ isTrue: () -> Bool) -> Bool {
    let deadline = Date().addingTimeInterval(60)
    while !isTrue() {
        if Date() > deadline { return false }
        sched_yield()
    }
    return true
}
