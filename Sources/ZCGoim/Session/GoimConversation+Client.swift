import ZCNet

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
