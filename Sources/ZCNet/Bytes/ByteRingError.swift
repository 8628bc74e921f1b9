/// Why a ``ByteRing`` refused bytes. What it held is unchanged.
public struct ByteRingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// The ring would have to exceed its limit.
        public static let limitExceeded = Code(description: "limit exceeded")
        /// The system has no memory.
        public static let outOfMemory = Code(description: "out of memory")
    }

    /// The kind of error.
    public let code: Code
    /// The most bytes that the ring may hold.
    public let expected: Int
    /// How many bytes it would have to hold.
    public let got: Int

    init(_ code: Code, expected: Int, got: Int) {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// The code and the numbers, in words.
    public var description: String { "\(code): expected at most \(expected) bytes, got \(got)" }
}
