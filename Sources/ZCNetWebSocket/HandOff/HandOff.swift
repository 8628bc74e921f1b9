public import ZCNet

/// A bounded queue from the loops to one consumer: a thread that may block, or a task.
///
/// A handler must not wait, as its loop's other connections wait with it. What takes long is copied into the
/// queue and done elsewhere:
///
/// ```swift
/// let handOff = try HandOff<String>(capacity: 65_536, policy: .pauseReading)
///
/// struct Queueing: WebSocketHandler {
///     let handOff: HandOff<String>
///     mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
///         handOff.offer(message.text, from: peer)
///     }
/// }
///
/// // a task:                                  // or a thread:
/// for await text in handOff { … }             // while handOff.take(into: &texts) { … }
/// ```
/// **Order.** What one connection sends is taken in that order; `dropOldest` and `dropNewest` leave gaps, but
/// never turn it around.
///
/// **Ownership.** The queue owns its elements: values, which may outlive frame and connection.
///
/// **Cost.** One lock for each call, so one for a whole frame of trades; the consumer takes many at once. No
/// allocation but where somebody has to be woken, or a connection is paused.
///
/// **Limits.** `capacity` elements, made at once, and the name of each connection that is paused at the time.
///
/// **Threads.** Loops offer, one consumer takes; the counts are anybody's.
public final class HandOff<Element: Sendable>: Sendable {
    private let state: Locked<HandOffState<Element>>
    /// What becomes of what does not fit.
    public let policy: HandOffPolicy
    /// What a consumer waits on that is a thread, or a task. Given only to one that found nothing.
    private let threadSignal = ThreadSignal()
    private let taskSignal = TaskSignal()

    /// What may be asked for as a capacity. The upper limit keeps a mistaken unit from taking all memory.
    public static var capacityLimits: ClosedRange<Int> { 1...(1 << 24) }

    /// Makes a queue.
    ///
    /// - Throws: `ConfigurationError` if `capacity` is outside ``capacityLimits``.
    public init(capacity: Int, policy: HandOffPolicy) throws(ConfigurationError) {
        try ConfigurationError.check("HandOff.capacity", capacity, in: Self.capacityLimits)
        state = Locked(HandOffState(capacity: capacity))
        self.policy = policy
    }

    /// How many connections are not read from, for tests of its bound.
    var pausedCount: Int { state.withLock { $0.pausedCount } }

    /// What became of everything so far.
    public var counts: HandOffCounts { state.withLock { $0.counts } }

    // MARK: The loops' side

    /// Offers an element that came from a connection; the policy is applied to that connection.
    ///
    /// - Returns: whether it was taken.
    @discardableResult
    public func offer<State>(_ element: Element, from peer: borrowing WebSocketConnection<State>) -> Bool {
        offer(1, from: peer) { _ in element } == 1
    }

    /// Offers an element that came from nowhere in particular. `close` and `pauseReading`, which find no
    /// connection, leave it out.
    ///
    /// - Returns: whether it was taken.
    @discardableResult
    public func offer(_ element: Element) -> Bool {
        let (accepted, isAwaited) = state.withLock { state in
            if state.isFinished { return (0, false) }
            return (state.add(1, policy) { _ in element }, state.wake())
        }
        if isAwaited { wakeConsumer() }
        return accepted == 1
    }

    /// Offers several elements at once, which are made under the lock.
    ///
    /// - Returns: how many were taken.
    @discardableResult
    package func offer<State>(
        _ count: Int, from peer: borrowing WebSocketConnection<State>, _ element: (Int) -> Element
    ) -> Int {
        let (accepted, isPressed, isAwaited) = state.withLock { state in
            if state.isFinished { return (nil as Int?, false, false) }
            let accepted = state.add(count, policy, element)
            if accepted < count && policy != .dropNewest && policy != .dropOldest { state.didClose() }
            return (accepted, state.isPressed, state.wake())
        }
        guard let accepted else { return 0 }
        if isAwaited { wakeConsumer() }
        if policy == .dropNewest || policy == .dropOldest { return accepted }
        if accepted < count {
            peer.close(.tryAgainLater, reason: "expected room for \(count) messages, got \(accepted)")
        } else if isPressed && policy == .pauseReading {
            pause(peer)
        }
        return accepted
    }

