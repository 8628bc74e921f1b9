/// What a link keeps for a task that is busy, and how it sends.
extension LinkCore {
    // MARK: A busy task

    /// Below this a copy costs less than the chunk that would stay alive.
    private static let copiedBytesMax = 4096

    /// Keeps bytes that were received while the task is busy.
    ///
    /// - Parameter chunk: where they lie, or nothing.
    package func keep(_ bytes: RawSpan, of chunk: LentChunk) -> SharedBytes {
        let isCopied = bytes.byteCount < Self.copiedBytesMax || !chunk.isRetainable
        let kept = isCopied ? SharedBytes(copying: bytes) : chunk.retain(bytes)
        if isCopied { _ = base.mayQueue(kept.chargedBytes) }
        return kept
    }

    // MARK: Sending

    /// Tries to send; throws where that will never succeed.
    ///
    /// - Parameters:
    ///   - count: how many bytes it is.
    ///   - end: how the connection ended, if it has.
    ///
    /// Why the end as text: a generic function of this module is not specialised for the others, and looks up
    /// its types for every message.
    package func attempt(
        _ count: Int, end: () -> String?, _ send: () -> SendResult
    ) throws -> SendResult {
        if isCancelled { throw CancellationError() }
        let result = send()
        switch result {
        case .sent, .queued, .full: return result
        case .tooLarge:
            throw LinkError(
                .tooLarge, expected: "a message that may wait as a whole", got: "\(count) bytes")
        case .closed: throw LinkError.closed(end() ?? "one that is closing")
        }
    }

    /// Whether a sender is to wait for its peer, though what it sent was accepted: output is above the high
    /// watermark, be it that the kernel had no room for it, or that it has not been offered any yet.
    package var mustWait: Bool { !isOver && base.owesWritable }

    /// Goes on with what has to wait: until it is accepted, or, where it was, until there is room.
    ///
    /// - Parameter attempt: tries once more; whether it was accepted. Throws where it never will be.
    nonisolated(nonsending) package func waitForRoom(
        isAccepted: Bool, within limit: Duration?, _ attempt: () throws -> Bool
    ) async throws {
        let deadline = deadline(limit)
        var isAccepted = isAccepted
        while true {
            if isOver || hasEnded {
                if isAccepted { return }
                throw LinkError.closed("one that has ended")
            }
            if isAccepted {
                // Cancelled or late: it is on its way all the same, and was said to be.
                if !mustWait || isCancelled || Task.isCancelled { return }
            } else {
                try checkCancellation()
            }
            await wait(.writer, until: deadline)
            if isLate(.writer) {
                if isAccepted { return }
                throw LinkError(.timedOut, expected: "room to send in time", got: "none")
            }
            if !isAccepted { isAccepted = try attempt() }
        }
    }
}
