/// Collects what lies outside of its range in a value twin. Generated code calls it; users ask
/// ``SBEValue/outOfRange``.
public struct SBERangeCheck: Sendable {
    /// What was found, in the order of the schema.
    public private(set) var faults: [SBERangeFault] = []
    // Composites and entries around the field, with a dot at the end.
    private var prefix = ""

    /// Found nothing yet.
    public init() {}

    /// A number, or nil of one that is null or absent.
    public mutating func check<Number: SBEPrimitive & Comparable>(
        _ value: Number?, _ name: StaticString, _ low: Number, _ high: Number
    ) {
        // So written that a NaN is outside of every range.
        guard let value, !(value >= low && value <= high) else { return }
        note("\(name)", "\(low)...\(high)", "\(value)")
    }

    /// A character, or nil of one that is null or absent.
    public mutating func check(_ value: SBEChar?, _ name: StaticString, _ low: SBEChar, _ high: SBEChar) {
        guard let value, value.byte < low.byte || value.byte > high.byte else { return }
        note("\(name)", "a character of \(low.byte)...\(high.byte)", "\(value.byte)")
    }

    /// A text in US-ASCII, or nil of one that is absent: up to the first NUL, printable characters alone.
    public mutating func text(_ value: SBEOctets?, _ name: StaticString) {
        guard let value, let other = value.bytes.first(where: { $0 < 0x20 || $0 > 0x7E }), other != 0 else {
            return
        }
        note("\(name)", "printable characters of US-ASCII", "byte \(other)")
    }

    /// An array of numbers, or nil of one that is absent. Elements that are `null` are not looked at.
    public mutating func check<Number: SBEPrimitive & Comparable>(
        _ values: [Number]?, _ name: StaticString, _ low: Number, _ high: Number, null: Number? = nil
    ) {
        for (index, value) in (values ?? []).enumerated() where !(value >= low && value <= high) {
            if let null, value.isSBENull(null) { continue }
            note("\(name)[\(index)]", "\(low)...\(high)", "\(value)")
        }
    }

    /// An enumeration, or nil of one that is absent. Whether null is a value is the field's to say.
    public mutating func check<Value: SBEEnumeration>(
        _ value: Value?, _ name: StaticString, null: Value, isOptional: Bool
    ) {
        guard let value, value.sbeName == nil else { return }
        let isNull = value.sbeBits == null.sbeBits
        if isNull && isOptional { return }
        note("\(name)", "a listed value", isNull ? "null" : "\(value.sbeBits)")
    }

    /// A composite, or nil of one that is absent. One that is null has no members to look at.
    public mutating func composite<Value: SBEValue>(
        _ value: Value?, _ name: StaticString, isNull: (Value) -> Bool = { _ in false }
    ) {
        guard let value, !isNull(value) else { return }
        inside("\(name)", value)
    }

    /// The entries of a group.
    public mutating func group<Entry: SBEValue>(_ entries: [Entry], _ name: StaticString) {
        for (index, entry) in entries.enumerated() { inside("\(name)[\(index)]", entry) }
    }

    private mutating func inside<Value: SBEValue>(_ place: String, _ value: Value) {
        let outer = prefix
        prefix += place + "."
        value.checkRanges(&self)
        prefix = outer
    }

    private mutating func note(_ place: String, _ expected: String, _ actual: String) {
        faults.append(SBERangeFault(path: prefix + place, expected: expected, actual: actual))
    }
}
