import ZCNet
import ZCNetWebSocket

/// What a session answers by itself.
extension GoimConversation {
    /// Op 2: the sender is alive, and is told how many are in its room.
    func answerHeartbeat(_ header: GoimHeader) {
        session[].heardAt = base.now
        count(.heartbeats)
        tellOnline(header)
    }

    /// Op 3, with how many are in the connection's room.
    func tellOnline(_ header: GoimHeader) {
        let online = Int32(clamping: session[].handle?.room?.online ?? 0)
        _ = online.withBytes(.bigEndian) { send(header.answering(with: .heartbeatReply), $0) }
    }

    /// Op 14 and 16: the body's operations are added or taken away, and the body is echoed; also where it is
    /// no list or too long a one, which changes nothing, as in goim.
    func changeSubscriptions(_ header: GoimHeader, _ body: RawSpan, adds: Bool) {
        let most = withCore { $0.options.acceptsMax }
        let operations = try? GoimOperationList.parse(body, countMax: most)
        if operations.map({ subscribe($0, adds: adds) }) != true { count(.requestsIgnored) }
        let reply = adds ? GoimOperation.subscribeReply : .unsubscribeReply
        // The echo is copied before the bytes are received over.
        _ = send(header.answering(with: reply), body)
    }

    /// False when that would be more than one connection may have.
    func subscribe(_ operations: [Int32], adds: Bool) -> Bool {
        guard let handle = session[].handle else { return true }
        if !adds {
            handle.accepts.remove(operations)
            return true
        }
        return handle.accepts.add(operations, countMax: withCore { $0.options.acceptsMax })
    }

    /// Whether the body of an op 12 may name a room, or none: UTF-8 of at most `nameBytesMax`.
    @usableFromInline
    func isRoomName(_ body: RawSpan) -> Bool {
        guard body.byteCount <= withCore({ $0.options.nameBytesMax }) else { return false }
        return body.validText != nil
    }

    /// The room that the body of an op 12 names; nil is none.
    @usableFromInline
    func roomName(_ body: RawSpan) -> String? {
        if body.byteCount == 0 { return nil }
        return body.text
    }

    /// Answers a request that cannot be followed with `reply` and no body, and counts it.
    @usableFromInline
    func passOver(_ header: GoimHeader, with reply: GoimOperation) {
        count(.requestsIgnored)
        _ = send(header.answering(with: reply))
    }

    /// Goes to a room, or to none. O(1).
    @usableFromInline
    func enter(_ room: String?) {
        guard let handle = session[].handle, !session[].flags.contains(.over) else { return }
        if handle.room?.name == room { return }
        leaveRoom(handle)
        guard let room, !room.isEmpty, let directory = withCore({ $0.directory }) else { return }
        let part = directory.room(
            room, on: handle.loop, figures: withCore { $0.figures }, queues: base.queues)
        part.add(self)
        handle.room = part
    }

    func leaveRoom(_ handle: GoimHandle) {
        guard let room = handle.room else { return }
        handle.room = nil
        room.remove(self)
    }
}

/// A client's side of a session.
extension GoimConversation {
    /// The connection is up: it waits for its attempt, which names it on the same loop.
    func beginAsClient() {
        let handle = makeHandle()
        withCore { $0.opened[handle.id] = handle }
    }

    /// Asks to be let in.
    func authenticate(with token: GoimMessage, for waiting: any GoimWaiting, _ handle: GoimHandle) {
        handle.waiting = waiting
        let result = send(token.header, token.body.bytes)
        // Nobody would send it again, and the server would be waited for in vain.
        if !result.isAccepted { close(.connection(.overflow)) }
    }

    /// The server has let the client in; false when it says so again.
    @usableFromInline
    func wasLetIn() -> Bool {
        guard !session[].flags.contains(.open), let handle = session[].handle else { return false }
        let options = withCore { $0.options }
        session[].flags.insert(.open)
        session[].heardAt = base.now
        handle.heartbeatTimeout = options.heartbeat * options.heartbeatsMissedMax
        arm(options.heartbeat)
        handle.waiting?.succeed(GoimRemote(handle: handle))
        handle.waiting = nil
        return true
    }

