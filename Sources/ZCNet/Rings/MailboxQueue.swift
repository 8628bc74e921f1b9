/// A queue into one consumer from any number of threads, limited by a count, without locks.
///
/// ```swift
/// let mailbox = try MailboxQueue<Job>(countMax: 65_536)
/// // any thread
/// switch mailbox.push(job) {
/// case .wake: wakeTheLoop()            // once per burst
/// case .queued: break
/// case .full, .closed: refuse()
/// }
/// // the consumer, when woken
/// mailbox.drain { job in job.run() }
/// ```
/// Ownership: an element belongs to the queue from a push that answers `.wake` or `.queued` until `drain`
/// hands it over; a refused one is destroyed. What is still queued when the queue goes away is destroyed with
/// it.
///
/// Threads: `push`, `close`, `count` and `isClosed` from any; `drain` from one thread at a time.
///
/// Order: what one thread pushes arrives in its order.
///
/// Complexity: a push allocates one node and exchanges two words; a drain exchanges one or two words for the
/// burst, and frees each node. Nobody waits for anybody, except that an exchange that lost a race is tried
/// again.
///
/// Limits: `countMax` within ``countLimits``, for ordinary elements. Control elements are exempt, so who
/// pushes them must bound them in another way (one per connection, say).
///
/// SAFETY: `@unchecked Sendable` because elements are Sendable, and the core hands each node to one thread at
/// a time.
@usableFromInline
package final class MailboxQueue<Element: ~Copyable & Sendable>: @unchecked Sendable {
    @usableFromInline let core: MailboxCore<MemoryCells, MailboxNodes<Element>>

    /// What may be asked for as the limit.
    @inlinable
    package static var countLimits: ClosedRange<Int> { 1...(1 << 30) }

    /// Makes an empty queue for at most `countMax` ordinary elements. Throws if that is outside
    /// ``countLimits``.
    package init(countMax: Int) throws(ConfigurationError) {
        try ConfigurationError.check("MailboxQueue.countMax", countMax, in: Self.countLimits)
        typealias Core = MailboxCore<MemoryCells, MailboxNodes<Element>>
        let base = UnsafeMutableRawPointer.allocate(
            byteCount: Core.lines * MemoryCells.lineBytes, alignment: MemoryCells.lineBytes)
        // SAFETY: freed in `deinit`, when nobody has the queue any more.
        let cells = unsafe MemoryCells(initializing: base, lines: Core.lines)
        core = Core(cells: cells, links: MailboxNodes(), limit: countMax)
    }

    deinit {
        core.drain { core.links.destroy($0) }
        unsafe core.cells.base.deallocate()
    }

    /// Queues an element, or refuses and destroys it.
    ///
    /// After `.wake` the caller must wake the consumer, after `.queued` it need not. A control element is
    /// never refused for the limit.
    @inlinable
    package func push(_ element: consuming Element, isControl: Bool = false) -> MailboxPush {
        if core.isClosed { return .closed }
        if !isControl && !core.reserve() { return .full }
        let node = core.links.make(element, isControl: isControl)
        let answer = core.push(node)
        if answer == .closed {
            core.links.destroy(node)
            if !isControl { core.unreserve(1) }
        }
        return answer
    }

    /// As `push` of an ordinary element, for who may have more to say in the same place; see `join`.
    package func pushOpen(_ element: consuming Element) -> (answer: MailboxPush, place: MailboxPlace) {
        if core.isClosed { return (.closed, .none) }
        if !core.reserve() { return (.full, .none) }
        let node = core.links.make(element, isControl: false)
        let answer = core.push(node)
        if answer != .closed { return (answer, MailboxPlace(node: node)) }
        core.links.destroy(node)
        core.unreserve(1)
        return (answer, .none)
    }

    /// Whether an element is still the newest and has not been taken, so that what is said in its place now
    /// stands behind everything that was pushed before, and ahead of all that will be. Then it counts as one
    /// element more, until `leave`.
    ///
    /// Who asks keeps the element from having been used, by a lock say: it may be taken at any time, and once
    /// its use has ended the place may be another's.
    package func join(_ place: MailboxPlace) -> Bool { core.isNewest(place.node) && core.reserve() }

    /// What has joined elements was used: their places are free.
    package func leave(_ count: Int) { if count > 0 { core.unreserve(UInt(count)) } }

    /// Hands over everything that is queued, oldest first.
    ///
    /// What comes in meanwhile is handed over as well, once; what comes after that wakes again. So a drain
    /// ends, and one that was called after a wake-up leaves nothing behind that nobody tells of. `body` may
    /// push to this queue.
    @inlinable
    package func drain(_ body: (consuming Element) -> Void) {
        core.drain { core.links.use($0, body) }
    }

    /// Refuses all later pushes. What is queued stays for `drain`. True for the first call, whose caller
    /// should wake the consumer if it has to learn of it.
    @discardableResult
    package func close() -> Bool { core.close() }

    /// Whether pushes are refused.
    @inlinable
    package var isClosed: Bool { core.isClosed }

    /// Ordinary elements queued at about this moment.
    @inlinable
    package var count: Int { core.count }
}

