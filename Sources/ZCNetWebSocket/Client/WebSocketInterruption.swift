/// What ended a connection that was wanted, or kept it from coming about.
public enum WebSocketInterruption: Hashable, Sendable, CustomStringConvertible {
    /// It did not come about.
    case failed(WebSocketConnectError)
    /// It ended.
    case closed(WebSocketCloseReason)

    /// Whether another attempt may well go better: what ``ReconnectPolicy`` asks unless told otherwise.
    ///
    /// True for networks and servers that were down, slow, restarting or overloaded (timeouts, lost
    /// connections, the close codes 1001, 1006 and 1011 to 1014, the statuses 408, 425, 429 and 5xx); false
    /// where this side ended it, where the peer was done (1000, or no code), for an application's own codes,
    /// and for what will be refused again: a malformed request, a broken rule, a status such as 403.
    public var isTemporary: Bool {
        switch self {
        case .failed(let error): Self.isTemporary(error.cause)
        case .closed(let reason): Self.isTemporary(reason)
        }
    }

    /// The failure or the close reason.
    public var description: String {
        switch self {
        case .failed(let error): error.description
        case .closed(let reason): reason.description
        }
    }

    private static func isTemporary(_ cause: WebSocketConnectError.Cause) -> Bool {
        switch cause {
        case .unreachable(let error):
            if case .address = error.cause { false } else { true }
        case .timedOut, .closed: true
        case .refused(let refusal): [408, 425, 429, 500, 502, 503, 504].contains(refusal.head.status)
        case .request, .handshake, .stopped, .cancelled: false
        }
    }

    private static func isTemporary(_ reason: WebSocketCloseReason) -> Bool {
        switch reason.cause {
        case .local, .shutdown, .protocolError: return false
        case .io, .timeout, .overflow: return true
        case .peer:
            let codes: [WebSocketCloseCode] = [
                .goingAway, .abnormalClosure, .internalError, .serviceRestart, .tryAgainLater, .badGateway,
            ]
            return codes.contains(reason.code)
        }
    }
}
