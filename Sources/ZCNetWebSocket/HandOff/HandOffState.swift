import ZCNet

/// The queue of a hand-off, and who waits for it: all that its lock protects.
struct HandOffState<Element: Sendable> {
    /// A ring of a fixed size, made at once.
    private var ring: [Element?]
    private var head = 0
    private(set) var counts = HandOffCounts()
    /// Connections that are not read from, each with the number of its pause. Those that end are forgotten,
    /// so there are never more than there are connections.
    private var paused: [ConnectionID: (pause: Int, remote: RemoteWebSocket)] = [:]
    /// Whether the consumer found nothing, and has to be told when something comes.
    var isAwaited = false
    var isFinished = false

    init(capacity: Int) { ring = Array(repeating: nil, count: capacity) }

    var capacity: Int { ring.count }
    var isEmpty: Bool { counts.waiting == 0 }

    /// Whether connections are to be paused.
    var isPressed: Bool { counts.waiting >= max(capacity - capacity / 4, 1) }

    /// Takes as many of `count` elements as the policy has room for.
    ///
    /// - Returns: how many of them were taken.
    mutating func add(_ count: Int, _ policy: HandOffPolicy, _ element: (Int) -> Element) -> Int {
        let room = capacity - counts.waiting
        counts.offered += count
        if policy == .dropOldest {
            // Of more than fit at all, the last ones stay.
            let first = max(count - capacity, 0)
            remove(max(count - first - room, 0))
            counts.dropped += first
            for index in first..<count { append(element(index)) }
            return count - first
        }
        let accepted = min(count, room)
        counts.dropped += count - accepted
        for index in 0..<accepted { append(element(index)) }
        return accepted
    }

    private mutating func append(_ element: Element) {
        var place = head + counts.waiting
        if place >= ring.count { place -= ring.count }
        ring[place] = element
        counts.waiting += 1
        counts.waitingMax = max(counts.waitingMax, counts.waiting)
    }

    private mutating func remove(_ count: Int) {
        for _ in 0..<count { _ = removeFirst() }
        counts.dropped += count
    }

    private mutating func removeFirst() -> Element? {
        let element = ring[head].take()
        head = head + 1 == ring.count ? 0 : head + 1
        counts.waiting -= 1
        return element
    }

    /// Moves up to `limit` elements to the end of an array.
    mutating func take(_ limit: Int, into elements: inout [Element]) {
        let count = min(limit, counts.waiting)
        for _ in 0..<count {
            if let element = removeFirst() { elements.append(element) }
        }
        counts.taken += count
    }

    /// Notes that a connection is not read from.
    mutating func didPause(_ remote: RemoteWebSocket) {
        counts.pauses += 1
        paused[remote.id] = (counts.pauses, remote)
    }

    /// Forgets a connection that is over.
    mutating func forget(_ id: ConnectionID) { paused[id] = nil }

    /// How many connections are not read from.
    var pausedCount: Int { paused.count }

    /// Notes that a connection was closed.
    mutating func didClose() { counts.closes += 1 }

    /// The connections that may be read from again, in the order in which they were paused.
    mutating func resumable() -> [RemoteWebSocket] {
        if paused.isEmpty || counts.waiting > capacity / 4 && !isFinished { return [] }
        defer { paused.removeAll(keepingCapacity: paused.count < 256) }
        return paused.values.sorted { $0.pause < $1.pause }.map(\.remote)
    }

    /// Whether the consumer has to be told that something came, or that nothing more will.
    mutating func wake() -> Bool {
        defer { isAwaited = false }
        return isAwaited
    }
}
