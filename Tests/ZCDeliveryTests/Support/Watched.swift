import Glibc
import ZCNet

/// A value that one thread changes and another waits for; gives up after a minute, as the machine may
/// be busy.
final class Watched<Value: Sendable>: Sendable {
    private let state: Locked<Value>
    private let changed = ThreadSignal()

    init(_ value: Value) { state = Locked(value) }

    var value: Value { state.withLock { $0 } }

    func update(_ body: (inout sending Value) -> Void) {
        state.withLock { body(&$0) }
        changed.signal()
    }

    /// Waits, in one thread at a time, until the value satisfies `condition`. Blocks.
    func wait(until condition: (Value) -> Bool) -> Bool {
        let deadline = MonotonicClock.system.now() + .seconds(600)
        while !condition(value) {
            let left = (deadline - MonotonicClock.system.now()) / .nanoseconds(1)
            if left <= 0 { return false }
            changed.wait(timeoutNanoseconds: Int64(left))
        }
        return true
    }
}
