import ZCNet

extension Conversation {
    /// Whether this side has closed or given up: messages that still come are dropped.
    @inlinable
    package var isOver: Bool { !session[].flags.isDisjoint(with: [.closeSent, .failed]) }

    /// Whether nobody but `onClose` is to be called any more: as ``isOver``, or because the connection
    /// underneath is on its way out.
    @inlinable @inline(__always)
    package var isEnding: Bool { isOver || !base.takesAnswers }

    /// Counts messages that came, many at a time.
    @usableFromInline
    package func countReceived(_ messages: Int) {
        if messages > 0 { base.countReceived(messages: messages) }
    }

    /// The peer's address as its connection has it.
    @usableFromInline
    package var remoteAddress: SocketAddress { base.slot[].peer.socketAddress }

    /// Gives back the memory of a gathered message that was delivered.
    @usableFromInline
    package func releaseGathered(_ step: FrameStep) {
        if step.isGathered { session[].extra?.releaseMessage() }
    }

    /// The loop's memory is short, and this connection holds much of it: lets go of what it holds, and says
    /// why. No message of it is being lent.
    func shed() {
        session[].extra?.releaseMessage()
        #if Deflate
        if let extra = session[].extra { withCore { $0.endCompression(extra) } }
        #endif
        fail(.memoryIsShort("the message in progress"))
    }

    /// Ends the connection for the rule that the session found broken.
    @usableFromInline
    package func failFromSession() {
        guard let error = session[].extra?.error else { return }
        fail(error)
    }

    /// The connection is over: its timers and memberships go, and the application is told why.
    @usableFromInline
    package func ended(_ reason: CloseReason) -> WebSocketCloseReason {
        base.cancel(session[].keepalive, tag: .keepalive)
        if let extra = session[].extra {
            base.cancel(extra.messageTimer)
            if let allowance = extra.allowance { base.cancel(allowance.timer) }
        }
        if let extra = session[].extra {
            extra.endMemberships(base.slot[].id)
            for forget in extra.keepers.values { forget() }
            extra.keepers = [:]
        }
        #if Deflate
        if let extra = session[].extra { withCore { $0.endCompression(extra) } }
        #endif
        let result = closeReason(reason)
        withCore { core in
            core.metrics.recordClose(result.code)
            core.conversationEnded(base.slot[].id)
        }
        return result
    }

    /// Whoever keeps the connection's name is told of its end, so that what it keeps is bounded by the
    /// connections that there are: on the loop, before `onClose`. Once for each keeper, however often it
    /// asks.
    ///
    /// - Precondition: the connection is not over.
    package func keep(by keeper: AnyObject, _ forget: @escaping () -> Void) {
        precondition(base.takesAnswers, "nobody would be told of an end that has come")
        session[].makeExtra().keepers[ObjectIdentifier(keeper)] = forget
    }

    /// The handler has been told; now whoever else waits for the end.
    @usableFromInline
    package func tellEnd(_ reason: WebSocketCloseReason) { session[].extra?.onEnd?(reason) }

    private func closeReason(_ reason: CloseReason) -> WebSocketCloseReason {
        let flags = session[].flags
        let extra = session[].extra
        if flags.contains(.failed), let error = extra?.error {
            return WebSocketCloseReason(
                code: error.code, text: error.description, cause: error.cause, isClean: false)
        }
        if flags.contains(.closeReceived) {
            var text = extra?.closeText ?? ""
            // RFC 6455 5.5.1: a peer that agrees typically says the code back, and seldom the text.
            if let extra, text.isEmpty, extra.closeCode == extra.sentCode { text = extra.sentText }
            return WebSocketCloseReason(
                code: extra?.closeCode ?? .noStatusReceived, text: text, cause: extra?.cause ?? .peer,
                isClean: flags.contains(.closeSent))
        }
        return WebSocketCloseReason(code: .abnormalClosure, cause: reason.cause, isClean: false)
    }
}
