import ZCNet

/// Authentication: from a connection that has just opened to a member of its loop and its room, and out of
/// both again.
extension GoimConversation {
    /// The connection is up: it has the handshake timeout to say who it is.
    @usableFromInline
    package func begin() {
        session[].heardAt = base.now
        withCore { $0.enter(base) }
        let timeout = withCore { $0.options.handshakeTimeout }
        if session[].flags.contains(.client) {
            arm(timeout)
            return beginAsClient()
        }
        arm(min(timeout, ConnectionBase.crowdedTime))
        base.treatAsStranger()
        guard let entrance = handshakes?.enter(base), entrance != .admitted else { return }
        count(.handshakesRefused)
        if entrance == .refused { base.end(CloseReason(.timeout(.handshake)), isAbortive: true) }
    }

    /// Who counts the connection until it has authenticated.
    private var handshakes: HandshakeAdmission? {
        withCore { webSocket == nil ? $0.handshakes.stream : $0.handshakes.webSocket }
    }

    /// The connection has not authenticated yet: its time is up, or nearly, where all places are taken.
    func strangersClockStruck() {
        let left = withCore { $0.options.handshakeTimeout } - (base.now - session[].heardAt)
        if left <= .zero { return close(.handshakeTimeout) }
        let isDeciding = session[].flags.contains(.deciding)
        if !isDeciding, base.turnOutWhereFull() { return count(.handshakesRefused) }
        arm(min(left, ConnectionBase.crowdedTime))
    }

    /// Something came of a connection that has not authenticated. On WebSocket it may have left a
    /// decompressor behind.
    @usableFromInline
    func didHearStranger() {
        if webSocket != nil { base.noteHolding() }
    }

    /// The application has decided elsewhere: the handler is told by a timer that is due at once, as it can
    /// be reached only from a callback.
    func decide(_ verdict: GoimVerdict) {
        guard session[].flags.contains(.deciding), !session[].flags.contains(.over),
            let handle = session[].handle, handle.verdict == nil
        else { return }
        handle.verdict = verdict
        _ = base.schedule(after: .zero, tag: .verdict)
    }

    /// Nothing is read until the application has decided.
    @usableFromInline
    package func wait(for request: GoimHeader) {
        let handle = makeHandle()
        handle.request = request
        session[].flags.insert(.deciding)
        handshakes?.hold(id)
        base.pauseReading()
    }

    /// Lets a connection in: answers, registers its key, enters its room. False when it does not come in, or
    /// is lost with the answer.
    @usableFromInline
    package func accept(_ identity: GoimIdentity, _ request: GoimHeader) -> Bool {
        let (options, directory) = withCore { ($0.options, $0.directory) }
        let handle = makeHandle()
        if let problem = Self.problem(of: identity, options) {
            close(.refused(problem))
            return false
        }
        handle.mid = identity.mid
        handle.key = identity.key.isEmpty ? GoimCore.makeKey() : identity.key
        handle.accepts = GoimSubscriptions(identity.accepts.map(\.rawValue))
        handle.heartbeatTimeout = (identity.heartbeat ?? options.heartbeat) * options.heartbeatsMissedMax
        session[].flags.remove(.deciding)
        session[].flags.insert(.open)
        handshakes?.leave(id)
        base.treatAsKnown()
        session[].heardAt = base.now
        arm(handle.heartbeatTimeout)
        join()
        count(.authentications)
        // The answer goes ahead of anything that is pushed to the room or to the key.
        // Without it the client would wait, and be pushed to, without knowing that it is in.
        if !send(request.answering(with: .authenticateReply)).isAccepted { close(.connection(.overflow)) }
        if isOver { return false }
        if let former = directory?.register(handle) {
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
        guard let handle = session[].handle else { return }
        leaveRoom(handle)
        withCore { $0.directory?.unregister(handle) }
    }

    /// The connection is over: it is no member, in no room and behind no key any more.
    @usableFromInline
    package func ended(_ reason: GoimCloseReason) -> GoimCloseReason {
        base.cancel(session[].timer)
        session[].flags.insert(.over)
        if session[].flags.isDisjoint(with: [.open, .client]) { handshakes?.leave(id) }
        retire()
        guard let handle = session[].handle else { return reason }
        withCore { $0.opened[handle.id] = nil }
        handle.conversation = nil
        handle.transportCause = reason.cause
        if handle.ring != nil { withCore { $0.rings[handle.id] = nil } }
        handle.ring?.finish()
        handle.ring = nil
        let reason = handle.cause.map { GoimCloseReason($0, webSocket: reason.webSocket) } ?? reason
        handle.waiting?.end(reason)
        handle.waiting = nil
        return reason
    }
}