    /// Stops reading first, then looks whether there still is a reason to: a consumer that has emptied the
    /// queue meanwhile would tell nobody.
    private func pause<State>(_ peer: borrowing WebSocketConnection<State>) {
        // What is on its way out sends nothing more that would be waited with.
        if peer.conversation.isEnding { return }
        peer.pauseReading()
        let id = peer.id
        peer.conversation.keep(by: self) { [self] in state.withLock { $0.forget(id) } }
        let remote = peer.remote
        let isPaused = state.withLock { state in
            if !state.isPressed || state.isFinished { return false }
            state.didPause(remote)
            return true
        }
        if !isPaused { peer.resumeReading() }
    }

    /// Ends the queue: what waits is still taken, what is offered from now on is not.
    public func finish() {
        let (isAwaited, resumable) = state.withLock { state in
            state.isFinished = true
            return (state.wake(), state.resumable())
        }
        if isAwaited { wakeConsumer() }
        for remote in resumable { remote.resumeReading() }
    }

    private func wakeConsumer() {
        threadSignal.signal()
        taskSignal.signal()
    }

    // MARK: The consumer's side

    /// Moves what waits to the end of an array; blocks the calling thread while there is nothing.
    ///
    /// The thread is the application's own: never a loop's, and none of the few that tasks share.
    ///
    /// - Parameter limit: the most elements to take at once.
    /// - Returns: false when the queue was finished and is empty.
    public func take(into elements: inout [Element], limit: Int = 256) -> Bool {
        while true {
            if let came = poll(into: &elements, limit) { return came }
            threadSignal.wait()
        }
    }

    /// Takes what waits.
    ///
    /// - Returns: whether there was something; nil when there may be later.
    private func poll(into elements: inout [Element], _ limit: Int) -> Bool? {
        let (came, resumable) = state.withLock { state in
            if state.isEmpty {
                state.isAwaited = !state.isFinished
                return (state.isFinished ? false : nil as Bool?, [] as [RemoteWebSocket])
            }
            state.take(limit < 1 ? 1 : limit, into: &elements)
            return (true, state.resumable())
        }
        for remote in resumable { remote.resumeReading() }
        return came
    }

    /// Takes what waits, and suspends the calling task while there is nothing.
    ///
    /// - Returns: false when the queue was finished and is empty, or the task was cancelled.
    func takeAsync(into elements: inout [Element], limit: Int) async -> Bool {
        while !Task.isCancelled {
            if let came = poll(into: &elements, limit) { return came }
            await taskSignal.wait()
        }
        return false
    }
}

extension HandOff: AsyncSequence {
    /// Takes one element after another; many at once from the queue, so that its lock is seldom needed.
    ///
    /// Ends when the queue was finished and is empty, or the task is cancelled. One iterator at a time.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private static var limit: Int { 256 }
        private let handOff: HandOff
        private var taken: [Element] = []
        private var next = 0

        init(_ handOff: HandOff) { self.handOff = handOff }

        /// The next element, as soon as there is one; nil at the end.
        public mutating func next() async -> Element? {
            if next == taken.count {
                taken.removeAll(keepingCapacity: true)
                next = 0
                guard await handOff.takeAsync(into: &taken, limit: Self.limit) else { return nil }
            }
            next += 1
            return taken[next - 1]
        }
    }

    /// Makes an iterator; there may be one at a time.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

/// What a hand-off does with what does not fit.
@frozen
public enum HandOffPolicy: Hashable, Sendable {
    /// The newest are left out, and counted: what waits is taken first. For events whose beginning matters.
    case dropNewest
    /// The oldest that wait make room, and are counted. For figures of which the latest matter.
    case dropOldest
    /// The newest are left out, and the connection they came from is closed with 1013: it may come again
    /// later.
    case close
    /// Nothing is left out: a connection that finds the queue three quarters full is not read from until it
    /// is down to a quarter, so that its peer waits. What was on its way in the same frame must still fit; a
    /// frame that does not closes the connection with 1013, so that nothing is lost in silence.
    case pauseReading
}

/// What became of the elements given to a hand-off. At any moment, `offered == taken + dropped + waiting`.
public struct HandOffCounts: Hashable, Sendable {
    /// Elements that were given.
    public var offered = 0
    /// Elements that the consumer has got.
    public var taken = 0
    /// Elements that were left out, whether newest or oldest.
    public var dropped = 0
    /// Elements in the queue.
    public var waiting = 0
    /// The most elements that ever were in the queue.
    public var waitingMax = 0
    /// How often a connection was paused.
    public var pauses = 0
    /// How often a connection was closed because there was no room.
    public var closes = 0

    /// Counts of nothing yet.
    public init() {}
}
