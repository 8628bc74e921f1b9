/// What will happen in a simulated network, by time; what is due at the same time happens in the order it was
/// added.
struct SimulatedAgenda {
    /// One thing to happen.
    enum Event {
        /// The next segment, or the end, comes to this socket.
        case segment(reader: Int32)
        /// A connection attempt comes to its listener.
        case attempt(client: Int32)
        /// The listener's answer comes to the client.
        case answer(client: Int32, refused: Bool)
        /// A reset comes to this socket.
        case reset(socket: Int32)
    }

    private struct Entry {
        let due: Int64
        let order: UInt64
        let event: Event

        func comes(before other: Entry) -> Bool { due != other.due ? due < other.due : order < other.order }
    }

    /// A binary heap.
    private var heap: [Entry] = []
    private var nextOrder: UInt64 = 0

    var nextDue: Int64? { heap.first?.due }

    mutating func add(_ event: Event, at due: Int64) {
        heap.append(Entry(due: due, order: nextOrder, event: event))
        nextOrder += 1
        var child = heap.count - 1
        while child > 0, heap[child].comes(before: heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the next event if it is due.
    mutating func take(dueBy now: Int64) -> Event? {
        guard let first = heap.first, first.due <= now else { return nil }
        let last = heap.removeLast()
        if heap.isEmpty { return first.event }
        heap[0] = last
        sink()
        return first.event
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            if child >= heap.count { return }
            if child + 1 < heap.count && heap[child + 1].comes(before: heap[child]) { child += 1 }
            if !heap[child].comes(before: heap[parent]) { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
