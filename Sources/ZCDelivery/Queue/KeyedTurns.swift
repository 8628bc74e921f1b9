import ZCNet

/// What the consumer of an ``EventQueue`` works with.
struct EventTurns<Key: Hashable & Sendable, Event: Sendable>: ~Copyable {
    var turns = KeyedTurns<Key, Event>()
    /// The batch being handed out, kept for its memory.
    var events: [Event] = []
    var sizes: [Int] = []
}

/// Events by key, handed out in turns: the consumer's side of an ``EventQueue``, without threads.
///
/// Each key that has events stands once in a circle. A turn takes events of the first key, oldest first, up
/// to the limits of a batch, and if the key has more it goes to the end. So events of a key keep their order,
/// and a key waits at most for one batch of each other key, however much those have.
///
/// One thread at a time. Adding and taking are O(1) per event. Places of events and keys are kept for reuse;
/// there are never more than the queue may hold.
struct KeyedTurns<Key: Hashable & Sendable, Event: Sendable>: ~Copyable {
    /// An event that waits, and the next of its key.
    // Why not private: the compiler of Swift 6.3 fails on slabs of private types in other files' structs.
    struct Node {
        let queued: QueuedEvent<Key, Event>
        var next: SlotIndex?
    }

    /// A key that has events: at least one.
    struct Lane {
        let key: Key
        var first: SlotIndex
        var last: SlotIndex
        /// The lane whose turn comes after this one's.
        var nextInCircle: SlotIndex?
    }

    private var nodes = Slab<Node>()
    private var lanes = Slab<Lane>()
    private var laneOfKey: [Key: SlotIndex] = [:]
    private var firstLane: SlotIndex?
    private var lastLane: SlotIndex?

    /// The events that wait.
    var count: Int { nodes.count }
    /// The keys that have events.
    var keyCount: Int { lanes.count }

    /// Puts an event behind the others of its key.
    mutating func add(_ queued: QueuedEvent<Key, Event>) {
        let key = queued.key
        let node = nodes.insert(Node(queued: queued, next: nil))
        if let lane = laneOfKey[key] {
            nodes[lanes[lane].last].next = node
            lanes[lane].last = node
            return
        }
        let lane = lanes.insert(Lane(key: key, first: node, last: node, nextInCircle: nil))
        laneOfKey[key] = lane
        joinCircle(lane)
    }

    /// Moves the next key's turn into the arrays, which are emptied first and keep their memory. Nil when
    /// nothing waits.
    mutating func take(
        eventsMax: Int, bytesMax: Int, events: inout [Event], sizes: inout [Int]
    ) -> (key: Key, byteCount: Int)? {
        guard let lane = firstLane else { return nil }
        events.removeAll(keepingCapacity: true)
        sizes.removeAll(keepingCapacity: true)
        firstLane = lanes[lane].nextInCircle
        if firstLane == nil { lastLane = nil }

        var bytes = 0
        var next: SlotIndex? = lanes[lane].first
        while let place = next, events.count < eventsMax {
            let size = nodes[place].queued.byteCount
            if !events.isEmpty && size > bytesMax - bytes { break }
            let node = nodes.remove(place)
            events.append(node.queued.event)
            sizes.append(size)
            bytes += size
            next = node.next
        }
        let key = lanes[lane].key
        if let rest = next {
            lanes[lane].first = rest
            joinCircle(lane)
        } else {
            laneOfKey[key] = nil
            lanes.remove(lane)
        }
        return (key, bytes)
    }

    private mutating func joinCircle(_ lane: SlotIndex) {
        lanes[lane].nextInCircle = nil
        if let last = lastLane {
            lanes[last].nextInCircle = lane
        } else {
            firstLane = lane
        }
        lastLane = lane
    }
}
