/// Work that waits for its time on a loop: closures by number, so that a timer can name them.
struct LoopTasks {
    private var tasks: [UInt32: () -> Void] = [:]
    private var next: UInt32 = 1

    mutating func add(_ task: @escaping () -> Void) -> UInt32 {
        defer { next = next &+ 1 }
        tasks[next] = task
        return next
    }

    mutating func take(_ number: UInt32) -> (() -> Void)? { tasks.removeValue(forKey: number) }
}

extension ConnectionHost {
    func runTask(_ number: UInt32) {
        guard let task = state[].tasks.take(number) else { return }
        task()
    }

    func schedule(after delay: Duration, _ task: @escaping () -> Void) -> TimerID {
        let number = state[].tasks.add(task)
        return loop.schedule(TimerPayload(.task, number: number), at: loop.now + delay)
    }
}
