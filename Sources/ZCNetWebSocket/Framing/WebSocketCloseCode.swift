import ZCNet

/// Why a WebSocket connection was closed, as a number that both sides know (RFC 6455 7.4).
///
/// ```swift
/// peer.close(.goingAway, reason: "restarting")
/// peer.close(4001, reason: "logged in elsewhere")
/// ```
/// The named codes are those of the IANA registry. Libraries and frameworks register 3000 to 3999;
/// 4000 to 4999 are an application's own.
@frozen
public struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The code as it stands on the wire.
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

extension WebSocketCloseCode: ExpressibleByIntegerLiteral {
    /// A code written as a number, as an application's own are: `peer.close(4001)`.
    @inlinable
    public init(integerLiteral value: UInt16) { self.init(rawValue: value) }
}

/// A rule of the protocol that a peer broke: what was expected, what came, and the close code that says so.
@frozen
public struct WebSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the connection is closed with.
    public let code: WebSocketCloseCode
    /// The rule, such as `RFC 6455 5.5: control frames of at most 125 bytes`.
    public let expected: String
    /// What came instead, such as `300`.
    public let got: String

    /// Names a broken rule.
    public init(_ code: WebSocketCloseCode, expected: String, got: String) {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// The rule and what came instead. As short as can be: a close frame has room for 123 bytes.
    public var description: String { "\(expected), got \(got)" }

    /// The loop's memory does not allow for something: no fault of the peer's, who may try again later.
    static func memoryIsShort(_ what: String) -> WebSocketError {
        WebSocketError(.tryAgainLater, expected: "room for \(what)", got: "none, as memory is short")
    }
}

/// What a close frame carries (RFC 6455 5.5.1): nothing, or a code in two bytes and a reason in UTF-8.
///
/// Pure: reads the caller's bytes and keeps none of them; the reason is a copy. At most once per connection
/// and direction, so it may allocate.
package struct ClosePayload: Equatable {
    /// The code; nil when the frame is empty, which is reported as ``WebSocketCloseCode/noStatusReceived``.
    package let code: WebSocketCloseCode?
    /// The reason, for people to read; often empty.
    package let reason: String

    /// The longest reason: control frames carry 125 bytes (RFC 6455 5.5), of which the code takes two.
    package static let reasonBytesMax = 123

    package init(code: WebSocketCloseCode?, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// Reads the unmasked payload of a close frame.
    package static func parse(_ bytes: RawSpan) -> Result<ClosePayload, ClosePayloadError> {
        guard bytes.byteCount > 0 else { return .success(ClosePayload(code: nil, reason: "")) }
        guard let number = bytes.integer(as: UInt16.self, at: 0, .bigEndian) else {
            return .failure(.halfACode)
        }
        guard bytes.byteCount <= reasonBytesMax + 2 else { return .failure(.tooLong(bytes.byteCount)) }
        let code = WebSocketCloseCode(rawValue: number)
        guard code.isSendable else { return .failure(.unsendableCode(code.rawValue)) }
        let reason = bytes.extracting(2..<bytes.byteCount)
        var validator = UTF8Validator()
        let validBytes = validator.validPrefix(of: reason)
        guard validBytes == reason.byteCount, validator.isComplete else {
            return .failure(.reasonNotUTF8(validBytes))
        }
        return .success(ClosePayload(code: code, reason: reason.text))
    }

    /// The payload of a close frame: empty without a code, and then the reason is left out too, for it has no
    /// place without one. A reason longer than ``reasonBytesMax`` is cut before the first character (Unicode
    /// scalar) that does not fit.
    ///
    /// - Precondition: ``WebSocketCloseCode/isSendable``.
    package static func encode(code: WebSocketCloseCode?, reason: String) -> [UInt8] {
        guard let code else { return [] }
        precondition(code.isSendable, "\(code) may not be sent in a close frame")
        var payload: [UInt8] = [UInt8(code.rawValue >> 8), UInt8(truncatingIfNeeded: code.rawValue)]
        let head = Array(reason.utf8.prefix(reasonBytesMax + 1))
        var kept = min(head.count, reasonBytesMax)
        if head.count > reasonBytesMax {
            // The cut falls before head[kept]. If that is a continuation, its character goes too: three steps
            // at most.
            while kept > 0, head[kept] & 0xC0 == 0x80 { kept -= 1 }
        }
        payload.append(contentsOf: head[..<kept])
        return payload
    }
}

/// What is wrong with the payload of a close frame.
package enum ClosePayloadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One byte, where there are none or at least the code's two (RFC 6455 5.5.1).
    case halfACode
    /// A code that is never in a frame (RFC 6455 7.4).
    case unsendableCode(UInt16)
    /// A reason that is not UTF-8 (RFC 6455 5.5.1), wrong after this many bytes; all of them when it ends
    /// inside a character.
    case reasonNotUTF8(Int)
    /// More bytes than a control frame has (RFC 6455 5.5).
    case tooLong(Int)

    /// What the connection is failed with (RFC 6455 7.1.7).
    package var closeCode: WebSocketCloseCode {
        switch self {
        case .halfACode, .unsendableCode, .tooLong: .protocolError
        case .reasonNotUTF8: .invalidPayload
        }
    }

    /// The rule that the payload breaks.
    package var expected: String {
        switch self {
        case .halfACode: "RFC 6455 5.5.1: a close frame carries nothing, or at least the 2 bytes of a code"
        case .unsendableCode: "RFC 6455 7.4: a close code is 1000...1003, 1007...1014 or 3000...4999"
        case .reasonNotUTF8: "RFC 6455 5.5.1: a close reason is UTF-8"
        case .tooLong: "RFC 6455 5.5: control frames carry at most 125 bytes"
        }
    }

    /// What came in its place.
    package var got: String {
        switch self {
        case .halfACode: "1 byte"
        case .unsendableCode(let code): "\(code)"
        case .reasonNotUTF8(let offset): "bytes that are not after \(offset) that are"
        case .tooLong(let count): "\(count)"
        }
    }

    /// What the connection is failed with.
    package var error: WebSocketError { WebSocketError(closeCode, expected: expected, got: got) }

    /// The rule and what came.
    package var description: String { error.description }
}
