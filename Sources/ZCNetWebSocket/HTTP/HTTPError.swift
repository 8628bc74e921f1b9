/// Why the head of a request or response was refused: what was expected, what came, and the status that says
/// so.
///
/// Its description reads like `expected LF behind CR, got 'a'`. What came is quoted shortly and escaped, so
/// it may go to a log or into a response.
public struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a server answers with, such as 400 or 431. For a response that a client refuses it is 502: what a
    /// gateway would tell its own client.
    public let status: Int
    /// What was expected, with the section of the RFC where one helps.
    public let expected: String
    /// What came in its place.
    public let got: String

    /// Describes a broken rule.
    public init(_ status: Int, expected: String, got: String) {
        self.status = status
        self.expected = expected
        self.got = got
    }

    /// What was expected and what came.
    public var description: String { "expected \(expected), got \(got)" }
}
