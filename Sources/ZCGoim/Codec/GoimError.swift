/// What is wrong with bytes that came: what was expected, and what was there instead.
///
/// Its description is a line for a log or a close frame, such as `packLen 300 exceeds the frame's 4 body
/// bytes`.
public struct GoimError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which rule was broken. More may come.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The rule's name.
        public let rawValue: String

        /// Wraps a name.
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

    /// Which rule.
    public let code: Code
    /// What was expected and what came.
    public let description: String

    @usableFromInline
    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
