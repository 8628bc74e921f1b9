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
    /// How many bytes the ring would have to hold.
    public let needed: Int
    /// How many it may hold.
    public let limit: Int

    init(_ code: Code, needed: Int, limit: Int) {
        self.code = code
        self.needed = needed
        self.limit = limit
    }

    /// The code and the numbers, in words.
    public var description: String { "\(code): \(needed) bytes needed, \(limit) possible" }
}
