/// Why a request or response head was refused: the status that says so, what was expected and what came.
public struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The status that a server answers with.
    public let status: Int
    /// What was expected and what came.
    public let description: String

    /// Names a broken rule.
    public init(_ status: Int, _ description: String) {
        self.status = status
        self.description = description
    }
}
