import ZCNet

/// Who wants to know that a client's loop has ended, because what they wait for there will not come. Any
/// thread.
final class LoopEndWatchers: Sendable {
    private struct Watcher {
        let loop: Int
        /// Watchers are told in the order in which they came: a simulated run must not depend on addresses.
        let number: Int
        let ended: @Sendable () -> Void
    }

    private struct State {
        var watchers: [ObjectIdentifier: Watcher] = [:]
        var nextNumber = 0
    }

    private let state = Locked(State())

    /// Tells `ended` when the loop has; `owner` names it, for `remove`.
    func add(_ owner: AnyObject, loop: Int, _ ended: @escaping @Sendable () -> Void) {
        let key = ObjectIdentifier(owner)
        state.withLock { state in
            state.watchers[key] = Watcher(loop: loop, number: state.nextNumber, ended: ended)
            state.nextNumber += 1
        }
    }

    func remove(_ owner: AnyObject) {
        let key = ObjectIdentifier(owner)
        let removed = state.withLock { $0.watchers.removeValue(forKey: key) }
        // What the closure keeps alive may end here: outside of the lock.
        _ = removed
    }

    func loopEnded(_ index: Int) {
        let due = state.withLock { state in
            let due = state.watchers.filter { $0.value.loop == index }
            for key in due.keys { state.watchers[key] = nil }
            return due
        }
        for watcher in due.values.sorted(by: { $0.number < $1.number }) { watcher.ended() }
    }
}
