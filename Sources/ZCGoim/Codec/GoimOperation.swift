import ZCNet

/// What a proto is for: the `op` field of its header.
///
/// The named ones are goim's own; every other number is the application's.
/// ```swift
/// let quote = GoimOperation(rawValue: 1000)
/// ```
@frozen
public struct GoimOperation: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: Int32

    /// An operation by its number, known or not.
    @inlinable
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// 2: a client is alive. Answered with ``heartbeatReply``.
    @inlinable public static var heartbeat: GoimOperation { GoimOperation(rawValue: 2) }
    /// 3: the answer to a heartbeat, with the number of people online in the room.
    @inlinable public static var heartbeatReply: GoimOperation { GoimOperation(rawValue: 3) }
    /// 4: a message for the application. The answer has the same operation and no body.
    @inlinable public static var sendMessage: GoimOperation { GoimOperation(rawValue: 4) }
    /// 5: goim's name for an answer to ``sendMessage``, which its comet does not use.
    @inlinable public static var sendMessageReply: GoimOperation { GoimOperation(rawValue: 5) }
    /// 7: who a client is. Comes first, and once.
    @inlinable public static var authenticate: GoimOperation { GoimOperation(rawValue: 7) }
    /// 8: the client is let in.
    @inlinable public static var authenticateReply: GoimOperation { GoimOperation(rawValue: 8) }
    /// 9: the body is one or more whole protos.
    @inlinable public static var raw: GoimOperation { GoimOperation(rawValue: 9) }
    /// 12: go to the room that the body names, or to none.
    @inlinable public static var changeRoom: GoimOperation { GoimOperation(rawValue: 12) }
    /// 13: the answer, with the same body.
    @inlinable public static var changeRoomReply: GoimOperation { GoimOperation(rawValue: 13) }
    /// 14: also send operations such as `1000,1001`.
    @inlinable public static var subscribe: GoimOperation { GoimOperation(rawValue: 14) }
    /// 15: the answer, with the same body.
    @inlinable public static var subscribeReply: GoimOperation { GoimOperation(rawValue: 15) }
    /// 16: no longer send operations such as `1000,1001`.
    @inlinable public static var unsubscribe: GoimOperation { GoimOperation(rawValue: 16) }
    /// 17: the answer, with the same body.
    @inlinable public static var unsubscribeReply: GoimOperation { GoimOperation(rawValue: 17) }

    /// Whether the session answers by itself instead of asking the application.
    @inlinable @inline(__always)
    package var isReserved: Bool {
        UInt32(bitPattern: rawValue) <= 17 && 0b11_1111_0001_1000_1100 >> rawValue & 1 == 1
    }

    /// The operation's number in digits.
    public var description: String { "\(rawValue)" }
}

/// The body of a subscription: operations such as `1000,1001`.
package enum GoimOperationList {
    /// Reads a list. Blanks around numbers are allowed; an empty body is an empty list.
    ///
    /// - Throws: ``GoimError`` for anything but 32-bit numbers, and for more than `countMax` of them.
    package static func parse(_ bytes: RawSpan, countMax: Int) throws(GoimError) -> [Int32] {
        let text = bytes.text
        var operations: [Int32] = []
        for part in text.split(separator: ",") {
            let digits = part.drop { $0 == " " }
            let end = digits.lastIndex { $0 != " " }.map(digits.index(after:)) ?? digits.endIndex
            guard let number = Int32(digits[..<end]) else {
                throw GoimError(.body, expected: "operations such as 1000,1001", got: "'\(part.prefix(32))'")
            }
            guard operations.count < countMax else {
                throw GoimError(.body, expected: "at most \(countMax) operations", got: "more")
            }
            operations.append(number)
        }
        return operations
    }
}

/// How large protos may be.
public struct GoimLimits: Hashable, Sendable {
    /// The longest body. 4096 is goim's own limit, so that every goim client can be answered.
    public var bodyBytesMax = 4096
    /// The longest body of a raw batch (op 9): what a client takes from a server. 256 KiB hold 60 protos of
    /// the greatest size; servers merge 20.
    public var batchBytesMax = 256 << 10

    /// Limits with the defaults of each setting.
    public init() {}

    /// Checks that both limits are possible.
    public func validate(_ name: String = "limits") throws(ConfigurationError) {
        try ConfigurationError.check("\(name).bodyBytesMax", bodyBytesMax, in: 4...1 << 24)
        try ConfigurationError.check("\(name).batchBytesMax", batchBytesMax, in: bodyBytesMax...1 << 28)
    }
}

/// What is wrong with bytes that came: what was expected, and what was there instead.
///
/// Its description is a line for a log or a close frame, such as `expected a packLen of 20, as long as the
/// frame, got 300`.
public struct GoimError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which rule was broken. More may come.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// What the rule is called.
        public let rawValue: String

        /// A code with this name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A packLen below the header's length or above the limit.
        public static let packLength = Code(rawValue: "packLength")
        /// A headerLen that is none of the formats that are spoken.
        public static let headerLength = Code(rawValue: "headerLength")
        /// A WebSocket message that is not exactly one proto.
        public static let frame = Code(rawValue: "frame")
        /// The body of a raw batch that is not a row of whole protos.
        public static let batch = Code(rawValue: "batch")
        /// A body that is not what its operation needs.
        public static let body = Code(rawValue: "body")
    }

    /// Which rule was broken.
    public let code: Code
    /// What would have been right.
    public let expected: String
    /// What came in its place.
    public let got: String

    @usableFromInline
    init(_ code: Code, expected: String, got: String) {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// What was expected and what came.
    public var description: String { "expected \(expected), got \(got)" }
}
