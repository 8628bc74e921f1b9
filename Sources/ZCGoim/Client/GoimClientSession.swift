public import ZCNet

/// A client's handler in the place of a server's: the adapters of both transports serve it alike.
@frozen
@usableFromInline
struct GoimClientSession<Handler: GoimClientHandler & ~Copyable>: GoimHandler, ~Copyable {
    @usableFromInline typealias State = Handler.State
    @usableFromInline var handler: Handler

    @inlinable
    init(_ handler: consuming Handler) { self.handler = handler }

    @inlinable
    mutating func makeState() -> Handler.State { handler.makeState() }

    /// What a server sends, one proto after the other. Sessions of clients are never `open`, so that
    /// everything comes here.
    @inlinable
    mutating func authenticate(
        _ request: borrowing GoimProto, from peer: inout GoimConnection<State>
    ) -> GoimVerdict { .refuse("a server does not authenticate") }

    @inlinable
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<State>) {
        switch proto.operation {
        case .authenticateReply:
            if peer.conversation.wasLetIn() { handler.onOpen(&peer) }
        case .heartbeatReply:
            let online = peer.conversation.heartbeatAnswered(proto.bytes)
            handler.onHeartbeat(online: online, &peer)
        case .raw: unpack(proto, &peer)
        default: handler.onMessage(proto, from: &peer)
        }
    }

    /// A batch over WebSocket.
    @inlinable
    mutating func unpack(_ proto: borrowing GoimProto, _ peer: inout GoimConnection<State>) {
        let decoder = GoimDecoder(peer.format, bodyBytesMax: peer.conversation.batchBytesMax)
        var position = 0
        do throws(GoimError) {
            while position < proto.body.count {
                guard let inner = try decoder.next(in: proto.body, at: &position) else {
                    let rest = proto.body.count - position
                    throw GoimError(
                        .batch, expected: "a row of whole protos", got: "\(rest) bytes of another")
                }
                if inner.operation == .raw {
                    throw GoimError(.batch, expected: "no batch within a batch", got: "one")
                }
                handler.onMessage(inner, from: &peer)
                if peer.conversation.isOver { return }
            }
        } catch {
            peer.conversation.fail(error)
        }
    }

    @inlinable
    mutating func onWritable(_ peer: inout GoimConnection<State>) { handler.onWritable(&peer) }

    @inlinable
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<State>) {
        handler.onTimer(tag, of: &peer)
    }

    @inlinable
    mutating func onClose(_ peer: inout GoimConnection<State>, _ reason: GoimCloseReason) {
        if peer.conversation.session[].flags.contains(.open) { handler.onClose(&peer, reason) }
    }
}
