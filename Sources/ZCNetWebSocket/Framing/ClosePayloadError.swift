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

    /// The rule.
    package var expected: String {
        switch self {
        case .halfACode: "RFC 6455 5.5.1: a close frame carries nothing, or at least the 2 bytes of a code"
        case .unsendableCode: "RFC 6455 7.4: a close code is 1000...1003, 1007...1014 or 3000...4999"
        case .reasonNotUTF8: "RFC 6455 5.5.1: a close reason is UTF-8"
        case .tooLong: "RFC 6455 5.5: control frames carry at most 125 bytes"
        }
    }

    /// What came.
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
