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
