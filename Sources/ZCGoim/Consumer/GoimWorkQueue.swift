import ZCNet

/// Work for one thread of a dispatcher, in order. Any thread adds; one takes, and sleeps while there is none.
final class GoimWorkQueue<Work: Sendable>: Sendable {
    private struct State {
        var waiting: [Work] = []
        var isFinished = false
    }

    private let state = Locked(State())
    private let signal = ThreadSignal()

    /// Adds work; false once the queue has finished.
    @discardableResult
    func add(_ work: Work) -> Bool {
        let (isAdded, isFirst) = state.withLock { state in
            if state.isFinished { return (false, false) }
            state.waiting.append(work)
            return (true, state.waiting.count == 1)
        }
        if isFirst { signal.signal() }
        return isAdded
    }

    /// All work there is, when there is any; nil at the end.
    func takeAll() -> [Work]? {
        while true {
            let (work, isFinished) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.waiting, state.isFinished)
            }
            if !work.isEmpty { return work }
            if isFinished { return nil }
            signal.wait()
        }
    }

    /// No more work: what waits is still taken.
    func finish() {
        state.withLock { $0.isFinished = true }
        signal.signal()
    }
}
