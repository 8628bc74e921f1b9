/// Why a file could not be mapped.
public struct MappedFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// A system call failed: see ``MappedFileError/system``.
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
    /// The path that was given.
    public let path: String
    /// What was expected of the file; empty where a system call failed.
    public let expected: String
    /// What it is instead; empty where a system call failed.
    public let got: String
    /// The system call that failed, if one did.
    public let system: SystemError?

    init(_ code: Code, _ path: String, expected: String, got: String) {
        self.code = code
        self.path = path
        self.expected = expected
        self.got = got
        system = nil
    }

    init(_ system: SystemError) {
        code = .system
        path = system.subject
        expected = ""
        got = ""
        self.system = system
    }

    /// The path and the reason, in words.
    public var description: String {
        system?.description ?? "map \(path): \(code), expected \(expected), got \(got)"
    }
}
