public import ZCNetWebSocket
public import ZCSBE

/// Why a gateway did not take a frame: what was expected, what came, and where.
///
/// ```swift
/// func onError(_ error: GatewayError, from peer: inout WebSocketPeer) {
///     log(error)      // at byte 58: Trade: expected 29 bytes, got 20
/// }
/// ```
public struct GatewayError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    @frozen
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// A number of the library's own.
        public let rawValue: UInt8

        /// The code of a number.
        @inlinable
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// A text frame, where messages are binary.
        @inlinable public static var textFrame: Code { Code(rawValue: 0) }
        /// The frame ends within a message, or is empty: it is no whole number of messages.
        @inlinable public static var incompleteMessage: Code { Code(rawValue: 1) }
        /// A header names another schema.
        @inlinable public static var otherSchema: Code { Code(rawValue: 2) }
        /// A header names a message that is not served.
        @inlinable public static var otherTemplate: Code { Code(rawValue: 3) }
        /// A message of a version that ``GatewayOptions/versions`` does not have.
        @inlinable public static var otherVersion: Code { Code(rawValue: 4) }
        /// A message contradicts its schema in another way; ``GatewayError/message`` says how.
        @inlinable public static var invalidMessage: Code { Code(rawValue: 5) }
        /// The peer broke a rule of the WebSocket protocol; the connection ends.
        @inlinable public static var webSocket: Code { Code(rawValue: 6) }

        /// The name of the code.
        public var description: String {
            let names = [
                "text frame", "incomplete message", "other schema", "other template", "other version",
                "invalid message", "WebSocket",
            ]
            return Int(rawValue) < names.count ? names[Int(rawValue)] : "code \(rawValue)"
        }
    }

    /// The kind of error.
    public let code: Code
    /// Where in the frame the message begins that is wrong.
    public private(set) var offset: Int
    /// What the codec said of the message, where it was asked.
    public let message: SBEError?
    /// What the connection is closed with, where the policy is to close.
    public let closeCode: WebSocketCloseCode
    private let text: String

    /// A message that could not be decoded.
    ///
    /// A kind of data that is not served is answered 1003 (RFC 6455 7.4.1), data that contradict their own
    /// kind 1007.
    @inline(never)
    @usableFromInline
    init(_ error: SBEError, at offset: Int) {
        switch error.code {
        case .truncated: code = .incompleteMessage
        case .otherSchema: code = .otherSchema
        case .otherTemplate: code = .otherTemplate
        default: code = .invalidMessage
        }
        self.offset = offset
        message = error
        closeCode = code == .otherSchema || code == .otherTemplate ? .unsupportedData : .invalidPayload
        text = error.description
    }

    /// A version that is not wanted.
    @inline(never)
    @usableFromInline
    init(version: Int, expected: ClosedRange<Int>, of element: StaticString, at offset: Int) {
        code = .otherVersion
        self.offset = offset
        message = nil
        closeCode = .unsupportedData
        let range = expected.count == 1 ? "\(expected.lowerBound)" : "\(expected)"
        text = "\(element): expected version \(range), got \(version)"
    }

    /// A text frame came, where messages are binary.
    @inline(never)
    @usableFromInline
    init(textOf count: Int) {
        code = .textFrame
        offset = 0
        message = nil
        closeCode = .unsupportedData
        text = "expected a binary frame, got text of \(count) bytes"
    }

    /// A template that nobody serves.
    @inline(never)
    @usableFromInline
    init(template: Int, expected: [Int], at offset: Int) {
        code = .otherTemplate
        self.offset = offset
        message = nil
        closeCode = .unsupportedData
        text = "expected one of the templates \(expected), got \(template)"
    }

    /// A rule of the protocol underneath.
    @inline(never)
    @usableFromInline
    init(_ error: WebSocketError) {
        code = .webSocket
        offset = 0
        message = nil
        closeCode = error.code
        text = error.description
    }

    /// What was expected and what came, in words.
    public var description: String {
        code == .textFrame || code == .webSocket ? text : "at byte \(offset): \(text)"
    }

    /// The same, of a message that lies further behind.
    @usableFromInline
    func moved(by distance: Int) -> GatewayError {
        var error = self
        error.offset += distance
        return error
    }

    /// Does with the connection what the policy says.
    ///
    /// A text frame closes it in any case: it is no message with a fault, but another protocol.
    @usableFromInline
    func apply<State>(
        _ policy: GatewayOptions.FaultPolicy, isText: Bool, to peer: borrowing WebSocketConnection<State>
    ) {
        if policy == .close || isText { peer.close(closeCode, reason: description) }
    }
}
