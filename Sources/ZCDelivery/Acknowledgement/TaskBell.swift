import Synchronization
import ZCNet

/// Wakes one task that waits: a ring that stays until it is heard. `ring` from any thread, `wait` in one task
/// at a time.
final class TaskBell: Sendable {
    private enum State {
        case quiet
        case rung
        case waiting(CheckedContinuation<Void, Never>)
        case cancelled
    }

    /// Rung once per burst, so the lock is far from any message's way.
    private let state = Locked(State.quiet)

    /// Has the waiting task go on, or the next wait return at once.
    func ring() { change { $0 = .rung } }

    /// From now on nobody waits.
    func cancel() { change { $0 = .cancelled } }

    /// Suspends until there was a ring, and takes it.
    func wait() async {
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state -> Bool in
                switch state {
                case .quiet, .waiting:
                    state = .waiting(continuation)
                    return false
                case .rung:
                    state = .quiet
                    return true
                case .cancelled: return true
                }
            }
            if goesOn { continuation.resume() }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            switch state {
            case .cancelled: return nil
            case .waiting(let continuation):
                body(&state)
                // A ring that woke somebody is heard.
                if case .rung = state { state = .quiet }
                return continuation
            case .quiet, .rung:
                body(&state)
                return nil
            }
        }
        waiter?.resume()
    }
}
