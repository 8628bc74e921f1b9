import ZCNet

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