/// Where an element was queued. Names it until `drain` has used it, and nothing afterwards.
package struct MailboxPlace: Sendable {
    fileprivate let node: UInt

    /// The place of nothing.
    package static var none: MailboxPlace { MailboxPlace(node: 0) }
}

/// One queued element, and the link to the one pushed before it.
@frozen @usableFromInline
struct MailboxNode<Element: ~Copyable>: ~Copyable {
    @usableFromInline var next: UInt
    @usableFromInline let isControl: Bool
    @usableFromInline let element: Element

    @inlinable
    init(element: consuming Element, isControl: Bool) {
        next = 0
        self.isControl = isControl
        self.element = element
    }

    @inlinable
    consuming func take() -> Element { element }
}

/// Nodes on the heap, named by their address.
///
/// SAFETY: an address comes from `make` alone, and the algorithm hands each node to one owner at a time, who
/// ends with `use` or `destroy`. The flags of `MailboxCore` fit below it: an allocation is aligned to at
/// least 8 bytes.
@frozen @usableFromInline
struct MailboxNodes<Element: ~Copyable>: MailboxLinks, Sendable {
    @usableFromInline typealias Node = MailboxNode<Element>

    @inlinable
    init() {}

    @inlinable
    func make(_ element: consuming Element, isControl: Bool) -> UInt {
        let node = UnsafeMutablePointer<Node>.allocate(capacity: 1)
        unsafe node.initialize(to: Node(element: element, isControl: isControl))
        return UInt(bitPattern: node)
    }

    /// Hands over the element. The node is freed when that has returned: until then no other node has its
    /// address, so that nobody takes another's place for this one's.
    @inlinable
    func use(_ node: UInt, _ body: (consuming Element) -> Void) {
        let address = unsafe pointer(node)
        body(unsafe address.move().take())
        unsafe address.deallocate()
    }

    @inlinable
    func destroy(_ node: UInt) {
        let address = unsafe pointer(node)
        unsafe address.deinitialize(count: 1)
        unsafe address.deallocate()
    }

    @inlinable
    func next(of node: UInt) -> UInt { unsafe pointer(node).pointee.next }

    @inlinable
    func setNext(of node: UInt, to next: UInt) { unsafe pointer(node).pointee.next = next }

    @inlinable
    func isControl(_ node: UInt) -> Bool { unsafe pointer(node).pointee.isControl }

    @inlinable
    func pointer(_ node: UInt) -> UnsafeMutablePointer<Node> {
        guard let address = unsafe UnsafeMutablePointer<Node>(bitPattern: node) else {
            preconditionFailure("a mailbox node has no address")
        }
        return unsafe address
    }
}

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

    /// Gives back places that nothing was put into.
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

    /// Whether a node that was pushed is on top, and the queue is open.
    ///
    /// A node's address may be another's once it was used and freed; then the answer is about that one.
    func isNewest(_ node: UInt) -> Bool {
        // Acquiring, as what this thread has heard of was pushed before: its nodes must be seen.
        let newest = cells.cell(at: Self.newestWord).loadAcquiring()
        return node != 0 && newest & Self.closed == 0 && newest & ~Self.flags == node
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

/// What became of a push.
@frozen
@usableFromInline
package enum MailboxPush: Sendable, Hashable {
    /// Queued, and the consumer must be woken: it does not know yet. Said once per burst.
    case wake
    /// Queued; someone else wakes the consumer, or it is awake.
    case queued
    /// Refused: the count limit is reached. The element is gone.
    case full
    /// Refused: the queue is closed. The element is gone.
    case closed
}
