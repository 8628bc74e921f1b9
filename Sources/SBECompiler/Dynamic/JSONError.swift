/// Why a text is no JSON.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    package let line: Int
    package let expected: String
    package let came: String

    /// What was expected and what came.
    package var description: String { "line \(line): expected \(expected), got \(came)" }
}
