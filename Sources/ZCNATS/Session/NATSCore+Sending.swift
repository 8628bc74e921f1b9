import ZCNet

/// What the client says: publications, and the segments that other threads have filled.
extension NATSCore {
    /// Larger payloads go to the connection by themselves, where they are copied once.
    private static var joinedBytesMax: Int { 2048 }
    /// How much is gathered before it goes to the connection: what a processor keeps at hand.
    private static var batchBytesMax: Int { 24 << 10 }

    /// Publishes from the loop: to the connection at once, else to what waits for it.
    ///
    /// Within a callback small ones are gathered, and go to the connection when it is over.
    func publish(
        _ subject: RawSpan, reply: RawSpan, headers: RawSpan, _ payload: RawSpan
    ) -> SendResult {
        guard state[].phase == .ready, !state[].hasLater, let base = state[].connection else {
            return publishLater(subject, reply: reply, headers: headers, payload)
        }
        let count = headers.byteCount &+ payload.byteCount
        if count > state[].info.payloadBytesMax { return .tooLarge }
        let batch = batch
        let total = batch[].count &+ subject.byteCount &+ reply.byteCount &+ count &+ 64
        guard total <= Int(base.slot[].outboundBytesMax) &- Int(base.slot[].queuedBytes), base.takesAnswers
        else { return refuse(total, base) }
        if count > Self.joinedBytesMax {
            return publishLarge(subject, reply: reply, headers: headers, payload, base)
        }
        do {
            try batch[].appendPublication(subject, reply: reply, headers: headers, payload)
        } catch {
            return .full
        }
        figures.add(1, to: .messagesOut)
        if state[].callbacks == 0 || batch[].count >= Self.batchBytesMax { flushBatch(base) }
        return .sent
    }

    private func refuse(_ count: Int, _ base: ConnectionBase) -> SendResult {
        figures.add(1, to: .refused)
        flushBatch(base)
        // What is refused whole tells when there is room.
        return base.takesAnswers ? base.refuse(count) : .closed
    }

    /// In parts, for all of which there is room.
    private func publishLarge(
        _ subject: RawSpan, reply: RawSpan, headers: RawSpan, _ payload: RawSpan, _ base: ConnectionBase
    ) -> SendResult {
        let batch = batch
        do {
            try batch[].appendPublicationHead(
                subject, reply: reply, headers: headers, payloadBytes: payload.byteCount)
        } catch {
            return .full
        }
        flushBatch(base)
        send(payload, base)
        send(SharedBytes("\r\n").bytes, base)
        guard base.takesAnswers else { return .closed }
        figures.add(1, to: .messagesOut)
        return base.slot[].queuedBytes > 0 ? .queued : .sent
    }

    /// Gives the connection what was gathered.
    func flushBatch(_ base: ConnectionBase) {
        let batch = batch
        if batch[].isEmpty { return }
        send(batch[].bytes, base)
        batch[].clear(keepingCapacity: batch[].capacity <= 4 * Self.batchBytesMax)
    }

    /// Runs a callback, and gives the connection what it has published when it is over.
    @inline(__always)
    func inCallback<Result>(_ body: () -> Result) -> Result {
        state[].callbacks += 1
        defer {
            state[].callbacks -= 1
            if state[].callbacks == 0 { endCallback() }
        }
        return body()
    }

    private func endCallback() {
        let batch = batch
        if batch[].isEmpty { return }
        if state[].phase == .ready, let base = state[].connection {
            flushBatch(base)
        } else {
            batch[].clear()
        }
    }

    private func publishLater(
        _ subject: RawSpan, reply: RawSpan, headers: RawSpan, _ payload: RawSpan
    ) -> SendResult {
        let result = outbox.publish(subject, reply: reply, headers: headers, payload) {
            _ = perform { $0.segmentPosted() }
        }
        if result.isAccepted { state[].hasLater = true } else { figures.add(1, to: .refused) }
        figures.set(.pendingBytes, to: outbox.byteCount)
        return result
    }

    /// Sends what the connection is of no use without.
    func send(_ operations: RawSpan, _ base: ConnectionBase) {
        if operations.byteCount == 0 || base.send(operations).isAccepted { return }
        fail(NATSError(.full, expected: "room for \(operations.byteCount) bytes", got: "none"), base)
    }

    /// As `send`, behind what was gathered before.
    func say(_ operations: RawSpan, _ base: ConnectionBase) {
        flushBatch(base)
        send(operations, base)
    }

    // MARK: From other threads

    /// Publishes from any thread: one lock, and a post per burst.
    func publishAnywhere(
        _ subject: RawSpan, reply: RawSpan, headers: RawSpan, _ payload: RawSpan
    ) -> SendResult {
        outbox.publish(subject, reply: reply, headers: headers, payload) {
            _ = perform { $0.segmentPosted() }
        }
    }

