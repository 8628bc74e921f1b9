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
    /// How much a segment takes before another begins: what the loop sends at once, while it is still in the
    /// processor's cache.
    private static let segmentBytes = 64 << 10
    /// How many empty segments are kept.
    private static let sparesMax = 8

    private struct State {
        /// Complete segments, each with a post of its own under way.
        var sealed: [OwnedCell<WriteBuffer>] = []
        var active: OwnedCell<WriteBuffer>
        /// Segments that are empty again, kept for the next.
        var spares: [OwnedCell<WriteBuffer>] = []
        let segmentBytesMax: Int
        var byteCount = 0
        var messages = 0
        var payloadBytesMax = 1 << 20
        var isClosed = false

        mutating func seal() {
            sealed.append(active)
            renew()
        }

        mutating func renew() { active = spares.popLast() ?? OwnedCell(WriteBuffer(limit: segmentBytesMax)) }
    }

    private let state: Locked<State>
    private let bytesMax: Int

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
        // A segment, and one more message of the largest size with its line.
        let most = bytesMax + Self.segmentBytes + (1 << 16)
        state = Locked(State(active: OwnedCell(WriteBuffer(limit: most)), segmentBytesMax: most))
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
            let segment = state.active
            let before = segment[].count
            do {
                try segment[].appendPublication(subject, reply: reply, headers: headers, payload)
            } catch {
                return .full
            }
            let after = segment[].count
            state.byteCount += after - before
            state.messages += 1
            if before == 0 { post() }
            if after >= Self.segmentBytes { state.seal() }
            return .queued
        }
    }

    /// Ends the segment, and has `post` put work behind it. Any thread.
    func inOrder(_ post: () -> Void) {
        state.withLock { state in
            if !state.active[].isEmpty { state.seal() }
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
            state.renew()
            return (segment, messages)
        }
    }

    /// Takes a segment back whose bytes are on their way; they may still be referred to. The loop's.
    func giveBack(_ segment: consuming OwnedCell<WriteBuffer>) {
        var segment = segment
        let count = segment[].count
        let isMine = isKnownUniquelyReferenced(&segment)
        // What an outage has made large goes.
        let isUsual = isMine && segment[].capacity <= 4 * Self.segmentBytes
        if isUsual { segment[].clear() }
        let kept = segment
        state.withLock { state in
            state.byteCount -= count
            if isUsual && state.spares.count < Self.sparesMax { state.spares.append(kept) }
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
