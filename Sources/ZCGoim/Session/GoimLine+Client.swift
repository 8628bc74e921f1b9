import ZCNet

/// A client's side of a session.
extension GoimLine {
    /// The connection is up: it waits for its attempt, which names it on the same loop.
    func beginAsClient() {
        let link = makeLink()
        withCore { $0.opened[link.id] = link }
    }

    /// Asks to be let in.
    func authenticate(with token: GoimMessage, for waiting: any GoimWaiting, _ link: GoimLink) {
        link.waiting = waiting
        let result = send(token.header, token.body.bytes)
        // Nobody would send it again, and the server would be waited for in vain.
        if !result.isAccepted { close(.connection(.overflow)) }
    }

    /// The server has let the client in; false when it says so again.
    @usableFromInline
    func wasLetIn() -> Bool {
        guard !session[].flags.contains(.open), let link = session[].link else { return false }
        let options = withCore { $0.options }
        session[].flags.insert(.open)
        session[].heardAt = base.now
        link.heartbeatTimeout = options.heartbeat * options.heartbeatsMissedMax
        arm(options.heartbeat)
        link.waiting?.succeed(GoimRemote(link: link))
        link.waiting = nil
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
        guard session[].flags.contains(.open), let link = session[].link else {
            return close(.handshakeTimeout)
        }
        let silence = base.now - session[].heardAt
        if silence < link.heartbeatTimeout {
            link.acknowledged = nil
        } else if !takesOutput(link) {
            return close(.heartbeatTimeout)
        }
        _ = send(GoimHeader(.heartbeat))
        arm(withCore { $0.options.heartbeat })
    }

    @usableFromInline var batchBytesMax: Int { withCore { $0.options.limits.batchBytesMax } }
}
