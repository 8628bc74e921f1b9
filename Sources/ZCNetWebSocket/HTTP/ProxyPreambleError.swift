/// Why the bytes in front of a connection are no PROXY protocol header: what was expected and what came.
public struct ProxyPreambleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected.
    public let expected: String
    /// What came in its place.
    public let got: String

    /// What was expected and what came.
    public var description: String { "PROXY preamble: expected \(expected), got \(got)" }
}
