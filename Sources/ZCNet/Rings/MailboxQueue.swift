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

    /// Hands over everything that is queued, oldest first.
    ///
    /// What comes in meanwhile is handed over as well, once; what comes after that wakes again. So a drain
    /// ends, and one that was called after a wake-up leaves nothing behind that nobody tells of. `body` may
    /// push to this queue.
    @inlinable
    package func drain(_ body: (consuming Element) -> Void) {
        core.drain { body(core.links.take($0)) }
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
/// ends with `take` or `destroy`. The flags of `MailboxCore` fit below it: an allocation is aligned to at
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

    @inlinable
    func take(_ node: UInt) -> Element {
        let address = unsafe pointer(node)
        let element = unsafe address.move().take()
        unsafe address.deallocate()
        return element
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
