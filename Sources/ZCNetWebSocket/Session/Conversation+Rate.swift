import ZCNet

/// What a peer may send: only for connections whose options set a rate.
extension Conversation {
    /// Begins to count.
    func beginRate(_ rate: ReceiveRate) {
        session[].flags.insert(.rationed)
        session[].makeExtra().allowance = ReceiveAllowance(rate, at: base.now)
    }

    /// Charges the peer for what is shown; false when that ends the conversation.
    @usableFromInline
    package func mayReceive(_ shown: Int) -> Bool {
        guard let extra = session[].extra else { return true }
        extra.allowance?.charge(
            shown: shown, received: base.slot[].received, at: base.now)
        guard extra.allowance?.isOverBytes == true, closesOnExcess, !isOver else { return true }
        failForRate("bytes")
        return false
    }

    /// Whether the next message may be looked at. If not, the peer is not read from until it may.
    @usableFromInline
    package func mayLookAtNext() -> Bool {
        guard !closesOnExcess, !isOver, session[].extra?.allowance?.hasMessage == false else { return true }
        pauseForRate()
        return false
    }

    /// Counts what was found; false when it was too much, and ends the conversation.
    @usableFromInline
    package func mayTake(_ step: FrameStep) -> Bool {
        guard step.countsAsMessage, let extra = session[].extra, !isOver else { return true }
        if closesOnExcess && extra.allowance?.hasMessage == false {
            failForRate("messages")
            return false
        }
        extra.allowance?.takeMessage()
        return true
    }

    /// All that was shown is dealt with: bytes beyond the rate are waited for.
    @usableFromInline
    package func settleBytes() {
        if session[].extra?.allowance?.isOverBytes == true && !isOver { pauseForRate() }
    }

    private var closesOnExcess: Bool { withCore { $0.options.receiveRate?.excess == .close } }

    private func pauseForRate() {
        guard let extra = session[].extra, let allowance = extra.allowance else { return }
        withCore { $0.metrics.add(1, to: .ratePauses) }
        base.cancel(allowance.timer)
        extra.allowance?.timer = base.schedule(after: allowance.wait, tag: .receiveRate)
        base.pauseForRate()
    }

    private func failForRate(_ what: String) {
        withCore { $0.metrics.add(1, to: .rateCloses) }
        let rate = withCore { $0.options.receiveRate }
        let most = (what == "bytes" ? rate?.bytesPerSecond : rate?.messagesPerSecond) ?? 0
        fail(WebSocketError(.policyViolation, expected: "at most \(most) \(what) per second", got: "more"))
    }

    /// The peer may send again, or is to be heard in any case.
    func endRatePause() { base.resumeFromRate() }
}
