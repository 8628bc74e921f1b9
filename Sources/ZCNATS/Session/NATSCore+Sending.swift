import ZCNet

/// What the client says: publications, and the segments that other threads have filled.
extension NATSCore {
    /// Larger payloads go to the connection by themselves, where they are copied once.
    private static var joinedBytesMax: Int { 2048 }

    /// Publishes from the loop: to the connection at once, else to what waits for it.
    func publish(
        _ subject: RawSpan, reply: RawSpan, headers: RawSpan, _ payload: RawSpan
    ) -> SendResult {
        guard state[].phase == .ready, state[].stalled == nil, let base = state[].connection else {
            return publishLater(subject, reply: reply, headers: headers, payload)
        }
        let count = headers.byteCount &+ payload.byteCount
        if count > state[].info.payloadBytesMax { return .tooLarge }
        let scratch = scratch
        let result: SendResult
        if count <= Self.joinedBytesMax {
            scratch[].clear()
            do {
                try scratch[].appendPublication(subject, reply: reply, headers: headers, payload)
            } catch {
                return .full
            }
            result = base.send(scratch[].bytes)
        } else {
            result = publishLarge(subject, reply: reply, headers: headers, payload, base)
        }
        figures.add(1, to: result.isAccepted ? .messagesOut : .refused)
        return result
    }

    /// In three parts, of which all are taken or none.
    private func publishLarge(
        _ subject: RawSpan, reply: RawSpan, headers: RawSpan, _ payload: RawSpan, _ base: ConnectionBase
    ) -> SendResult {
        let scratch = scratch
        scratch[].clear()
        do {
            try scratch[].appendPublicationHead(
                subject, reply: reply, headers: headers, payloadBytes: payload.byteCount)
        } catch {
            return .full
        }
        let total = scratch[].count + payload.byteCount + 2
        let slot = base.slot
        guard Int(slot[].queuedBytes) + total <= Int(slot[].outboundBytesMax) else {
            // What is refused whole tells when there is room.
            return base.refuse(total)
        }
        let first = base.send(scratch[].bytes)
        guard first.isAccepted else { return first }
        if base.send(payload).isAccepted, base.send(SharedBytes("\r\n").bytes).isAccepted {
            return first
        }
        // The loop's memory is taken: half a message cannot stay.
        fail(NATSError(.full, expected: "memory of the loop for \(total) bytes", got: "none"), base)
        return .closed
    }

    private func publishLater(
        _ subject: RawSpan, reply: RawSpan, headers: RawSpan, _ payload: RawSpan
    ) -> SendResult {
        let result = outbox.publish(subject, reply: reply, headers: headers, payload) {
            _ = perform { $0.segmentPosted() }
        }
        if !result.isAccepted { figures.add(1, to: .refused) }
        figures.set(.pendingBytes, to: outbox.byteCount)
        return result
    }

    /// Operations whose loss ends the connection: without room for them it is of no use.
    func send(_ operations: RawSpan, _ base: ConnectionBase) {
        if base.send(operations).isAccepted { return }
        fail(NATSError(.full, expected: "room for \(operations.byteCount) bytes", got: "none"), base)
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
        flushOutbox()
    }

    /// Sends the segments whose turn has come, as far as there is room.
    func flushOutbox() {
        guard state[].phase == .ready, let base = state[].connection else {
            return figures.set(.pendingBytes, to: outbox.byteCount)
        }
        while state[].stalled != nil || state[].owedSegments > 0 {
            if state[].stalled == nil {
                state[].owedSegments -= 1
                guard let (segment, messages) = outbox.take() else { continue }
                figures.add(messages, to: .messagesOut)
                state[].stalled = segment
            }
            guard let segment = state[].stalled else { break }
            let result = base.send(segment[].bytes)
            if result == .full { break }
            state[].stalled = nil
            outbox.giveBack(segment)
            if result == .closed { break }
        }
        figures.set(.pendingBytes, to: outbox.byteCount)
    }

    /// The connection has room again.
    func roomAgain() {
        flushOutbox()
        guard state[].stalled == nil, !state[].onWritable.isEmpty else { return }
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
                        .full, expected: "at most \(options.subscriptionsMax) subscriptions", got: "one more")))
        }
        _ = state[].subscriptions.add(subscription)
        figures.set(.subscriptions, to: state[].subscriptions.count)
        guard state[].phase == .ready, let base = state[].connection else { return }
        let scratch = scratch
        scratch[].clear()
        try? scratch[].append(subscription)
        send(scratch[].bytes, base)
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
        let scratch = scratch
        scratch[].clear()
        try? scratch[].appendUnsubscription(sid: sid, after: count)
        send(scratch[].bytes, base)
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
