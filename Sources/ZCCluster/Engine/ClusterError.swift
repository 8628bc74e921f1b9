/// Why something of a cluster was refused or failed: what was expected, and what came.
///
/// Its description is a line for a log, such as `name taken: expected a name of its own, got "node-a"`.
public struct ClusterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// Something newer is there than the caller knows. Nothing happened.
        public static let conflict = Code(description: "conflict")
        /// No answer came: it may have happened, or may happen yet. With the same identity it can be asked
        /// for again.
        public static let unknown = Code(description: "outcome unknown")
        /// The engine cannot be reached, or too much waits for it. Nothing happened.
        public static let unavailable = Code(description: "unavailable")
        /// More than the engine or a limit takes at once. Nothing happened.
        public static let tooLarge = Code(description: "too large")
        /// No room is left, in the engine or within a limit. Nothing happened.
        public static let full = Code(description: "full")
        /// The publisher's number lies too far back to say what became of it. If it was stored, then once.
        public static let stale = Code(description: "stale number")
        /// Another node leads the channel, or none does yet. Nothing happened.
        public static let notLeader = Code(description: "not the leader")
        /// Another process has the node's name.
        public static let nameTaken = Code(description: "name taken")
        /// What is in the log is not what was stored there.
        public static let corrupt = Code(description: "log corrupt")
        /// Records are missing that the engine had acknowledged.
        public static let recordsLost = Code(description: "records lost")
        /// The log has lost what the caller has had, and others have its numbers: what came in between cannot
        /// be known.
        public static let otherHistory = Code(description: "another history")
        /// No such message in the channel.
        public static let notFound = Code(description: "not found")
        /// What was asked for breaks a rule. Nothing happened.
        public static let invalid = Code(description: "invalid")
        /// The node or the engine has ended. Nothing happened.
        public static let closed = Code(description: "closed")
        /// The engine refuses for a reason of its own, which waiting does not mend.
        public static let engine = Code(description: "engine")
    }

    /// The kind of error.
    public let code: Code
    /// What would have been right; may be empty.
    public let expected: String
    /// What came in its place; may be empty.
    public let got: String

    /// Describes why a cluster refuses or fails.
    public init(_ code: Code, expected: String = "", got: String = "") {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// The kind, what was expected and what came.
    public var description: String {
        var parts: [String] = []
        if !expected.isEmpty { parts.append("expected \(expected)") }
        if !got.isEmpty { parts.append("got \(got)") }
        return parts.isEmpty ? "\(code)" : "\(code): " + parts.joined(separator: ", ")
    }

    /// Whether the same is worth asking for again, with the same identity.
    public var isTemporary: Bool { [.unknown, .unavailable, .notLeader].contains(code) }
}
