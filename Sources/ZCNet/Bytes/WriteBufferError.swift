/// Why a ``WriteBuffer`` refused to write. What it held is unchanged.
public struct WriteBufferError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// The buffer would have to exceed its limit.
        public static let limitExceeded = Code(description: "limit exceeded")
        /// A patch lies outside of what was written.
        public static let outOfBounds = Code(description: "out of bounds")
        /// The memory of the loop that the buffer belongs to is taken.
        public static let overBudget = Code(description: "over the loop's budget")
        /// The system has no memory.
        public static let outOfMemory = Code(description: "out of memory")
    }

    /// The kind of error.
    public let code: Code
    /// The most bytes that the buffer may hold; for ``Code/outOfBounds`` how many it holds.
    public let expected: Int
    /// How many bytes it would have to hold.
    public let got: Int

    @usableFromInline
    init(_ code: Code, expected: Int, got: Int) {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// The code and the numbers, in words.
    public var description: String { "\(code): expected at most \(expected) bytes, got \(got)" }
}
