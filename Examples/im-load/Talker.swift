import ExampleSupport
import IMProtocol
import ZCNetWebSocket
import ZCSBEServer

/// A connection of a user: follows the group from where the user is, says what is due, and acknowledges what
/// it hears.
struct Talker: WebSocketHandler {
    typealias Peer = WebSocketConnection<Int>

    let crowd: Crowd

    func makeState() -> Int { -1 }

    mutating func onOpen(_ peer: inout Peer, _ upgrade: WebSocketUpgrade) {
        let index = upgrade.request.head.queryValue(of: "index").flatMap { Int($0) } ?? -1
        guard crowd.users.indices.contains(index) else { return peer.abort() }
        peer.state = index
        crowd.users[index].remote = peer.remote
        let user = crowd.users[index]
        // Who hears nobody may speak at once.
        guard user.isReader || crowd.options.hasReceivers else { return begin(&peer) }
        send(IM.Follow.self, peer) { message in
            message.next = user.next
            message.epoch = user.epoch
            message.isListed = .no
            return try message.data(.channel, user.channel).finish()
        }
    }

    mutating func onMessage(_ message: borrowing Message, from peer: inout Peer) {
        guard peer.state >= 0 else { return }
        let bytes = message.bytes
        guard bytes.byteCount >= 8 else { return }
        do {
            switch Int(UInt16(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: 2, as: UInt16.self))) {
            case IM.SendAck.templateID: answered(try IM.SendAck.decode(bytes), &peer)
            case IM.Following.templateID: following(try IM.Following.decode(bytes), &peer)
            case IM.Recv.templateID: try heard(bytes, &peer)
            case IM.Ended.templateID:
                let ended = try IM.Ended.decode(bytes)
                crowd.refusals.append("\(ended.channel.text) has ended: \(ended.reason.text)")
            default: break
            }
        } catch {
            crowd.refusals.append("\(error)")
        }
    }

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout Peer) { pump(&peer) }

    mutating func onClose(_ peer: inout Peer, _ reason: WebSocketCloseReason) {
        // The connection that the user has now may be a later one.
        if peer.state >= 0, crowd.users[peer.state].remote?.id == peer.id { crowd.lost(peer.state) }
    }

    // MARK: What is said

    private func send<Message: SBEMessage>(
        _ type: Message.Type, _ peer: borrowing Peer,
        _ body: (consuming SBEEncoder<Message, Message.FirstPart>) throws -> SBEWritten<Message>
    ) {
        // No text here is longer than the schema allows.
        if let bytes = try? IM.bytes(of: type, body) { peer.send(binary: bytes) }
    }

    /// Says what is due, and comes back for the next.
    private func pump(_ peer: inout Peer) {
        let user = crowd.users[peer.state]
        guard user.isLive, !user.isReader, crowd.phase <= .sending else { return }
        speak(peer)
        // Where there is no room, an answer makes some.
        let wait = crowd.phase == .sending ? crowd.users[peer.state].due - nanoseconds() : 200_000_000
        peer.schedule(after: .nanoseconds(min(max(wait, 1_000_000), 200_000_000)), tag: 1)
    }

    /// Says what is due, as far as the server lets it.
    private func speak(_ peer: borrowing Peer) {
        let index = peer.state
        guard crowd.phase == .sending else { return }
        let (now, interval) = (nanoseconds(), crowd.interval)
        if crowd.users[index].due == 0 {
            // Out of step with the others.
            crowd.users[index].due = now + interval * Int64(index) / Int64(crowd.options.users)
        }
        while crowd.users[index].due <= now, crowd.users[index].underWay.count < crowd.options.window {
            crowd.users[index].lastNumber += 1
            let said = User.UnderWay(number: crowd.users[index].lastNumber, due: crowd.users[index].due)
            crowd.users[index].underWay.append(said)
            crowd.users[index].due += interval
            say(said, peer)
        }
    }

    private func say(_ said: User.UnderWay, _ peer: borrowing Peer) {
        if let message = crowd.message(said, of: peer.state) { peer.send(binary: message) }
    }

    // MARK: What comes

    private func following(_ message: borrowing SBEView<IM.Following>, _ peer: inout Peer) {
        crowd.users[peer.state].caughtUp = message.next
        begin(&peer)
    }

    private func begin(_ peer: inout Peer) {
        let index = peer.state
        crowd.users[index].isLive = true
        // What was not acknowledged is said again, in its order and under its numbers.
        for said in crowd.users[index].underWay { say(said, peer) }
        pump(&peer)
    }

    private func answered(_ message: borrowing SBEView<IM.SendAck>, _ peer: inout Peer) {
        let (index, number) = (peer.state, message.number)
        guard let place = crowd.users[index].underWay.firstIndex(where: { $0.number == number }) else {
            return
        }
        let said = crowd.users[index].underWay.remove(at: place)
        guard message.outcome == .stored else {
            crowd.refusals.append("message \(number) of user \(index): \(message.outcome)")
            return
        }
        let key = Ledger.key(user: index, number: number)
        crowd.ledgers[crowd.users[index].group].acknowledges(key, at: message.sequence)
        crowd.users[index].newest = max(crowd.users[index].newest, number)
        if crowd.phase != .repeating { crowd.toAck.record(Int(nanoseconds() - said.due)) }
        speak(peer)
    }

    private func heard(_ bytes: RawSpan, _ peer: inout Peer) throws {
        let index = peer.state
        var position = 0
        let envelope = try IM.Recv.decode(bytes, advancing: &position)
        let message = try IM.Message.decode(bytes, advancing: &position)
        let (delivery, sequence, group) = (envelope.delivery, envelope.sequence, crowd.users[index].group)
        send(IM.RecvAck.self, peer) { answer in
            answer.delivery = delivery
            return answer.finish()
        }
        let user = Int(message.sender.text.dropFirst()) ?? -1
        crowd.ledgers[group].hears(Ledger.key(user: user, number: message.number), at: sequence)
        let next = crowd.users[index].next
        if sequence < next {
            crowd.repeats += 1
            return
        }
        if sequence > next {
            crowd.ledgers[group].skips(crowd.users[index].name, expected: next, got: sequence)
        }
        crowd.users[index].next = sequence + 1
        crowd.users[index].epoch = envelope.epoch
        if crowd.users[index].isReader || message.body.bytes.byteCount < 8 { return }
        let due = message.body.bytes.unsafeLoadUnaligned(as: Int64.self)
        crowd.toRecv.record(Int(max(0, nanoseconds() - due)))
    }
}
