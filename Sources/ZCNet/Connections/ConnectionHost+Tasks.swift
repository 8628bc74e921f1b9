extension ConnectionHost {
    /// Work that waits for its time on the loop, under the id of its timer.
    typealias LoopTasks = [TimerID: () -> Void]

    /// Runs `task` on this loop after `delay`; from the loop's thread. Allocates.
    package func schedule(after delay: Duration, _ task: @escaping () -> Void) -> TimerID {
        let id = loop.schedule(TimerPayload(.task, number: 0), at: loop.now + delay)
        state[].tasks[id] = task
        return id
    }

    /// Cancels a timer of a connection or of a task; what a task would have kept alive goes with it.
    package func cancel(_ timer: TimerID) {
        loop.cancel(timer)
        if !state[].tasks.isEmpty { state[].tasks[timer] = nil }
    }

    /// Has work done in the loop's next turn, which then does not wait for anything else.
    package func nextTurn(_ work: @escaping @Sendable (ConnectionHost) -> Void) {
        siblings.post(to: loop.index, isControl: true, work)
    }

    func runTask(_ id: TimerID) {
        guard let task = state[].tasks.removeValue(forKey: id) else { return }
        task()
    }
}
