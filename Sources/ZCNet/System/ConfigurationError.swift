/// A setting outside its limits: which one, what was given and what is allowed.
///
/// Its description reads like `limits.outboundBytesMax: expected 1024...1073741824, got 12`.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting, as a path of property names.
    public let field: String
    /// What is allowed.
    public let expected: String
    /// What was given.
    public let got: String

    /// Describes a setting that is out of bounds.
    public init(field: String, expected: String, got: String) {
        self.field = field
        self.expected = expected
        self.got = got
    }

    /// The setting, what is allowed and what was given.
    public var description: String { "\(field): expected \(expected), got \(got)" }

    /// Throws unless `value` is nil or within `range`.
    package static func check<Value: Comparable>(
        _ field: String, _ value: Value?, in range: ClosedRange<Value>
    ) throws(ConfigurationError) {
        guard let value, !range.contains(value) else { return }
        throw ConfigurationError(
            field: field, expected: "\(range.lowerBound)...\(range.upperBound)", got: "\(value)")
    }
}
