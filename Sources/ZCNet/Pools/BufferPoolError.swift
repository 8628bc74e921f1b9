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
    /// The field's value.
    public let value: Int
    /// The values that would have been accepted.
    public let limits: ClosedRange<Int>

    /// The field, its value and its limits, in words.
    public var description: String {
        "\(field) is \(value), \(code): \(limits.lowerBound) to \(limits.upperBound) are accepted"
    }
}
