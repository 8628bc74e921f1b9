import Synchronization
public import ZCNet

/// Events from any thread, handled by one, in order for each key: so that many users or channels run on few
/// loops, and none of them can hold up the others.
///
/// ```swift
/// let queue = try EventQueue<String, Message>.onLoop(group.loops[0]) { batch, loop in
///     for index in 0..<batch.count { route(batch.events[index], to: batch.key, on: loop) }
/// }
/// switch queue.add(message, key: "alice", byteCount: message.count) {
/// case .added: break
/// case .full, .keyFull, .tooLarge: refuse()
/// case .closed: stop()
/// }
/// ```
/// Events of a key are handled in the order in which they were added. Each turn gives one key a batch,
/// limited by count and by bytes; a key that has more waits until every other key had its turn.
///
/// **Three ways to handle it.** On a loop: ``onLoop(_:limits:batchesPerVisit:_:)``. On a thread of the
/// application's: ``init(limits:)`` and ``run(_:)``. By whoever knows better:
/// ``init(limits:wake:)`` and ``handle(batchesMax:_:)``.
///
/// **Ownership.** An accepted event belongs to the queue until its handler's call is over. A refused one is
/// the caller's: nothing of a refused batch was taken. What still waits when the queue goes away is destroyed
/// with it.
///
/// **Threads.** `add`, `close` and the counts from any; `handle` and `run` from one at a time, which is
/// checked. A handler may add to its own queue.
///
/// **Complexity.** Adding costs a few atomic operations and one allocation, for a batch as for an event;
/// handling is O(1) per event. A burst wakes the consumer once, and a consumer that is busy is not woken.
///
/// **Limits.** ``EventQueueLimits``. Memory is bounded: what exceeds a limit is refused, with the reason.
///
/// SAFETY: `@unchecked Sendable` because `state` is used by the consumer only, one at a time, which
/// `isVisited` checks; everything else is constant or made for many threads.
public final class EventQueue<Key: Hashable & Sendable, Event: Sendable>: @unchecked Sendable {
    /// What the queue may hold.
    public let limits: EventQueueLimits
    let allowance: EventAllowance
    let mailbox: MailboxQueue<EventBurst<Key, Event>>
    let figures = DeliveryFigures()
    let state: OwnedCell<EventTurns<Key, Event>>
    /// Whether the consumer was woken and has not come to rest since.
    let isAwake = Atomic<Bool>(false)
    /// Whether somebody is inside `handle`.
    let isVisited = Atomic<Bool>(false)
    private let wakeUps = Atomic<Int>(0)
    /// What `run` waits on; nil where the consumer is woken in another way.
    let signal: ThreadSignal?
    private let wake: @Sendable (EventQueue) -> Bool

    /// A queue whose consumer is woken by a closure.
    ///
    /// - Parameter wake: called once per burst, on the thread that added, when the consumer is at rest: has
    ///   it call ``handle(batchesMax:_:)`` soon. It must not handle the queue itself.
    public convenience init(
        limits: EventQueueLimits = EventQueueLimits(), wake: @escaping @Sendable () -> Void
    ) throws(ConfigurationError) {
        try self.init(limits: limits, signal: nil) { _ in
            wake()
            return true
        }
    }

    /// A queue that a thread of the application's handles, by ``run(_:)``.
    public convenience init(limits: EventQueueLimits = EventQueueLimits()) throws(ConfigurationError) {
        let signal = ThreadSignal()
        try self.init(limits: limits, signal: signal) { _ in
            signal.signal()
            return true
        }
    }

    /// - Parameter wake: answers false when the consumer has ended.
    init(
        limits: EventQueueLimits, signal: ThreadSignal?, wake: @escaping @Sendable (EventQueue) -> Bool
    ) throws(ConfigurationError) {
        try limits.validate()
        self.limits = limits
        self.signal = signal
        self.wake = wake
        allowance = EventAllowance(limits)
        // Every push holds at least one event, and those are counted already.
        mailbox = try MailboxQueue(countMax: limits.eventsMax)
        state = OwnedCell(EventTurns())
    }

    // MARK: Any thread

    /// Adds an event behind all others of its key. Any thread.
    ///
    /// - Precondition: `byteCount >= 0`.
    @discardableResult
    public func add(_ event: Event, key: Key, byteCount: Int) -> EventQueueAnswer {
        let queued = QueuedEvent(key: key, event: event, byteCount: byteCount)
        let answer = admit(count: 1, bytes: byteCount) { allowance.reserve(events: 1, of: key) }
        guard answer == .added else { return answer }
        return push(.one(queued), count: 1, bytes: byteCount) { allowance.release(events: 1, of: key) }
    }

