public import ZCNet

/// What an application does with its goim connections: one value per loop and transport, called on the loop's
/// thread only.
///
/// ```swift
/// struct Lobby: GoimHandler {
///     mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
///         guard let room = peer.room else { return }
///         peer.hub?.push(GoimMessage(retaining: proto), toRoom: room)
///     }
/// }
/// try GoimServer(tcp: "127.0.0.1:3101", webSocket: "127.0.0.1:3102") { Lobby() }.run()
/// ```
/// Structs, classes and noncopyable structs conform alike; none needs a lock or `Sendable`.
///
/// **Order.** `authenticate` comes first, then `onOpen` once the client is in, then any of the others, then
/// `onClose` exactly once for every connection, whether it came in or not. Callbacks never nest. Behind a
/// handler's `close` or `refuse` nothing but `onClose` comes, whatever verdict it returns.
///
/// **Ownership.** Proto and connection are lent for the callback; the compiler refuses to let them out.
public protocol GoimHandler: ~Copyable {
    /// What the handler keeps for each connection.
    associatedtype State = Void

    /// Makes the state of a new connection, before anything else.
    mutating func makeState() -> State

    /// Somebody says who they are (op 7). The default reads a ``GoimToken`` and believes it.
    mutating func authenticate(
        _ request: borrowing GoimProto, from peer: inout GoimConnection<State>
    ) -> GoimVerdict

    /// The client is in: it has a key, its answer is on its way.
    mutating func onOpen(_ peer: inout GoimConnection<State>)

    /// A message came: op 4, or one of the application's own. Unless the handler answers or withholds it, an
    /// empty answer of the same operation follows.
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<State>)

    /// With `GoimOptions.Mode.consumer`: where this connection's messages come out. To be moved to whichever
    /// thread takes them; dropping it closes the connection.
    mutating func onConsumer(
        _ consumer: consuming GoimConsumer, of peer: inout GoimConnection<State>)

    /// A client asks for another room, or for none (op 12). False leaves it where it is, with an answer
    /// without a body.
    mutating func mayEnter(_ room: String?, _ peer: inout GoimConnection<State>) -> Bool

    /// Output that was at its limit, or above the high watermark, has fallen to the low one.
    mutating func onWritable(_ peer: inout GoimConnection<State>)

    /// A timer that `peer.schedule(after:tag:)` armed is due.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<State>)

    /// The connection is over. What is sent now is answered `closed`; key and state are still there.
    mutating func onClose(_ peer: inout GoimConnection<State>, _ reason: GoimCloseReason)

    /// The loop is up and serves this handler; the first call it gets.
    mutating func onStart(_ loop: borrowing LoopContext)

    /// The loop ends; the last call the handler gets.
    mutating func onStop(_ loop: borrowing LoopContext)
}

extension GoimHandler where Self: ~Copyable {
    /// Believes whatever token the client sends; refuses what is none.
    public mutating func authenticate(
        _ request: borrowing GoimProto, from peer: inout GoimConnection<State>
    ) -> GoimVerdict {
        do throws(GoimError) {
            return .accept(GoimIdentity(try GoimToken(parsing: request.bytes)))
        } catch {
            return .refuse(error.description)
        }
    }

    /// Does nothing.
    public mutating func onOpen(_ peer: inout GoimConnection<State>) {}
    /// Does nothing.
    public mutating func onMessage(
        _ proto: borrowing GoimProto, from peer: inout GoimConnection<State>
    ) {}
    /// Drops the consumer, which closes the connection.
    public mutating func onConsumer(
        _ consumer: consuming GoimConsumer, of peer: inout GoimConnection<State>
    ) {}
    /// Everybody may go anywhere.
    public mutating func mayEnter(_ room: String?, _ peer: inout GoimConnection<State>) -> Bool { true }
    /// Does nothing.
    public mutating func onWritable(_ peer: inout GoimConnection<State>) {}
    /// Does nothing.
    public mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<State>) {}
    /// Does nothing.
    public mutating func onClose(_ peer: inout GoimConnection<State>, _ reason: GoimCloseReason) {}
    /// Does nothing.
    public mutating func onStart(_ loop: borrowing LoopContext) {}
    /// Does nothing.
    public mutating func onStop(_ loop: borrowing LoopContext) {}
}

extension GoimHandler where Self: ~Copyable, State == Void {
    /// Nothing to make.
    public mutating func makeState() {}
}
