public import ZCNet
public import ZCNetWebSocket

/// Why a goim connection ended. Every open is followed by exactly one close.
public struct GoimCloseReason: Hashable, Sendable, CustomStringConvertible {
    /// Who or what ended it.
    public enum Cause: Hashable, Sendable {
        /// The peer did.
        case peer
        /// The application did.
        case local
        /// Another connection has authenticated with the same key.
        case replaced
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

    /// Names an end.
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
        case .local, .replaced, .refused: .local
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
        case .refused: .policyViolation
        case .handshakeTimeout, .heartbeatTimeout: .policyViolation
        case .protocolError: .protocolError
        case .connection(.overflow): .tryAgainLater
        case .connection(.shutdown): .goingAway
        case .connection: .internalError
        }
    }
}