    /// Adds a batch, of one key or of many, in its order: all of it or none. Any thread; one allocation and
    /// at most one wake-up, however many events there are.
    @discardableResult
    public func add(_ batch: [QueuedEvent<Key, Event>]) -> EventQueueAnswer {
        guard !batch.isEmpty else { return mailbox.isClosed ? .closed : .added }
        var bytes = 0
        for queued in batch {
            let (sum, overflow) = bytes.addingReportingOverflow(queued.byteCount)
            bytes = overflow ? .max : sum
        }
        let answer = admit(count: batch.count, bytes: bytes) { reserveKeys(of: batch) }
        guard answer == .added else { return answer }
        return push(.many(batch), count: batch.count, bytes: bytes) { releaseKeys(of: batch[...]) }
    }

    /// Refuses all later events; what waits is still handled. Any thread, more than once is harmless.
    public func close() {
        if mailbox.close() { wakeConsumer() }
    }

    /// Whether events are refused for good.
    public var isClosed: Bool { mailbox.isClosed }
    /// Events that wait or are being handled, at about this moment.
    public var count: Int { allowance.eventCount }
    /// Bytes of the events that wait.
    public var byteCount: Int { allowance.byteCount }

    /// The queue's figures. Any thread.
    public func snapshot() -> DeliverySnapshot {
        var snapshot = figures.snapshot()
        let waiting = allowance.eventCount
        snapshot[.eventsWaiting] = waiting
        snapshot[.eventBytesWaiting] = allowance.byteCount
        snapshot[.eventsAdded] = snapshot[.eventsHandled] + waiting
        snapshot[.eventsRefused] = allowance.refusedCount
        snapshot[.eventWakeUps] = wakeUps.load(ordering: .relaxed)
        return snapshot
    }

    private func admit(count: Int, bytes: Int, keys: () -> Bool) -> EventQueueAnswer {
        if mailbox.isClosed { return .closed }
        var answer = allowance.reserve(events: count, bytes: bytes)
        if answer == .added && !keys() {
            allowance.release(events: count, bytes: bytes)
            answer = .keyFull
        }
        if answer != .added { allowance.countRefusal(of: count) }
        return answer
    }

    private func push(
        _ burst: EventBurst<Key, Event>, count: Int, bytes: Int, undo: () -> Void
    ) -> EventQueueAnswer {
        switch mailbox.push(burst) {
        case .queued: return .added
        case .wake: return wakeConsumer() ? .added : .closed
        case .full, .closed:
            allowance.release(events: count, bytes: bytes)
            undo()
            return .closed
        }
    }

    private func reserveKeys(of batch: [QueuedEvent<Key, Event>]) -> Bool {
        for (index, queued) in batch.enumerated() where !allowance.reserve(events: 1, of: queued.key) {
            releaseKeys(of: batch[..<index])
            return false
        }
        return true
    }

    private func releaseKeys(of batch: ArraySlice<QueuedEvent<Key, Event>>) {
        for queued in batch { allowance.release(events: 1, of: queued.key) }
    }

    /// Wakes the consumer unless it was woken and is not at rest yet. False when it has ended; then nothing
    /// that waits will be handled, and the queue closes.
    @discardableResult
    private func wakeConsumer() -> Bool {
        // Acquiring and releasing: pairs with the exchange of a consumer that comes to rest. Whichever of
        // the two is second sees what the other did before: the consumer the event, or this one the rest.
        guard !isAwake.exchange(true, ordering: .acquiringAndReleasing) else { return true }
        wakeUps.add(1, ordering: .relaxed)
        if wake(self) { return true }
        mailbox.close()
        return false
    }
}

/// What became of events that were added to an ``EventQueue``: all of a batch share one answer.
@frozen
public enum EventQueueAnswer: Hashable, Sendable {
    /// Accepted; they will be handled, in order for each key.
    case added
    /// Refused: too many events or bytes wait. Slow down, or drop and count.
    case full
    /// Refused: too many events of this key wait. Others would be accepted.
    case keyFull
    /// Refused: more events or bytes at once than the queue may ever hold.
    case tooLarge
    /// Refused: the queue is closed, or the loop that handled it has ended.
    case closed
}

/// What is left after a visit to an ``EventQueue``.
@frozen
public enum EventQueueProgress: Hashable, Sendable {
    /// Nothing waits; the next event wakes the consumer.
    case idle
    /// Events wait, and nobody will wake the consumer for them: it comes back by itself.
    case more
    /// The queue is closed and everything was handled.
    case ended
}
