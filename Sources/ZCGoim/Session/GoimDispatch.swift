public import ZCNet

/// From a proto to a handler: the same for both transports.
extension GoimHandler where Self: ~Copyable {
    /// Hands a proto on. The common way is inlined into the application; everything else is called.
    @inlinable @inline(__always)
    mutating func take(
        _ header: GoimHeader, _ body: borrowing ReceivedChunk, _ peer: inout GoimConnection<State>
    ) {
        let state = peer.line.session[].flags.intersection([.open, .over, .ringed])
        guard state == .open, !header.operation.isReserved else { return takeRare(header, body, &peer) }
        peer.line.session[].flags.remove(.replied)
        onMessage(GoimProto(header, body: body.extracting(0..<body.count)), from: &peer)
        peer.line.acknowledge(header)
    }

    /// Everything but messages on the loop.
    @inlinable @inline(never)
    mutating func takeRare(
        _ header: GoimHeader, _ body: borrowing ReceivedChunk, _ peer: inout GoimConnection<State>
    ) {
        let line = peer.line
        if line.session[].flags.contains(.over) { return }
        if line.session[].flags.contains(.client) {
            return onMessage(GoimProto(header, body: body.extracting(0..<body.count)), from: &peer)
        }
        guard line.session[].flags.contains(.open) else {
            line.didHearStranger()
            // Before it has authenticated, nothing else of a client is heard.
            if header.operation != .authenticate { return }
            let verdict = authenticate(
                GoimProto(header, body: body.extracting(0..<body.count)), from: &peer)
            return settle(verdict, header, &peer)
        }
        switch header.operation {
        case .changeRoom: changeRoom(header, body.bytes, &peer)
        default:
            if line.takeReserved(header, body.bytes) { return }
            line.putIntoRing(header, body)
        }
    }

    /// Says what the application has decided about a client.
    @inlinable @inline(never)
    mutating func settle(
        _ verdict: GoimVerdict, _ request: GoimHeader, _ peer: inout GoimConnection<State>
    ) {
        // Whoever closes the connection and lets it in has closed it.
        if peer.line.isOver { return }
        switch verdict {
        case .later: peer.line.wait(for: request)
        case .refuse(let reason): peer.line.close(.refused(reason))
        case .accept(let identity):
            guard peer.line.accept(identity, request) else { return }
            if let consumer = peer.line.makeRing() { onConsumer(consumer, of: &peer) }
            if !peer.line.isOver { onOpen(&peer) }
        }
    }

    @inlinable
    mutating func changeRoom(
        _ header: GoimHeader, _ body: RawSpan, _ peer: inout GoimConnection<State>
    ) {
        guard peer.line.isRoomName(body) else { return peer.line.passOver(header, with: .changeRoomReply) }
        let room = peer.line.roomName(body)
        guard mayEnter(room, &peer) else {
            peer.send(header.answering(with: .changeRoomReply))
            return
        }
        if peer.line.isOver { return }
        // Answered first: what is pushed to the new room comes behind the answer.
        peer.send(header.answering(with: .changeRoomReply), body)
        peer.line.enter(room)
    }

    /// A timer of the library or of the application.
    @inlinable
    mutating func timerFired(_ tag: ConnectionTimerTag, _ peer: inout GoimConnection<State>) {
        if tag.rawValue < ConnectionTimerTag.sessionBegin { return onTimer(tag, of: &peer) }
        if tag == .heartbeat { return peer.line.clockStruck() }
        guard let (verdict, request) = peer.line.takeVerdict() else { return }
        settle(verdict, request, &peer)
    }
}

extension GoimLine {
    /// What the session answers by itself; false for what is a message.
    @usableFromInline
    func takeReserved(_ header: GoimHeader, _ body: RawSpan) -> Bool {
        switch header.operation {
        case .heartbeat: answerHeartbeat(header)
        case .subscribe: changeSubscriptions(header, body, adds: true)
        case .unsubscribe: changeSubscriptions(header, body, adds: false)
        // A client's "answer" to a heartbeat is answered as if it were one, but is no sign of life.
        case .heartbeatReply: tellOnline(header)
        // Answers are a server's, and a client authenticates once: goim answers as it does any message.
        case let operation where operation.isReserved:
            session[].flags.remove(.replied)
            acknowledge(header)
        default: return false
        }
        return true
    }

    /// What was decided elsewhere; nil when the connection is on its way out.
    @usableFromInline
    func takeVerdict() -> (GoimVerdict, GoimHeader)? {
        guard let link = session[].link, let verdict = link.verdict else { return nil }
        link.verdict = nil
        if session[].flags.contains(.over) { return nil }
        base.resumeReading()
        return (verdict, link.request)
    }
}
