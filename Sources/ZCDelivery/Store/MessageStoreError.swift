public import ZCNet

/// Why a store refused or failed: what it expected and what came.
///
/// Its description reads like `stale term: expected at least 7, got 5`.
public struct MessageStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// A batch needs at least one message, and an identity a number of at least 1.
        public static let invalidBatch = Code(description: "invalid batch")
        /// The batch is larger than the store takes at once.
        public static let tooLarge = Code(description: "batch too large")
        /// The batch is of a term that is over.
        public static let staleTerm = Code(description: "stale term")
        /// The producer has stored a later batch since.
        public static let staleBatch = Code(description: "stale batch")
        /// The batch does not continue the log where it says.
        public static let wrongPosition = Code(description: "wrong position")
        /// No such sequence number in the store.
        public static let notFound = Code(description: "not found")
        /// Batches are truncated whole.
        public static let insideBatch = Code(description: "inside a batch")
        /// No space is left, on the disk or within the store's limit. Nothing was stored.
        public static let full = Code(description: "store full")
        /// Too much waits to be stored. Nothing was stored; slow down.
        public static let overloaded = Code(description: "store overloaded")
        /// The store was closed. Nothing was stored.
        public static let closed = Code(description: "store closed")
        /// A write failed cleanly: nothing was stored, the store goes on.
        public static let io = Code(description: "input or output failed")
        /// The store cannot go on: it is not known what reached the disk. Open it again.
        public static let failed = Code(description: "store failed")
        /// What is on the disk is not what was stored.
        public static let corrupt = Code(description: "store corrupt")
        /// The files are of a version of the format that this one does not read. Nothing was touched.
        public static let unsupportedFormat = Code(description: "unsupported format")
        /// Another process has the store open.
        public static let inUse = Code(description: "store in use")
        /// A setting is out of its limits.
        public static let configuration = Code(description: "configuration")
    }

    /// The kind of error.
    public let code: Code
    /// What was expected, in words; may be empty.
    public let expected: String
    /// What came instead; may be empty.
    public let got: String
    /// The system call that failed, if one did.
    public let system: SystemError?

    /// Describes why a store refuses or fails.
    public init(_ code: Code, expected: String = "", got: String = "", system: SystemError? = nil) {
        self.code = code
        self.expected = expected
        self.got = got
        self.system = system
    }

    /// The kind, what was expected, what came, and the system's answer.
    public var description: String {
        var parts: [String] = []
        if !expected.isEmpty { parts.append("expected \(expected)") }
        if !got.isEmpty { parts.append("got \(got)") }
        if let system { parts.append("\(system)") }
        return parts.isEmpty ? "\(code)" : "\(code): " + parts.joined(separator: ", ")
    }
}

/// What a ``FileMessageStore`` found when it was opened.
public struct StoreRecovery: Hashable, Sendable {
    /// Batches that were read and checked.
    public internal(set) var batches = 0
    /// Bytes behind the last whole batch, left by a crash while they were written, and removed. Nobody was
    /// told that they were stored.
    public internal(set) var tornBytes = 0
    /// Whether the store had been closed in good order, or was new.
    public internal(set) var wasClosed = true

    init() {}
}
