/// Sending for protocol layers: messages of a head and a body, and messages past the limit.
extension ConnectionHost {
    /// Up to so many bytes a message is copied into the cork in one go: cheaper than the two vectors that
    /// pointing at its body takes (measured: see Docs/Performance.md).
    private static var smallMessageBytesMax: Int { 4096 }

    /// Sends a message of two parts, of which either both are accepted or neither.
    ///
    /// The body stays where it is for the length of this call. Messages that are `exempt` (a protocol's
    /// control frames, whose number and size the protocol bounds) pass although the output is at its limit.
    package func send(
        _ slot: LoopOwned<ConnectionSlot>, _ head: MessageHead, _ body: UnsafeRawBufferPointer,
        exempt: Bool = false
    ) -> SendResult {
        guard slot[].flags.isDisjoint(with: [.closing, .finishing, .finishedSending]) else { return .closed }
        guard unsafe slot[].outbound == nil && state[].cork.owner == slot[].id else {
            return unsafe queue(slot, head, body, exempt: exempt)
        }
        let total = head.count + body.count
        let isWithinLimit = state[].cork.byteCount + total <= Int(slot[].outboundBytesMax)
        guard isWithinLimit || exempt else {
            if state[].cork.byteCount == 0 { return overflow(slot, total) }
            // The kernel may take what was gathered, and then there is room.
            flushCork(slot)
            return unsafe send(slot, head, body)
        }
        // Sixteen bytes of slack, as a head is stored whole.
        if total <= Self.smallMessageBytesMax && state[].cork.hasRoom(total + 16) {
            metrics.add(exempt ? 0 : 1, to: .messagesOut)
            let target = unsafe state[].cork.append(total)
            unsafe head.store(to: target)
            unsafe UnsafeMutableRawBufferPointer(start: target + head.count, count: body.count)
                .copyMemory(from: body)
            return .sent
        }
        return unsafe corkLarge(slot, head, body, exempt: exempt)
    }

    /// Points at a large body, or copies it where it must not be pointed at, behind its head.
    private func corkLarge(
        _ slot: LoopOwned<ConnectionSlot>, _ head: MessageHead, _ body: UnsafeRawBufferPointer, exempt: Bool
    ) -> SendResult {
        let isLent = unsafe state[].cork.isLent(body)
        let isReferable = isLent || body.count > state[].cork.capacity / 4
        let hasPlace = state[].cork.vectorCount < Cork.vectorsMax - 3
        guard hasPlace && state[].cork.hasRoom(isReferable ? 32 : body.count + 32) else {
            flushCork(slot)
            // An empty cork has the place and the room; otherwise the kernel is full and the message waits.
            return unsafe send(slot, head, body, exempt: exempt)
        }
        metrics.add(exempt ? 0 : 1, to: .messagesOut)
        unsafe head.store(to: state[].cork.append(head.count))
        if isReferable {
            unsafe state[].cork.refer(to: body)
            if isLent { return .sent }
            // The bytes are the caller's, until this call returns.
            flushCork(slot)
            if slot[].flags.contains(.closing) { return .closed }
            return unsafe slot[].outbound == nil ? .sent : .queued
        }
        let target = unsafe state[].cork.append(body.count)
        unsafe UnsafeMutableRawBufferPointer(start: target, count: body.count).copyMemory(from: body)
        return .sent
    }

    /// Copies a message behind the output that waits already.
    private func queue(
        _ slot: LoopOwned<ConnectionSlot>, _ head: MessageHead, _ body: UnsafeRawBufferPointer, exempt: Bool
    ) -> SendResult {
        let total = head.count + body.count
        // For both at once: a head without its body would break the stream.
        guard exempt || hasRoom(slot, total), reserveCopy(slot, total) else { return overflow(slot, total) }
        var bytes = (UInt64(0), UInt64(0))
        unsafe withUnsafeMutableBytes(of: &bytes) { memory in
            guard let start = memory.baseAddress else { return }
            unsafe head.store(to: start)
            unsafe slot[].outbound?.pointee.append(
                copying: UnsafeRawBufferPointer(rebasing: memory[..<head.count]))
        }
        unsafe slot[].outbound?.pointee.append(copying: body)
        metrics.add(exempt ? 0 : 1, to: .messagesOut)
        return didQueue(slot)
    }
}
