/// A timer as goim and most event loops keep it: an object that knows its place in the heap.
final class HeapTimer {
    let deadline: Int64
    let payload: UInt64
    var position = -1

    init(deadline: Int64, payload: UInt64) {
        self.deadline = deadline
        self.payload = payload
    }
}

/// A binary heap of timer objects, written as one writes it: an array, O(log n) to arm and to cancel, one
/// allocation per timer.
struct ObjectHeap {
    private var timers: [HeapTimer] = []

    var count: Int { timers.count }

    mutating func schedule(payload: UInt64, at deadline: Int64) -> HeapTimer {
        let timer = HeapTimer(deadline: deadline, payload: payload)
        timer.position = timers.count
        timers.append(timer)
        siftUp(timer.position)
        return timer
    }

    mutating func cancel(_ timer: HeapTimer) -> Bool {
        let position = timer.position
        guard position >= 0, let last = timers.popLast() else { return false }
        timer.position = -1
        if last === timer { return true }
        timers[position] = last
        last.position = position
        siftDown(position)
        siftUp(position)
        return true
    }

    private mutating func siftUp(_ start: Int) {
        var position = start
        while position > 0 {
            let parent = (position - 1) / 2
            if timers[parent].deadline <= timers[position].deadline { return }
            exchange(parent, position)
            position = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var position = start
        while true {
            var least = position
            let (left, right) = (2 * position + 1, 2 * position + 2)
            if left < timers.count && timers[left].deadline < timers[least].deadline { least = left }
            if right < timers.count && timers[right].deadline < timers[least].deadline { least = right }
            if least == position { return }
            exchange(position, least)
            position = least
        }
    }

    private mutating func exchange(_ first: Int, _ second: Int) {
        timers.swapAt(first, second)
        timers[first].position = first
        timers[second].position = second
    }
}
