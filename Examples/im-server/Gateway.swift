import ExampleSupport
import Glibc
import IMProtocol
import ZCCluster
import ZCSBEServer

/// What clients say, on their loops. What has to be stored or found out goes to the ``Hub``; nothing here
/// waits.
struct Gateway: SBEMessageHandler {
    typealias Schema = IM.Schema
    typealias State = Session?
    typealias Peer = WebSocketConnection<Session?>

    /// A channel, and what its name says.
    struct Place: Sendable {
        let talk: Conversation
        let channel: ChannelName
    }

    let hub: Hub

    static func declare(_ routes: inout SBERoutes<Self>) {
        routes.on(IM.Send.self) { gateway, message, peer in gateway.send(message, &peer) }
        routes.on(IM.RecvAck.self) { gateway, message, peer in
            // On the connection's own loop, so that it is looked for at once.
            gateway.hub.retries.acknowledge(message.delivery, from: peer.id)
        }
        routes.on(IM.Follow.self) { gateway, message, peer in gateway.follow(message, peer) }
        routes.on(IM.Unfollow.self) { gateway, message, peer in
            guard let session = peer.state, let name = try? ChannelName(message.channel.text) else { return }
            gateway.hub.leave(name, session)
        }
        routes.on(IM.Read.self) { gateway, message, peer in
            guard let session = peer.state, let talk = Conversation(message.channel.text),
                talk.isHeard(by: session.login.user)
            else { return }
            gateway.hub.journal.marks(session.login.user, talk, readTo: message.next)
        }
    }

    func makeState() -> Session? { nil }

    mutating func onConnect(_ peer: inout Peer, _ upgrade: WebSocketUpgrade) {
        guard let login = upgrade.context(as: Login.self) else { return peer.close(.policyViolation) }
        peer.state = Session(login, peer.remote, loop: peer.loop.index)
        let name = hub.name
        let welcome = try? IM.bytes(of: IM.Welcome.self) { message in
            try message.data(.user, login.user).data(.node, name).finish()
        }
        if let welcome { peer.send(binary: welcome) }
        hub.figures.add(.connections)
    }

    mutating func onDisconnect(_ peer: inout Peer, _ reason: WebSocketCloseReason) {
        if let session = peer.state { hub.leaveAll(session) }
    }

    mutating func onError(_ error: GatewayError, from peer: inout Peer) {
        hub.figures.add(.faults)
    }

    private func send(_ message: borrowing SBEView<IM.Send>, _ peer: inout Peer) {
        guard let session = peer.state else { return }
        let number = message.number
        guard session.begins() else {
            return peer.close(.policyViolation, reason: "more than \(Session.underWayMax) under way")
        }
        let (login, body) = (session.login, message.body)
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        guard let place = place(message.channel.text, of: session), number > 0,
            let stored = try? IM.bytes(
                of: IM.Message.self,
                { stored in
                    stored.time = UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
                    stored.device = login.device
                    stored.number = number
                    return try stored.data(.sender, login.user).data(.body, body.bytes).finish()
                })
        else {
            session.ends()
            if let refusal = Hub.answer(number, .refused) { peer.send(binary: refusal) }
            return
        }
        hub.store(stored, in: place, number, session)
    }

    /// A channel that the user may speak in; nil for any other.
    private func place(_ channel: String, of session: Session) -> Place? {
        if let last = session.place, last.channel.description == channel { return last }
        guard let talk = Conversation(channel), talk.isSpoken(by: session.login.user),
            let name = try? ChannelName(channel)
        else { return nil }
        let place = Place(talk: talk, channel: name)
        session.place = place
        return place
    }

    private func follow(_ message: borrowing SBEView<IM.Follow>, _ peer: borrowing Peer) {
        guard let session = peer.state else { return }
        let channel = message.channel.text
        guard let talk = Conversation(channel), talk.isHeard(by: session.login.user) else {
            return session.tell(Hub.ended(channel, .refused, "expected a channel of \(session.login.user)"))
        }
        let start =
            message.next == 0
            ? nil
            : ChannelPosition(next: MessageSequence(rawValue: message.next), epoch: message.epoch)
        hub.follow(talk, from: start, isListed: message.isListed == .yes, session)
    }
}
