/// Why a buffer pool could not be made.
public struct BufferPoolError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// A field is outside its limits.
        public static let outOfLimits = Code(description: "out of limits")
        /// A buffer size is not a multiple of 64, so that buffers would share cache lines.
        public static let notAMultipleOf64 = Code(description: "not a multiple of 64")
        /// The system has no memory for the buffers that were to be made in advance.
        public static let outOfMemory = Code(description: "out of memory")
    }

    /// The kind of error.
    public let code: Code
    /// The field of the configuration, such as `classes[2].bufferBytes`.
    public let field: String
    /// What would have been accepted.
    public let expected: String
    /// What was given, or could be had.
    public let got: String

    init(_ code: Code, field: String, expected: String, got: String) {
        self.code = code
        self.field = field
        self.expected = expected
        self.got = got
    }

    /// The field, what would have been accepted and what was given.
    public var description: String { "\(field): expected \(expected), got \(got)" }
}
