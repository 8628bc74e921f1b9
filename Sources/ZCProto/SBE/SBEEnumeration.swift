/// A generated enumeration: its listed values, `null`, and `unknown` with the number that came.
///
/// ```swift
/// switch car.code {
/// case .a, .b, .c: …
/// case .null: …                    // the schema's null value
/// case .unknown(let raw): …        // of a newer schema, or nonsense
/// }
/// ```
public protocol SBEEnumeration: SBEPrimitive, Hashable, CustomStringConvertible {
    /// The name in the schema; nil of null and of unknown values.
    var sbeName: StaticString? { get }
}

extension SBEEnumeration {
    /// The name in the schema, or the number of a value that has none.
    public var description: String { sbeName.map(\.description) ?? "\(sbeBits)" }
}
