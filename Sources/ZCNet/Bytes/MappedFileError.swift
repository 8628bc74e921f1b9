/// Why a file could not be mapped.
public struct MappedFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// A system call failed: see ``MappedFileError/operation`` and ``MappedFileError/errno``.
        public static let system = Code(description: "system error")
        /// A regular file is expected, not a directory, a device or a pipe.
        public static let notARegularFile = Code(description: "not a regular file")
        /// At least one byte is expected: nothing cannot be mapped.
        public static let empty = Code(description: "nothing to map")
        /// The range does not lie within the file.
        public static let rangeOutsideOfFile = Code(description: "the range exceeds the file")
    }

    /// The kind of error.
    public let code: Code
    /// The system call, such as `open`, or the check that failed.
    public let operation: String
    /// The system's error number; 0 when no system call failed.
    public let errno: Int32
    /// The path that was given.
    public let path: String
    /// How many bytes the file has; nil when it is not known.
    public let fileBytes: Int?

    /// The operation, the path and the reason, in words.
    public var description: String {
        "\(operation) \(path): \(code)" + (errno == 0 ? "" : " (errno \(errno))")
            + (fileBytes.map { ", the file has \($0) bytes" } ?? "")
    }
}
