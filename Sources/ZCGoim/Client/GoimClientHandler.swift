public import ZCNet

/// What an application does with its connections to goim servers: one value per loop and transport, called on
/// the loop's thread only.
///
/// ```swift
/// struct Reader: GoimClientHandler {
///     mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
///         print(proto.operation, proto.text)
///     }
/// }
/// ```
/// **Order.** `onOpen` once the server has let the client in, then any of the others, then `onClose` exactly
/// once. A connection that is not let in is reported to whoever asked for it, and not here.
///
/// **Ownership.** Proto and connection are lent for the callback; the compiler refuses to let them out.
///
/// **Slips.** A callback that throws, borrows its connection or has one of another state does not compile.
/// One with another name or label is a method of its own, which the compiler warns of at best where the
/// type conforms in an extension.
public protocol GoimClientHandler: _GoimClientHandlerMistakes, _GoimBorrowing, ~Copyable {
    /// What the handler keeps for each connection.
    associatedtype State = Void

    /// Makes the state of a new connection, before anything else.
    mutating func makeState() -> State

    /// The server has let the client in.
    mutating func onOpen(_ peer: inout GoimConnection<State>)

    /// A push, or an answer to a message. Batches come as the protos that are in them, in order.
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<State>)

    /// The server answered a heartbeat: so many are in the room.
    mutating func onHeartbeat(online: Int, _ peer: inout GoimConnection<State>)

    /// Output that was at its limit, or above the high watermark, has fallen to the low one.
    mutating func onWritable(_ peer: inout GoimConnection<State>)

    /// A timer that `peer.schedule(after:tag:)` armed is due.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<State>)

    /// The connection is over.
    mutating func onClose(_ peer: inout GoimConnection<State>, _ reason: GoimCloseReason)
}

extension GoimClientHandler where Self: ~Copyable {
    /// Does nothing by default.
    public mutating func onOpen(_ peer: inout GoimConnection<State>) {}
    /// Does nothing by default.
    public mutating func onHeartbeat(online: Int, _ peer: inout GoimConnection<State>) {}
    /// Does nothing by default.
    public mutating func onWritable(_ peer: inout GoimConnection<State>) {}
    /// Does nothing by default.
    public mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<State>) {}
    /// Does nothing by default.
    public mutating func onClose(_ peer: inout GoimConnection<State>, _ reason: GoimCloseReason) {}
}

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
