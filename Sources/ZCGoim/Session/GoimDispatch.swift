public import ZCNet

/// From a proto to a handler: the same for both transports.
extension GoimHandler where Self: ~Copyable {
    /// Hands a proto on. The common way is inlined into the application; everything else is called.
    @inlinable @inline(__always)
    mutating func take(
        _ header: GoimHeader, _ body: borrowing ReceivedChunk, _ peer: inout GoimConnection<State>
    ) {
        let state = peer.conversation.session[].flags.intersection([.open, .over, .ringed])
        guard state == .open, !header.operation.isReserved else { return takeRare(header, body, &peer) }
        peer.conversation.session[].flags.remove(.replied)
        onMessage(GoimProto(header, body: body.extracting(0..<body.count)), from: &peer)
        peer.conversation.acknowledge(header)
    }

    /// Everything but messages on the loop.
    @inlinable @inline(never)
    mutating func takeRare(
        _ header: GoimHeader, _ body: borrowing ReceivedChunk, _ peer: inout GoimConnection<State>
    ) {
        let conversation = peer.conversation
        if conversation.session[].flags.contains(.over) { return }
        if conversation.session[].flags.contains(.client) {
            return onMessage(GoimProto(header, body: body.extracting(0..<body.count)), from: &peer)
        }
        guard conversation.session[].flags.contains(.open) else {
            conversation.didHearStranger()
            // Before it has authenticated, nothing else of a client is heard.
            if header.operation != .authenticate { return }
            let verdict = authenticate(
                GoimProto(header, body: body.extracting(0..<body.count)), from: &peer)
            return settle(verdict, header, &peer)
        }
        switch header.operation {
        case .changeRoom: changeRoom(header, body.bytes, &peer)
        default:
            if conversation.takeReserved(header, body.bytes) { return }
            conversation.putIntoRing(header, body)
        }
    }

    /// Says what the application has decided about a client.
    @inlinable @inline(never)
    mutating func settle(
        _ verdict: GoimVerdict, _ request: GoimHeader, _ peer: inout GoimConnection<State>
    ) {
        // Whoever closes the connection and lets it in has closed it.
        if peer.conversation.isOver { return }
        switch verdict {
        case .later: peer.conversation.wait(for: request)
        case .refuse(let reason): peer.conversation.close(.refused(reason))
        case .accept(let identity):
            guard peer.conversation.accept(identity, request) else { return }
            if let consumer = peer.conversation.makeRing() { onConsumer(consumer, of: &peer) }
            if !peer.conversation.isOver { onOpen(&peer) }
        }
    }

    @inlinable
    mutating func changeRoom(
        _ header: GoimHeader, _ body: RawSpan, _ peer: inout GoimConnection<State>
    ) {
        guard peer.conversation.isRoomName(body) else {
            return peer.conversation.passOver(header, with: .changeRoomReply)
        }
        let room = peer.conversation.roomName(body)
        guard mayEnter(room, &peer) else {
            peer.send(header.answering(with: .changeRoomReply))
            return
        }
        if peer.conversation.isOver { return }
        // Answered first: what is pushed to the new room comes behind the answer.
        peer.send(header.answering(with: .changeRoomReply), body)
        peer.conversation.enter(room)
    }

    /// A timer of the library or of the application.
    @inlinable
    mutating func timerFired(_ tag: ConnectionTimerTag, _ peer: inout GoimConnection<State>) {
        if tag.rawValue < ConnectionTimerTag.sessionBegin || tag == .sessionLink {
            return onTimer(tag, of: &peer)
        }
        if tag == .heartbeat { return peer.conversation.clockStruck() }
        guard let (verdict, request) = peer.conversation.takeVerdict() else { return }
        settle(verdict, request, &peer)
    }
}

extension GoimConversation {
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
        guard let handle = session[].handle, let verdict = handle.verdict else { return nil }
        handle.verdict = nil
        if session[].flags.contains(.over) { return nil }
        base.resumeReading()
        return (verdict, handle.request)
    }
}
