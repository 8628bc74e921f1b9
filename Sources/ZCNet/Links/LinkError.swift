/// Why a link could not do what its task asked. A task that was cancelled gets a `CancellationError` instead.
///
/// Its description reads like `expected room within 5.0 seconds, got none`.
public struct LinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure. More may be added: compare, and do not `switch` without a `default`.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// A number that stays the same from release to release.
        public let rawValue: Int

        /// The code of a number, also of one that this release does not name.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// What was waited for did not come in time.
        public static let timedOut = Code(rawValue: 1)
        /// The link is closing or closed: nothing more is accepted for sending.
        public static let closed = Code(rawValue: 2)
        /// The connection was lost before the peer had said its last.
        public static let lost = Code(rawValue: 3)
        /// The message is larger than all output that may wait.
        public static let tooLarge = Code(rawValue: 4)
    }

    /// What kind of failure it is.
    public let code: Code
    /// What would have been right.
    public let expected: String
    /// What came in its place.
    public let got: String

    /// Names a failure, in the words of its description.
    public init(_ code: Code, expected: String, got: String) {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// What was expected, and what came.
    public var description: String { "expected \(expected), got \(got)" }

    /// Nothing more can be sent.
    package static func closed(_ why: String) -> LinkError {
        LinkError(.closed, expected: "an open link to send on", got: why)
    }
}

/// Whether a synchronous body wants the next message, or the loop over messages to end.
@frozen
public enum LinkStep: Hashable, Sendable {
    /// The next message, please.
    case next
    /// Enough: what follows stays unread, for whoever receives next.
    case stop
}
