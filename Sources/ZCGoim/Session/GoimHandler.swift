public import ZCNet
public import ZCNetWebSocket

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
///
/// **Slips.** A callback that throws, borrows its connection or has one of another state does not compile.
/// One with another name or label is a method of its own, which the compiler warns of at best where the
/// type conforms in an extension.
public protocol GoimHandler: _GoimHandlerMistakes, _GoimBorrowing, ~Copyable {
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
        GoimVerdict(believing: request.bytes)
    }

    /// Does nothing by default.
    public mutating func onOpen(_ peer: inout GoimConnection<State>) {}
    /// Does nothing by default.
    public mutating func onMessage(
        _ proto: borrowing GoimProto, from peer: inout GoimConnection<State>
    ) {}
    /// Drops the consumer, which closes the connection.
    public mutating func onConsumer(
        _ consumer: consuming GoimConsumer, of peer: inout GoimConnection<State>
    ) {}
    /// Everybody may go anywhere.
    public mutating func mayEnter(_ room: String?, _ peer: inout GoimConnection<State>) -> Bool { true }
    /// Does nothing by default.
    public mutating func onWritable(_ peer: inout GoimConnection<State>) {}
    /// Does nothing by default.
    public mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<State>) {}
    /// Does nothing by default.
    public mutating func onClose(_ peer: inout GoimConnection<State>, _ reason: GoimCloseReason) {}
    /// Does nothing by default.
    public mutating func onStart(_ loop: borrowing LoopContext) {}
    /// Does nothing by default.
    public mutating func onStop(_ loop: borrowing LoopContext) {}
}

/// Who a connection is, as the application decides when it authenticates.
public struct GoimIdentity: Hashable, Sendable {
    /// Who the client is.
    public var mid: Int64
    /// Names the connection; a connection that has the same key already is closed. Empty makes one up.
    public var key: String
    /// The room to begin in; nil is none.
    public var room: String?
    /// Which operations may be pushed to it, at most the options' `acceptsMax`.
    public var accepts: [GoimOperation]
    /// How often its heartbeats are expected; nil takes the options'.
    public var heartbeat: Duration?

    /// Says who the peer is.
    public init(
        mid: Int64 = 0, key: String = "", room: String? = nil, accepts: [GoimOperation] = [],
        heartbeat: Duration? = nil
    ) {
        self.mid = mid
        self.key = key
        self.room = room
        self.accepts = accepts
        self.heartbeat = heartbeat
    }

    /// Whoever a token says.
    public init(_ token: GoimToken) {
        self.init(
            mid: token.mid, key: token.key, room: token.room.isEmpty ? nil : token.room,
            accepts: token.accepts)
    }
}

/// What the application says to somebody who authenticates.
public enum GoimVerdict: Hashable, Sendable {
    /// Lets the peer in, as this identity.
    case accept(GoimIdentity)
    /// Stay out: the connection closes with this reason.
    case refuse(String)
    /// A ``GoimPromise`` will tell. The connection is not read from meanwhile, holds up nobody, and the
    /// handshake timeout goes on.
    case later

    /// Whatever token these bytes are is believed; what is none is refused.
    init(believing bytes: RawSpan) {
        do throws(GoimError) {
            self = .accept(GoimIdentity(try GoimToken(parsing: bytes)))
        } catch {
            self = .refuse(error.description)
        }
    }
}

/// Why a goim connection ended. Every open is followed by exactly one close.
public struct GoimCloseReason: Hashable, Sendable, CustomStringConvertible {
    /// Who or what ended it.
    public enum Cause: Hashable, Sendable {
        /// The peer ended the connection.
        case peer
        /// The application ended the connection.
        case local
        /// Another connection has authenticated with the same key.
        case replaced
        /// Messages of its room may have been missed, and it is to begin anew.
        case missed
        /// The application did not let it in, for this reason.
        case refused(String)
        /// It did not authenticate in time.
        case handshakeTimeout
        /// It sent no heartbeat in time.
        case heartbeatTimeout
        /// It broke a rule of goim's protocol.
        case protocolError(GoimError)
        /// Anything that happened to the connection underneath.
        case connection(CloseCause)
    }

    /// Who or what ended the connection.
    public let cause: Cause
    /// How the WebSocket conversation ended; nil on TCP.
    public let webSocket: WebSocketCloseReason?

    /// Says how it ended.
    public init(_ cause: Cause, webSocket: WebSocketCloseReason? = nil) {
        self.cause = cause
        self.webSocket = webSocket
    }

    /// What ended a TCP connection, where this side did not say.
    @usableFromInline
    init(transport cause: CloseCause) { self.init(Self.cause(cause)) }

    /// What ended a conversation, where this side did not say.
    @usableFromInline
    init(webSocket reason: WebSocketCloseReason) { self.init(Self.cause(reason.cause), webSocket: reason) }

    private static func cause(_ cause: CloseCause) -> Cause {
        switch cause {
        case .peer: .peer
        case .local: .local
        default: .connection(cause)
        }
    }

    /// A line for a log.
    public var description: String {
        switch cause {
        case .peer: "peer"
        case .local: "local"
        case .replaced: "replaced by another connection of the same key"
        case .missed: "messages may have been missed"
        case .refused(let text): "refused: \(text)"
        case .handshakeTimeout: "timeout: not authenticated in time"
        case .heartbeatTimeout: "timeout: no heartbeat in time"
        case .protocolError(let error): "protocol error: \(error)"
        case .connection(let cause): "\(cause)"
        }
    }
}

extension GoimCloseReason.Cause {
    /// The same for the connection underneath.
    var transport: CloseCause {
        switch self {
        case .peer: .peer
        case .local, .replaced, .missed, .refused: .local
        case .handshakeTimeout: .timeout(.handshake)
        case .heartbeatTimeout: .timeout(.idle)
        case .protocolError(let error): .protocolError(ProtocolRule("goim: \(error)"))
        case .connection(let cause): cause
        }
    }

    /// What a WebSocket peer is told.
    var webSocketCode: WebSocketCloseCode {
        switch self {
        case .peer, .local: .normalClosure
        case .replaced: WebSocketCloseCode(rawValue: 4001)
        case .missed: .tryAgainLater
        case .refused: .policyViolation
        case .handshakeTimeout, .heartbeatTimeout: .policyViolation
        case .protocolError: .protocolError
        case .connection(.overflow): .tryAgainLater
        case .connection(.shutdown): .goingAway
        case .connection: .internalError
        }
    }
}
