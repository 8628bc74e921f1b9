/// Why a message could not be compressed or decompressed.
package struct DeflateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        package let description: String

        /// The peer sent what no compressor sends, or referred to more than the agreed window.
        package static let invalidData = Code(description: "invalid compressed data")
        /// The message ends within a block.
        package static let truncated = Code(description: "truncated compressed data")
        /// The message, decompressed, exceeds its limit.
        package static let messageTooBig = Code(description: "message too big")
        /// The output exceeds its buffer's limit.
        package static let outputFull = Code(description: "output full")
        /// The loop's bound on compression memory, or the system, refused memory.
        package static let outOfMemory = Code(description: "out of memory for compression")
        /// An earlier error left the context of no use until it is reset.
        package static let contextLost = Code(description: "compression context lost")
        /// The parameters are outside of what zlib can do.
        package static let unsupported = Code(description: "unsupported compression parameters")
    }

    /// The kind of error.
    package let code: Code
    /// What was expected.
    package let expected: String
    /// What came, or there was, in its place.
    package let got: String

    package init(_ code: Code, expected: String, got: String) {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// The code, what was expected and what came.
    package var description: String { "\(code): expected \(expected), got \(got)" }
}