    /// The server has answered a heartbeat: how many are in the room.
    @usableFromInline
    func heartbeatAnswered(_ body: RawSpan) -> Int {
        session[].heardAt = base.now
        return Int(body.integer(as: Int32.self, at: 0, .bigEndian) ?? 0)
    }

    /// A client's clock: a heartbeat is due, or the server has not answered for too long.
    func beat() {
        guard session[].flags.contains(.open), let handle = session[].handle else {
            return close(.handshakeTimeout)
        }
        // Answers that are not read by choice are not missed.
        if base.isHeldBack { session[].heardAt = base.now }
        let silence = base.now - session[].heardAt
        if silence < handle.heartbeatTimeout {
            handle.outputMark = OutputMark()
        } else if !takesOutput(handle) {
            return close(.heartbeatTimeout)
        }
        _ = send(GoimHeader(.heartbeat))
        arm(withCore { $0.options.heartbeat })
    }

    @usableFromInline var batchBytesMax: Int { withCore { $0.options.limits.batchBytesMax } }
}

/// Timers, and how a connection ends.
extension GoimConversation {
    func arm(_ delay: Duration) {
        base.cancel(session[].timer)
        session[].timer = base.schedule(after: delay, tag: .heartbeat)
    }

    /// The handshake's or the heartbeat's time is up, unless something was heard meanwhile.
    @usableFromInline
    package func clockStruck() {
        session[].timer = .none
        if session[].flags.contains(.over) { return }
        if session[].flags.contains(.client) { return beat() }
        guard session[].flags.contains(.open), let handle = session[].handle else {
            return strangersClockStruck()
        }
        if base.isHeldBack {
            // Heartbeats that are not read by choice are not missed.
            session[].heardAt = base.now
        }
        let heard = session[].heardAt
        let left = handle.heartbeatTimeout - (base.now - heard)
        if left > .zero {
            handle.outputMark = OutputMark()
            return arm(left)
        }
        if takesOutput(handle) { return arm(handle.heartbeatTimeout / 4) }
        close(.heartbeatTimeout)
    }

    /// Whether blocked output keeps heartbeats from being read, and the peer is at work on it: it has taken
    /// some since the last look, or this is the first.
    func takesOutput(_ handle: GoimHandle) -> Bool {
        guard base.isPressed else {
            handle.outputMark = OutputMark()
            return false
        }
        return handle.outputMark.hasMoved(base.outputProgress) ?? true
    }

    /// Ends the connection in good order.
    @usableFromInline
    package func close(_ cause: GoimCloseReason.Cause) {
        close(cause, saying: cause.webSocketCode, "\(GoimCloseReason(cause))")
    }

    /// The same, with a code and a text of the caller's own for a peer over WebSocket.
    func close(
        _ cause: GoimCloseReason.Cause, saying code: WebSocketCloseCode, _ text: @autoclosure () -> String
    ) {
        if session[].flags.contains(.over) { return }
        session[].flags.insert(.over)
        let handle = makeHandle()
        handle.cause = cause
        // Not only when the connection is over: a peer that does not end its side must not be counted online,
        // nor keep waiting whoever wanted to be let in.
        retire()
        handle.waiting?.end(GoimCloseReason(cause))
        handle.waiting = nil
        switch cause {
        case .protocolError: count(.protocolErrors)
        case .refused: count(.refused)
        case .handshakeTimeout, .heartbeatTimeout: count(.timeouts)
        default: break
        }
        if let webSocket {
            return webSocket.close(code, text(), cause: cause.transport)
        }
        base.end(CloseReason(cause.transport), isAbortive: false)
    }

    /// Ends the connection for a rule that its peer broke.
    @usableFromInline
    package func fail(_ error: GoimError) { close(.protocolError(error)) }
}
