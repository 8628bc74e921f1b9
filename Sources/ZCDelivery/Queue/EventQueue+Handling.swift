public import ZCNet

extension EventQueue {
    /// Hands out batches, one key after the other. The consumer only, after it was woken, or whenever it
    /// likes.
    ///
    /// After ``EventQueueProgress/more`` the consumer must come back without being woken; after `.idle` the
    /// next event wakes it. The batch is lent: what of it is to be kept is copied out.
    ///
    /// - Parameter batchesMax: how many batches at most; a loop takes a few and lets others have their turn.
    @discardableResult
    public func handle(
        batchesMax: Int = .max, _ body: (borrowing EventBatch<Key, Event>) -> Void
    ) -> EventQueueProgress {
        let wasVisited = isVisited.exchange(true, ordering: .acquiring)
        precondition(!wasVisited, "a queue is handled by one consumer at a time, and not within itself")
        defer { isVisited.store(false, ordering: .releasing) }
        isAwake.store(true, ordering: .relaxed)

        var batchesLeft = batchesMax
        while true {
            // Before every batch: a key that comes now has its turn with the others.
            collect()
            if state[].turns.count == 0 {
                // Read before coming to rest, so that what was added before the closing is seen below.
                let isClosed = mailbox.isClosed
                _ = isAwake.exchange(false, ordering: .acquiringAndReleasing)
                collect()
                if state[].turns.count == 0 { return isClosed ? .ended : .idle }
                isAwake.store(true, ordering: .relaxed)
            }
            if batchesLeft <= 0 { return .more }
            batchesLeft -= 1
            handOut(body)
        }
    }

    /// Handles the queue on the calling thread, which sleeps while nothing waits, until the queue is closed
    /// and everything was handled.
    ///
    /// - Precondition: the queue was made by ``init(limits:)``.
    public func run(_ body: (borrowing EventBatch<Key, Event>) -> Void) {
        guard let signal else { preconditionFailure("a queue that another consumer is woken for") }
        while handle(body) != .ended { signal.wait() }
    }

    /// A queue that a loop handles: its handler is called on the loop's thread, with the loop lent to it.
    ///
    /// What was accepted is handled, unless the loop ends first; then the queue closes.
    ///
    /// - Parameters:
    ///   - loop: the loop. It need not run yet.
    ///   - limits: what the queue may hold.
    ///   - batchesPerVisit: how many batches are handled before the loop serves its connections again.
    ///   - handler: called for each batch.
    public static func onLoop(
        _ loop: EventLoop, limits: EventQueueLimits = EventQueueLimits(), batchesPerVisit: Int = 16,
        _ handler: @escaping @Sendable (borrowing EventBatch<Key, Event>, borrowing LoopContext) -> Void
    ) throws(ConfigurationError) -> EventQueue<Key, Event> {
        try ConfigurationError.check("batchesPerVisit", batchesPerVisit, in: 1...1 << 20)
        return try EventQueue(limits: limits, signal: nil) { queue in
            queue.visit(on: loop, batchesPerVisit, handler)
        }
    }

    /// Has the loop handle some batches, and come back for as long as there are more. False when it has
    /// ended.
    private func visit(
        on loop: EventLoop, _ batchesMax: Int,
        _ handler: @escaping @Sendable (borrowing EventBatch<Key, Event>, borrowing LoopContext) -> Void
    ) -> Bool {
        // Control: there is at most one such message per queue.
        let answer = loop.post(isControl: true) { [self] context in
            guard handle(batchesMax: batchesMax, { handler($0, context) }) == .more else { return }
            if visit(on: loop, batchesMax, handler) { return }
            // The loop ends: nothing comes in any more, and what was accepted is handled now.
            mailbox.close()
            handle { handler($0, context) }
        }
        return answer == .posted
    }

    /// Moves what producers have pushed to where turns are taken.
    private func collect() {
        mailbox.drain { burst in
            switch burst {
            case .one(let queued): state[].turns.add(queued)
            case .many(let batch): for queued in batch { state[].turns.add(queued) }
            }
        }
    }

    /// Gives the next key its turn.
    private func handOut(_ body: (borrowing EventBatch<Key, Event>) -> Void) {
        // Taken out of the state for the call, which may add to the queue, but not handle it.
        var events: [Event] = []
        var sizes: [Int] = []
        swap(&events, &state[].events)
        swap(&sizes, &state[].sizes)
        let turn = state[].turns.take(
            eventsMax: limits.batchEventsMax, bytesMax: limits.batchBytesMax, events: &events, sizes: &sizes)
        if let turn {
            body(
                EventBatch(
                    key: turn.key, events: events.span, sizes: sizes.span, byteCount: turn.byteCount))
            let count = events.count
            events.removeAll(keepingCapacity: true)
            allowance.release(events: count, of: turn.key)
            allowance.release(events: count, bytes: turn.byteCount)
            figures.add(count, to: .eventsHandled)
            figures.add(1, to: .eventBatches)
        }
        swap(&events, &state[].events)
        swap(&sizes, &state[].sizes)
    }
}
