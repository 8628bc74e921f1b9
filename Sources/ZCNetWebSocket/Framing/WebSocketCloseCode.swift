/// Why a WebSocket connection was closed, as a number that both sides know (RFC 6455 7.4).
///
/// ```swift
/// peer.close(.goingAway, reason: "restarting")
/// peer.close(WebSocketCloseCode(rawValue: 4001), reason: "logged in elsewhere")
/// ```
/// The named codes are those of the IANA registry. Libraries and frameworks register 3000 to 3999;
/// 4000 to 4999 are an application's own.
@frozen
public struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt16

    /// Any number; ``isSendable`` tells whether a close frame may carry it.
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// 1000: the connection served its purpose.
    public static let normalClosure = WebSocketCloseCode(rawValue: 1000)
    /// 1001: the server shuts down, or the browser leaves the page.
    public static let goingAway = WebSocketCloseCode(rawValue: 1001)
    /// 1002: the other side broke a rule of the protocol.
    public static let protocolError = WebSocketCloseCode(rawValue: 1002)
    /// 1003: a kind of data that is not accepted, such as binary where only text is understood.
    public static let unsupportedData = WebSocketCloseCode(rawValue: 1003)
    /// 1005: the close frame carried no code. Never in a frame.
    public static let noStatusReceived = WebSocketCloseCode(rawValue: 1005)
    /// 1006: the connection ended without a close frame. Never in a frame.
    public static let abnormalClosure = WebSocketCloseCode(rawValue: 1006)
    /// 1007: data that contradicts its type, such as text that is not UTF-8.
    public static let invalidPayload = WebSocketCloseCode(rawValue: 1007)
    /// 1008: a message that breaks the receiver's policy; for when no other code fits.
    public static let policyViolation = WebSocketCloseCode(rawValue: 1008)
    /// 1009: a message larger than the receiver takes.
    public static let messageTooBig = WebSocketCloseCode(rawValue: 1009)
    /// 1010: the client needed an extension that the server did not agree to.
    public static let mandatoryExtension = WebSocketCloseCode(rawValue: 1010)
    /// 1011: something unexpected kept the sender from going on.
    public static let internalError = WebSocketCloseCode(rawValue: 1011)
    /// 1012: the service restarts; a client may come again, after 5 to 30 seconds.
    public static let serviceRestart = WebSocketCloseCode(rawValue: 1012)
    /// 1013: the service is overloaded; a client should come again later, or elsewhere.
    public static let tryAgainLater = WebSocketCloseCode(rawValue: 1013)
    /// 1014: a gateway got an invalid answer from the server behind it.
    public static let badGateway = WebSocketCloseCode(rawValue: 1014)
    /// 1015: the TLS handshake failed. Never in a frame.
    public static let tlsHandshake = WebSocketCloseCode(rawValue: 1015)

    /// Whether a close frame may carry the code, which is the same in both directions.
    ///
    /// RFC 6455 7.4: below 1000 nothing is defined; 1004 to 1006 and 1015 stand for what is never in a frame;
    /// 1016 to 2999 wait for the protocol's own future; 3000 to 4999 are anyone's. Above that there are none.
    public var isSendable: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// The number and, where it has one, the name: `1001 going away`.
    public var description: String {
        guard let name else { return "\(rawValue)" }
        return "\(rawValue) \(name)"
    }

    private var name: String? {
        switch rawValue {
        case 1000: "normal closure"
        case 1001: "going away"
        case 1002: "protocol error"
        case 1003: "unsupported data"
        case 1004: "reserved"
        case 1005: "no status received"
        case 1006: "abnormal closure"
        case 1007: "invalid payload"
        case 1008: "policy violation"
        case 1009: "message too big"
        case 1010: "mandatory extension"
        case 1011: "internal error"
        case 1012: "service restart"
        case 1013: "try again later"
        case 1014: "bad gateway"
        case 1015: "TLS handshake"
        default: nil
        }
    }
}
