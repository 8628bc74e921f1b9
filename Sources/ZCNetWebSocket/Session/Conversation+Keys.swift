import ZCNet

/// Messages that a newer one of the same key may replace before they leave.
///
/// Only whole frames are replaced, and only while no byte of them has left. A message that may be replaced is
/// never part of a compression context that is taken over: what the peer is not sent would be missing from
/// its window (RFC 7692 7.2.3.2). So such a message is compressed only where each stands by itself, and sent
/// as it is, which RFC 7692 6 allows for any message, where contexts are taken over.
extension Conversation {
    /// Sends a whole message, in the place of a waiting one of the same key where the policy is `conflate`.
    @usableFromInline
    package func send(isText: Bool, _ bytes: RawSpan, key: UInt64) -> SendResult {
        precondition(key != 0, "key 0 means none")
        guard base.queuesByKey else { return send(isText: isText, bytes) }
        if isOver { return .closed }
        let opcode: UInt8 = isText ? 1 : 2
        #if Deflate
        if let extra = session[].extra, extra.deflate?.sendsAlone == true {
            return withCore { core in
                guard core.compress(bytes, for: extra) else {
                    return queue(first: FrameHead.final | opcode, bytes, key: key)
                }
                let first = FrameHead.final | FrameHead.compressed | opcode
                let result = queue(first: first, core.compressedBytes, key: key)
                if result.isAccepted { core.metrics.add(1, to: .compressedOut) }
                return result
            }
        }
        #endif
        return queue(first: FrameHead.final | opcode, bytes, key: key)
    }

    /// Sends a message that was encoded once for many, likewise.
    @usableFromInline
    package func send(_ prepared: PreparedMessage, key: UInt64) -> SendResult {
        precondition(key != 0, "key 0 means none")
        guard base.queuesByKey else { return send(prepared) }
        if isOver { return .closed }
        if session[].flags.contains(.client) {
            return prepared.withPayload { send(isText: prepared.isText, $0, key: key) }
        }
        return queue(replaceableFrame(of: prepared), key: key)
    }

    /// The frame of a prepared message as a server sends it where a newer one may take its place.
    func replaceableFrame(of prepared: PreparedMessage) -> SharedBytes {
        #if Deflate
        if session[].extra?.deflate?.sendsAlone == true { return frame(of: prepared) }
        #endif
        return prepared.frame
    }

    private func queue(first: UInt8, _ payload: RawSpan, key: UInt64) -> SendResult {
        if session[].flags.contains(.client) {
            return withCore { core in
                let mask = core.nextMaskingKey()
                guard core.mask(payload, key: mask) else { return refuse(payload.byteCount) }
                return queue(FrameHead.frame(first: first, core.maskedBytes, key: mask), key: key)
            }
        }
        return queue(FrameHead.frame(first: first, payload), key: key)
    }

    /// Queues a frame that stands by itself; key 0 means none.
    func queue(_ frame: SharedBytes, key: UInt64) -> SendResult {
        let result = base.send(frame, key: key)
        if result.isAccepted { base.countSentMessage() }
        return result
    }
}
