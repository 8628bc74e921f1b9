/// Where the mailbox algorithm keeps what it knows of a node. Nodes are named by their address.
@usableFromInline
protocol MailboxLinks {
    /// The node pushed before this one, 0 for none.
    func next(of node: UInt) -> UInt
    /// Changes the node pushed before this one.
    func setNext(of node: UInt, to next: UInt)
    /// Whether the node was pushed without counting against the limit.
    func isControl(_ node: UInt) -> Bool
}

/// The mailbox algorithm: a stack of nodes that any thread pushes to and one thread takes as a whole.
///
/// All of the state is one word, the address of the newest node with two flags in its low bits, so that there
/// is a single order of everything that happens, and no fence is needed.
@frozen @usableFromInline
struct MailboxCore<Cells: CellBlock, Links: MailboxLinks> {
    @usableFromInline let cells: Cells
    @usableFromInline let links: Links
    @usableFromInline let limit: UInt

    /// Nothing may be pushed any more.
    @inlinable static var closed: UInt { 1 }
    /// Nothing is queued, but the consumer will look once more before it rests: it need not be woken.
    @inlinable static var awake: UInt { 2 }
    @inlinable static var flags: UInt { closed | awake }

    @inlinable static var newestWord: Int { 0 }
    /// On a line of its own: each push changes both words, but the consumer reads only the other one.
    @inlinable static var countWord: Int { 16 }
    @inlinable static var lines: Int { 2 }

    @inlinable
    init(cells: Cells, links: Links, limit: Int) {
        self.cells = cells
        self.links = links
        self.limit = UInt(bitPattern: limit)
    }

    @inlinable
    var isClosed: Bool { cells.cell(at: Self.newestWord).loadAcquiring() & Self.closed != 0 }

    @inlinable
    var count: Int { Int(bitPattern: cells.cell(at: Self.countWord).loadRelaxed()) }

    /// Takes a place under the limit; false if there is none.
    @inlinable
    func reserve() -> Bool {
        let count = cells.cell(at: Self.countWord)
        var old = count.loadRelaxed()
        // A loop rather than an addition that is taken back: nobody is refused because of another's refusal.
        // Relaxed would do throughout: the count is a bound, no memory is handed over by it.
        while old < limit {
            let found = count.compareExchange(expected: old, desired: old &+ 1)
            if found == old { return true }
            old = found
        }
        return false
    }

    /// Gives places back.
    @inlinable
    func unreserve(_ places: UInt) {
        let count = cells.cell(at: Self.countWord)
        var old = count.loadRelaxed()
        while true {
            let found = count.compareExchange(expected: old, desired: old &- places)
            if found == old { return }
            old = found
        }
    }

    /// Puts a node on top. After `.closed` the node is still the caller's, after any other answer it is not.
    @inlinable
    func push(_ node: UInt) -> MailboxPush {
        let newest = cells.cell(at: Self.newestWord)
        var old = newest.loadRelaxed()
        while true {
            if old & Self.closed != 0 { return .closed }
            links.setNext(of: node, to: old & ~Self.flags)
            // Releasing: the node's content and link are visible to who takes it, also through nodes pushed
            // on top of it, because their exchanges continue this one's release sequence.
            let found = newest.compareExchange(expected: old, desired: node)
            if found == old { break }
            old = found
        }
        // Not zero: either an earlier push found the zero, or the consumer has said that it will look again.
        return old == 0 ? .wake : .queued
    }

    /// Lets later pushes fail. True the first time: the consumer should be woken to learn of it.
    @inlinable
    func close() -> Bool {
        let newest = cells.cell(at: Self.newestWord)
        var old = newest.loadRelaxed()
        while old & Self.closed == 0 {
            let found = newest.compareExchange(expected: old, desired: old | Self.closed)
            if found == old { return true }
            old = found
        }
        return false
    }

    /// Takes everything and visits it, oldest first; `visit` owns the node.
    ///
    /// Two rounds at most: the first leaves the mark that no wake-up is needed, the second takes what came
    /// meanwhile and leaves none. So a busy queue costs few wake-ups, and cannot hold its consumer for ever.
    @inlinable
    func drain(_ visit: (UInt) -> Void) {
        let newest = cells.cell(at: Self.newestWord)
        // Nothing seen, nothing taken: a push that this load missed has found a zero and wakes.
        if newest.loadRelaxed() & ~Self.flags == 0 { return }
        take(leaving: Self.awake, visit)
        let found = newest.compareExchange(expected: Self.awake, desired: 0)
        if found & ~Self.flags != 0 { take(leaving: 0, visit) }
    }

    /// Takes the chain, leaves `mark` in its place, and visits the nodes, oldest first.
    @inlinable
    func take(leaving mark: UInt, _ visit: (UInt) -> Void) {
        let newest = cells.cell(at: Self.newestWord)
        var old = newest.loadRelaxed()
        while true {
            // Acquiring: pairs with the pushes. The closed flag stays.
            let found = newest.compareExchange(expected: old, desired: (old & Self.closed) | mark)
            if found == old { break }
            old = found
        }
        var oldest: UInt = 0
        var node = old & ~Self.flags
        var places: UInt = 0
        while node != 0 {
            if !links.isControl(node) { places &+= 1 }
            let next = links.next(of: node)
            links.setNext(of: node, to: oldest)
            oldest = node
            node = next
        }
        if places != 0 { unreserve(places) }
        while oldest != 0 {
            let next = links.next(of: oldest)
            visit(oldest)
            oldest = next
        }
    }
}

extension MailboxCore: Sendable where Cells: Sendable, Links: Sendable {}
