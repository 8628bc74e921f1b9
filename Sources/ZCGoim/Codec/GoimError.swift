/// What is wrong with bytes that came: what was expected, and what was there instead.
///
/// Its description is a line for a log or a close frame, such as `expected a packLen of 20, as long as the
/// frame, got 300`.
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
    /// What was expected.
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
