/// A set of choices, one bit each. A set has no null; bits without a choice are ignored on reading.
package struct SetLayout: Hashable, Sendable {
    package var name: TypeName
    /// `uint8` to `uint64`.
    package var primitive: PrimitiveType
    /// In the order of the schema; names and bits are unique.
    package var choices: [ChoiceLayout]
    /// The version of the schema that added the type; that of the encoding type does not count.
    package var sinceVersion: Int
    package var annotations: Annotations
    /// The package of the set of types, where the schema gives one of its own.
    package var package: String?
    /// Octets on the wire.
    package var size: Int { primitive.size }
}
