/// A value that lies outside of the range that the schema gives its field.
///
/// Decoding does not refuse such values, and does not change them; ``SBEValue/outOfRange`` reports them.
public struct SBERangeFault: Hashable, Sendable, CustomStringConvertible {
    /// The field by the schema's names, with the indices of entries and elements: `legs[2].share`.
    public let path: String
    /// What the schema expects: `0...100`, or `a listed value`.
    public let expected: String
    /// What came: a number, a byte of a text, or `null` in a field that is required.
    public let actual: String

    /// Describes a value outside of its range.
    public init(path: String, expected: String, actual: String) {
        self.path = path
        self.expected = expected
        self.actual = actual
    }

    /// What was expected and what came, in words.
    public var description: String { "\(path): expected \(expected), got \(actual)" }
}
