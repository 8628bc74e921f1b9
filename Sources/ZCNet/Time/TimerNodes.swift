/// The timers of a wheel: nodes of 32 bytes in one array, linked by index into circular lists.
///
/// The array grows by doubling and never shrinks; free nodes are chained, so arming after warm-up allocates nothing.
///
/// SAFETY: `@safe` because indices come from the lists themselves or were checked by `find`; nodes below `used` are
/// initialised.
@safe
@frozen
@usableFromInline
struct TimerNodes: ~Copyable {
    @frozen
    @usableFromInline
    struct Node {
        @usableFromInline var payload: UInt64
        /// The tick that the timer is due at.
        @usableFromInline var deadline: UInt64
        @usableFromInline var next: UInt32
        @usableFromInline var previous: UInt32
        @usableFromInline var generation: UInt32
        /// The list that the node is in, or `free`.
        @usableFromInline var list: UInt32

        @inlinable
        init(payload: UInt64, deadline: UInt64, index: UInt32) {
            self.payload = payload
            self.deadline = deadline
            next = index
            previous = index
            generation = 1
            list = TimerNodes.free
        }
    }

    @usableFromInline static var nobody: UInt32 { .max }
    /// The list number of a node that is in none.
    @usableFromInline static var free: UInt32 { .max }

    @usableFromInline var nodes: UnsafeMutablePointer<Node>
    @usableFromInline var capacity: UInt32
    @usableFromInline var used: UInt32 = 0
    @usableFromInline var firstFree = TimerNodes.nobody

    init() {
        capacity = 16
        unsafe nodes = .allocate(capacity: 16)
    }

    deinit { unsafe nodes.deallocate() }

    @inlinable
    subscript(index: UInt32) -> Node {
        @inline(__always) unsafeAddress { unsafe UnsafePointer(nodes + Int(index)) }
        @inline(__always) unsafeMutableAddress { unsafe nodes + Int(index) }
    }

    /// The index of an armed timer, or nil when the id is stale.
    @inlinable
    func find(_ id: TimerID) -> UInt32? {
        let index = id.node
        guard index < used, self[index].generation == id.generation, self[index].list != Self.free else {
            return nil
        }
        return index
    }

    /// A node for a new timer, in no list yet.
    @inlinable
    mutating func take(payload: UInt64, deadline: UInt64) -> UInt32 {
        var index = firstFree
        if index == Self.nobody {
            if used == capacity { grow() }
            index = used
            used += 1
            unsafe (nodes + Int(index)).initialize(
                to: Node(payload: payload, deadline: deadline, index: index))
            return index
        }
        firstFree = self[index].next
        self[index].payload = payload
        self[index].deadline = deadline
        return index
    }

    /// Gives a node back; ids of it are stale from now on.
    @inlinable
    mutating func give(_ index: UInt32) {
        self[index].generation &+= 1
        self[index].list = Self.free
        self[index].next = firstFree
        firstFree = index
    }

    @usableFromInline
    mutating func grow() {
        precondition(capacity < 1 << 31, "a wheel takes at most 2^31 timers")
        let larger = UnsafeMutablePointer<Node>.allocate(capacity: Int(capacity) * 2)
        unsafe larger.moveInitialize(from: nodes, count: Int(used))
        unsafe nodes.deallocate()
        unsafe nodes = larger
        capacity *= 2
    }
}
