/// Wakes one task that is suspended: a signal that stays until it is taken, however often it was given.
///
/// The twin of ``ThreadSignal`` for a consumer that is a task. `signal` from any thread, `wait` in one task
/// at a time. Signals come once per burst, so the lock is far from any message's way.
package final class TaskSignal: Sendable {
    private enum State {
        case quiet
        case signalled
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Locked(State.quiet)

    /// Not signalled.
    package init() {}

    /// Has the waiting task go on, or the next wait return at once.
    package func signal() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard case .waiting(let continuation) = state else {
                state = .signalled
                return nil
            }
            state = .quiet
            return continuation
        }
        waiter?.resume()
    }

    /// Suspends until there was a signal, and takes it. A task that is cancelled goes on at once, which may
    /// leave a signal behind: whoever waits looks for itself what there is to do.
    package func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state -> Bool in
                    if case .signalled = state {
                        state = .quiet
                        return true
                    }
                    state = .waiting(continuation)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            self.signal()
        }
    }
}
