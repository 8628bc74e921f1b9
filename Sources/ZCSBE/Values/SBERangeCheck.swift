/// A value that lies outside of the range that the schema gives its field.
///
/// Decoding does not refuse such values, and does not change them; ``SBEValue/outOfRange`` reports them.
public struct SBERangeFault: Hashable, Sendable, CustomStringConvertible {
    /// The field by the schema's names, with the indices of entries and elements: `legs[2].share`.
    public let path: String
    /// What the schema expects: `0...100`, or `a listed value`.
    public let expected: String
    /// What came: a number, a byte of a text, or `null` in a field that is required.
    public let got: String

    /// Describes a value outside of its range.
    public init(path: String, expected: String, got: String) {
        self.path = path
        self.expected = expected
        self.got = got
    }

    /// What was expected and what came, in words.
    public var description: String { "\(path): expected \(expected), got \(got)" }
}

/// Collects what lies outside of its range in a value twin. Users ask ``SBEValue/outOfRange``.
struct SBERangeCheck {
    /// What was found, in the order of the schema.
    private(set) var faults: [SBERangeFault] = []
    // Composites and entries around the field, with a dot at the end.
    private var prefix = ""

    /// A number or character, or nil of one that is null or absent.
    mutating func check<Number: SBENumber>(
        _ value: Number?, _ name: StaticString, _ low: Number, _ high: Number
    ) {
        guard let value, !value._isWithin(low, high) else { return }
        note("\(name)", Number._words(low, high), value._words)
    }

    /// A text in US-ASCII, or nil of one that is absent: up to the first NUL, printable characters alone.
    mutating func text(_ value: SBEOctets?, _ name: StaticString) {
        guard let value, let other = value.bytes.first(where: { $0 < 0x20 || $0 > 0x7E }), other != 0 else {
            return
        }
        note("\(name)", "printable characters of US-ASCII", "byte \(other)")
    }

    /// An array of numbers, or nil of one that is absent. Elements that are `null` are not looked at.
    mutating func check<Number: SBENumber>(
        _ values: [Number], _ name: StaticString, _ low: Number, _ high: Number, null: Number?
    ) {
        for (index, value) in values.enumerated() where !value._isWithin(low, high) {
            if let null, value.isSBENull(null) { continue }
            note("\(name)[\(index)]", Number._words(low, high), value._words)
        }
    }

    /// An enumeration, or nil of one that is absent. Whether null is a value is the field's to say.
    mutating func check<Value: SBEEnumeration>(
        _ value: Value?, _ name: StaticString, null: Value, isOptional: Bool
    ) {
        guard let value, value.sbeName == nil else { return }
        let isNull = value.sbeBits == null.sbeBits
        if isNull && isOptional { return }
        note("\(name)", "a listed value", isNull ? "null" : "\(value.sbeBits)")
    }

    /// Goes into a composite or an entry, and answers where it came from.
    mutating func enter(_ place: String) -> String {
        let outer = prefix
        prefix += place + "."
        return outer
    }

    /// Goes back to the element that the last one lies in.
    mutating func leave(to outer: String) { prefix = outer }

    private mutating func note(_ place: String, _ expected: String, _ got: String) {
        faults.append(SBERangeFault(path: prefix + place, expected: expected, got: got))
    }
}