    /// A segment of the outbox has its turn.
    func segmentPosted() {
        if state[].phase == .closed { return }
        state[].owedSegments += 1
        guard options.gatherDelay > .zero else { return flushOutbox() }
        // More than one segment is enough gathered.
        if state[].owedSegments > 1 { return flushOutbox() }
        if state[].isGathering { return }
        state[].isGathering = true
        _ = schedule(after: options.gatherDelay) { core in
            core.state[].isGathering = false
            core.flushOutbox()
        }
    }

    /// Sends the segments whose turn has come, as far as there is room.
    func flushOutbox() {
        if state[].phase == .ready, let base = state[].connection {
            flushBatch(base)
            sendSegments(base)
        }
        let count = outbox.byteCount
        figures.set(.pendingBytes, to: count)
        if count == 0 { state[].hasLater = false }
    }

    private func sendSegments(_ base: ConnectionBase) {
        while state[].stalled != nil || state[].owedSegments > 0 {
            if state[].stalled == nil {
                state[].owedSegments -= 1
                guard let (segment, messages) = outbox.take() else { continue }
                figures.add(messages, to: .messagesOut)
                state[].stalled = segment
            }
            let result = sendStalled(base)
            if result == .full {
                state[].hasLater = true
                return
            }
            if let segment = state[].stalled.take() { outbox.giveBack(segment) }
            if result == .closed { return }
        }
    }

    /// Offers the connection a segment: by reference where no callback runs, so that it is copied nowhere
    /// but into the kernel.
    private func sendStalled(_ base: ConnectionBase) -> SendResult {
        guard let segment = state[].stalled else { return .sent }
        if state[].callbacks > 0 { return base.send(segment[].bytes) }
        let memory = unsafe segment[].memory
        guard let start = memory.baseAddress else { return .sent }
        // SAFETY: the bytes stay as they are until nobody but the outbox refers to the segment.
        let bytes = unsafe SharedBytes(unsafeStart: start, count: memory.count, owner: segment)
        return base.sendShared(bytes, hasMore: false)
    }

    /// The connection has room again.
    func roomAgain() {
        flushOutbox()
        guard state[].phase == .ready, state[].stalled == nil, !state[].onWritable.isEmpty else { return }
        let waiting = state[].onWritable
        state[].onWritable = []
        for tell in waiting { tell(NATSConnection(self)) }
    }

    // MARK: Subscriptions

    /// Takes in a subscription; one more than may be is told to the application and does not begin.
    func begin(_ subscription: NATSSubscription) {
        guard state[].phase != .closed, !state[].isDraining else { return }
        guard state[].subscriptions.count < options.subscriptionsMax else {
            return onEvent(
                .serverError(
                    NATSError(
                        .full, expected: "at most \(options.subscriptionsMax) subscriptions", got: "one more")
                ))
        }
        _ = state[].subscriptions.add(subscription)
        figures.set(.subscriptions, to: state[].subscriptions.count)
        guard state[].phase == .ready, let base = state[].connection else { return }
        let batch = batch
        try? batch[].append(subscription)
        flushBatch(base)
    }

    /// Ends a subscription, at once or after so many messages in all.
    func end(_ subscription: NATSSubscription, after count: Int?) {
        let sid = subscription.state[].sid
        guard sid != 0 else { return }
        subscription.state[].messagesMax = count
        let isOver = count.map { subscription.state[].delivered >= $0 } ?? true
        if isOver { _ = forget(subscription) }
        unsubscribe(sid, after: isOver ? nil : count)
        // Whoever was held no longer is in the way of the others.
        if isOver && subscription.state[].isHeld { resume(subscription) }
    }

    private func unsubscribe(_ sid: Int, after count: Int?) {
        guard state[].phase == .ready, let base = state[].connection else { return }
        let batch = batch
        try? batch[].appendUnsubscription(sid: sid, after: count)
        flushBatch(base)
    }

    /// Ends a subscription behind what the server has sent for it already.
    func drain(_ subscription: NATSSubscription, _ completion: @escaping @Sendable () -> Void) {
        let sid = subscription.state[].sid
        guard sid != 0, state[].phase == .ready else {
            _ = forget(subscription)
            return completion()
        }
        unsubscribe(sid, after: nil)
        ping { [self] _ in
            _ = forget(subscription)
            completion()
        }
    }

    /// Ends everything in good order: first what comes, then what leaves.
    func drain(_ completion: @escaping @Sendable () -> Void) {
        guard state[].phase == .ready, !state[].isDraining else {
            close(nil)
            return completion()
        }
        state[].isDraining = true
        for subscription in state[].subscriptions.all
        where subscription.state[].sid != state[].inboxSID {
            unsubscribe(subscription.state[].sid, after: nil)
        }
        ping { [self] _ in
            flushOutbox()
            ping { [self] _ in
                close(nil)
                completion()
            }
        }
    }
}
