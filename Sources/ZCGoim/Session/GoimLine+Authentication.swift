import ZCNet

/// From a connection to a member.
extension GoimLine {
    /// The connection is up: it has the handshake timeout to say who it is.
    @usableFromInline
    package func begin() {
        session[].heardAt = base.withHost { $0.now }
        base.withHost { host in withCore { $0.enter(host) } }
        let timeout = withCore { $0.options.handshakeTimeout }
        if session[].flags.contains(.client) {
            arm(timeout)
            return beginAsClient()
        }
        arm(min(timeout, ConnectionHost.crowdedTime))
        base.withHost { $0.treatAsStranger(base.slot) }
        guard let entrance = handshakes?.enter(base), entrance != .admitted else { return }
        count(.handshakesRefused)
        if entrance == .refused {
            base.withHost { $0.end(base.slot, CloseReason(.timeout(.handshake)), isAbortive: true) }
        }
    }

    /// Who counts the connection until it has authenticated.
    private var handshakes: HandshakeAdmission? {
        withCore { conversation == nil ? $0.handshakes.stream : $0.handshakes.webSocket }
    }

    /// The connection has not authenticated yet: its time is up, or nearly, where all places are taken.
    func strangersClockStruck() {
        let heard = session[].heardAt
        let timeout = withCore { $0.options.handshakeTimeout }
        let left = base.withHost { timeout - ($0.now - heard) }
        if left <= .zero { return close(.handshakeTimeout) }
        let isDeciding = session[].flags.contains(.deciding)
        if !isDeciding, base.withHost({ $0.turnOutWhereFull(base.slot) }) { return count(.handshakesRefused) }
        arm(min(left, ConnectionHost.crowdedTime))
    }

    /// Something came of a connection that has not authenticated. On WebSocket it may have left a
    /// decompressor behind.
    @usableFromInline
    func didHearStranger() {
        if conversation != nil { base.withHost { $0.noteHolding(base.slot) } }
    }

    /// The application has decided elsewhere: the handler is told by a timer that is due at once, as it can
    /// be reached only from a callback.
    func decide(_ verdict: GoimVerdict) {
        guard session[].flags.contains(.deciding), !session[].flags.contains(.over),
            let link = session[].link, link.verdict == nil
        else { return }
        link.verdict = verdict
        base.withHost { _ = $0.schedule(base.slot, after: .zero, tag: Self.verdictTag) }
    }

    /// Nothing is read until the application has decided.
    @usableFromInline
    package func wait(for request: GoimHeader) {
        let link = makeLink()
        link.request = request
        session[].flags.insert(.deciding)
        handshakes?.hold(id)
        base.withHost { $0.pauseReading(base.slot) }
    }

    /// Lets a connection in: answers, registers its key, enters its room. False when it does not come in, or
    /// is lost with the answer.
    @usableFromInline
    package func accept(_ identity: GoimIdentity, _ request: GoimHeader) -> Bool {
        let (options, hub) = withCore { ($0.options, $0.hub) }
        let link = makeLink()
        if let problem = Self.problem(of: identity, options) {
            close(.refused(problem))
            return false
        }
        link.mid = identity.mid
        link.key = identity.key.isEmpty ? GoimCore.makeKey() : identity.key
        link.accepts = GoimSubscriptions(identity.accepts.map(\.rawValue))
        link.heartbeatTimeout = (identity.heartbeat ?? options.heartbeat) * options.heartbeatsMissedMax
        session[].flags.remove(.deciding)
        session[].flags.insert(.open)
        handshakes?.leave(id)
        base.withHost { $0.treatAsKnown(base.slot) }
        session[].heardAt = base.withHost { $0.now }
        arm(link.heartbeatTimeout)
        join()
        count(.authentications)
        // The answer goes ahead of anything that is pushed to the room or to the key.
        // Without it the client would wait, and be pushed to, without knowing that it is in.
        if !send(request.answering(with: .authenticateReply)).isAccepted { close(.connection(.overflow)) }
        if isOver { return false }
        if let former = hub?.register(link) {
            count(.replaced)
            former.perform(isControl: true) { $0.close(.replaced) }
        }
        enter(identity.room)
        return true
    }

    private static func problem(of identity: GoimIdentity, _ options: GoimOptions) -> String? {
        let names = [identity.key, identity.room ?? ""]
        if let long = names.first(where: { $0.utf8.count > options.nameBytesMax }) {
            return "expected names of at most \(options.nameBytesMax) bytes, got \(long.utf8.count)"
        }
        if identity.accepts.count > options.acceptsMax {
            return "expected at most \(options.acceptsMax) operations, got \(identity.accepts.count)"
        }
        return nil
    }

    /// One of its loop's members from now on.
    private func join() {
        withCore { core in
            session[].memberPlace = Int32(core.members.add(self))
            core.figures.set(.members, to: core.members.all.count)
        }
    }

    private func part() {
        let place = Int(session[].memberPlace)
        if place < 0 { return }
        session[].memberPlace = -1
        withCore { core in
            core.members.remove(at: place)?.session[].memberPlace = Int32(place)
            core.figures.set(.members, to: core.members.all.count)
        }
    }

    /// Nobody finds the connection any more: not its loop, its room, or whoever has its key.
    func retire() {
        part()
        guard let link = session[].link else { return }
        leaveRoom(link)
        withCore { $0.hub?.unregister(link) }
    }

    /// The connection is over: it is no member, in no room and behind no key any more.
    @usableFromInline
    package func ended(_ reason: GoimCloseReason) -> GoimCloseReason {
        base.withHost { $0.cancel(session[].timer) }
        session[].flags.insert(.over)
        if session[].flags.isDisjoint(with: [.open, .client]) { handshakes?.leave(id) }
        retire()
        guard let link = session[].link else { return reason }
        withCore { $0.opened[link.id] = nil }
        link.line = nil
        if link.ring != nil { withCore { $0.rings[link.id] = nil } }
        link.ring?.finish()
        link.ring = nil
        let reason = link.cause.map { GoimCloseReason($0, webSocket: reason.webSocket) } ?? reason
        link.attempt?.fail(.closed(reason))
        link.attempt = nil
        return reason
    }
}
