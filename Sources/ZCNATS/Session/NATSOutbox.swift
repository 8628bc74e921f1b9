import ZCNet

/// What other threads have to say to the server, on its way to the loop: operations, already encoded, that
/// wait for the loop's next turn, or for the connection's return.
///
/// A burst takes the loop's mailbox once: the first publication of a segment posts, those that follow lie
/// behind it. Work that is posted in between, such as a subscription, ends the segment, so that the loop
/// sees everything in the order that a thread said it.
///
/// **Threads.** Any; one lock per publication, and never on the loop's own way. **Ownership.** Owns the bytes
/// until the loop takes them. **Limits.** `bytesMax` over all segments.
final class NATSOutbox: Sendable {
    private struct State {
        /// Complete segments, each with a post of its own under way.
        var sealed: [OwnedCell<WriteBuffer>] = []
        var active: OwnedCell<WriteBuffer>
        /// A segment that is empty again, kept for the next.
        var spare: OwnedCell<WriteBuffer>?
        var byteCount = 0
        var messages = 0
        var payloadBytesMax = 1 << 20
        var isClosed = false
    }

    private let state: Locked<State>
    private let bytesMax: Int

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
        state = Locked(State(active: OwnedCell(WriteBuffer(limit: bytesMax + (1 << 16)))))
    }

    /// Takes a publication, and calls `post` where the loop has to be told of it. Any thread.
    func publish(
        _ subject: RawSpan, reply: RawSpan, headers: RawSpan, _ payload: RawSpan, post: () -> Void
    ) -> SendResult {
        state.withLock { state in
            if state.isClosed { return .closed }
            let count = headers.byteCount + payload.byteCount
            if count > state.payloadBytesMax { return .tooLarge }
            let total = subject.byteCount + reply.byteCount + count
            guard state.byteCount + total <= bytesMax else { return total > bytesMax ? .tooLarge : .full }
            let before = state.active[].count
            do {
                try state.active[].appendPublication(subject, reply: reply, headers: headers, payload)
            } catch {
                return .full
            }
            state.byteCount += state.active[].count - before
            state.messages += 1
            if before == 0 { post() }
            return .queued
        }
    }

    /// Ends the segment, and has `post` put work behind it. Any thread.
    func inOrder(_ post: () -> Void) {
        state.withLock { state in
            if !state.active[].isEmpty {
                state.sealed.append(state.active)
                state.active = state.spare ?? OwnedCell(WriteBuffer(limit: bytesMax + (1 << 16)))
                state.spare = nil
            }
            post()
        }
    }

    /// The oldest segment; nil when nothing waits. The loop's, which gives it back.
    func take() -> (segment: OwnedCell<WriteBuffer>, messages: Int)? {
        state.withLock { state in
            let messages = state.messages
            state.messages = 0
            if !state.sealed.isEmpty { return (state.sealed.removeFirst(), messages) }
            if state.active[].isEmpty { return nil }
            let segment = state.active
            state.active = state.spare ?? OwnedCell(WriteBuffer(limit: bytesMax + (1 << 16)))
            state.spare = nil
            return (segment, messages)
        }
    }

    /// Takes a segment back whose bytes are on their way. The loop's.
    func giveBack(_ segment: OwnedCell<WriteBuffer>) {
        state.withLock { state in
            state.byteCount -= segment[].count
            // What an outage has made large goes.
            segment[].clear(keepingCapacity: segment[].capacity <= 1 << 20)
            if state.spare == nil { state.spare = segment }
        }
    }

    /// How many bytes wait.
    var byteCount: Int { state.withLock { $0.byteCount } }

    /// The server's limit, known anew with each connection.
    func setPayloadBytesMax(_ count: Int) { state.withLock { $0.payloadBytesMax = count } }

    /// Takes nothing more, and drops what waits.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.sealed = []
            state.active[].clear(keepingCapacity: false)
            state.byteCount = 0
        }
    }
}
